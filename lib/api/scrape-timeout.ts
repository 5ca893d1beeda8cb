/** How long a scrape may take: what Prometheus says, less what the answer needs to come back. */
import type { Refused } from "./problem.ts";

/** Without the header nobody is waiting with a watch. */
const UNSAID_SECONDS = 120;

/** What the way back is given. */
const OFFSET_SECONDS = 0.5;

/** In milliseconds; a header that is no number is the exporter's 500. */
export function timeoutOf(
  header: string | undefined,
  { timeoutMs }: { readonly timeoutMs: number },
): number | Refused {
  const said = header === undefined || header === "" ? 0 : Number(header);
  if (!/^\s*$|^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(header ?? "") || !Number.isFinite(said)) {
    const detail = "Failed to parse timeout from Prometheus header";
    return {
      problem: { status: 500, code: "request.invalid", title: "Bad scrape timeout", detail },
    };
  }
  const mostMs = ((said === 0 ? UNSAID_SECONDS : said) - OFFSET_SECONDS) * 1000;
  const isShorter = timeoutMs > 0 && timeoutMs < mostMs;
  return Math.min(isShorter || mostMs < 0 ? timeoutMs : mostMs, UNSAID_SECONDS * 1000);
}
