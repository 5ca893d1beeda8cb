import * as z from "zod";

const MOST_WAIT_MS = 190_000;

/** `30s`, `2m` or seconds, as milliseconds; anything else is an issue. */
export function readDuration(text: string, context: z.RefinementCtx<string>): number {
  const [, digits, unit] = /^(\d{1,3})(s|m)?$/.exec(text) ?? [];
  const ms = Number(digits) * (unit === "m" ? 60_000 : 1000);
  if (ms <= MOST_WAIT_MS) return ms;
  context.addIssue({ code: "custom", message: "30s, 2m or seconds are needed, at most 190s" });
  return z.NEVER;
}
