/** What the last answer of an HTTP scrape counts as, and whether the module is content with it. */
import type { Pattern } from "../../protocols/pattern.ts";
import type { Fetched } from "../../stages/fetch.ts";
import type { Answered, HttpManner } from "./http.ts";
import { unmet, type Scrape, type Unmet } from "./recipe.ts";

export interface Demands {
  /** Empty: any from 200 to 299. */
  readonly statuses: readonly number[];
  /** As the exporter writes them, `HTTP/1.1`; empty for any. */
  readonly versions: readonly string[];
  readonly ifSsl: boolean;
  readonly ifNotSsl: boolean;
  readonly bodyMatches: readonly Pattern[];
  readonly bodyNotMatches: readonly Pattern[];
  readonly headerMatches: readonly HeaderDemand[];
  readonly headerNotMatches: readonly HeaderDemand[];
}

export interface HeaderDemand {
  readonly header: string;
  readonly pattern: Pattern;
  readonly allowMissing: boolean;
}

/** Counts everything, whatever is found wrong first. */
export function judge(last: Answered, manner: HttpManner, scrape: Scrape): Unmet | undefined {
  const { fetched } = last;
  const { gauges, say } = scrape;
  const { demands } = manner;
  const { status = 0 } = fetched;
  count(last, manner, gauges);
  say(`answered ${status} ${fetched.statusText ?? ""}`.trim());
  const wrong = wrongStatus(status, demands) ?? wrongText(fetched, demands, gauges);
  return wrong ?? wrongBody(last, manner) ?? wrongVersion(fetched, demands);
}

/** What an answer counts as, also one that broke off. */
export function count(
  { fetched, onward, hop }: Answered,
  { mostBytes }: HttpManner,
  gauges: Scrape["gauges"],
): void {
  const { status = 0 } = fetched;
  gauges.set("probe_http_status_code", status);
  gauges.set("probe_http_content_length", contentLength(fetched, hop.method));
  gauges.set("probe_http_version", Number(fetched.version));
  // Of a redirect that is not followed the body is of no account.
  const length = onward === undefined ? Math.min(fetched.content.length, mostBytes) : 0;
  gauges.set("probe_http_uncompressed_body_length", length);
  const modified = httpDate(String(fetched.headers?.["last-modified"] ?? ""));
  if (modified !== undefined) gauges.set("probe_http_last_modified_timestamp_seconds", modified);
}

function wrongStatus(status: number, { statuses }: Demands): Unmet | undefined {
  const fits = statuses.length > 0 ? statuses.includes(status) : status >= 200 && status < 300;
  if (fits) return undefined;
  const wanted = statuses.length > 0 ? statuses.join(", ") : "2xx";
  return unmet("valid_status_codes", `the status is ${status}, wanted is ${wanted}`);
}

function wrongVersion({ version }: Fetched, { versions }: Demands): Unmet | undefined {
  const name = version === "2" ? "HTTP/2.0" : `HTTP/${version}`;
  if (versions.length === 0 || versions.includes(name)) return undefined;
  return unmet("valid_http_versions", `the version is ${name}`);
}

/** Headers first, then the body; the gauge tells of either. */
function wrongText(
  fetched: Fetched,
  demands: Demands,
  gauges: Scrape["gauges"],
): Unmet | undefined {
  const wrong = wrongHeader(fetched, demands) ?? wrongContent(fetched, demands);
  if (wrong !== undefined) gauges.set("probe_failed_due_to_regex", 1);
  return wrong;
}

function wrongHeader(fetched: Fetched, demands: Demands): Unmet | undefined {
  const matches = wrongIn(fetched, demands.headerMatches, (values, pattern) =>
    values.some((value) => pattern.fits(value)),
  );
  if (matches !== undefined) return unmet("fail_if_header_matches", `${matches} or matches`);
  const misses = wrongIn(
    fetched,
    demands.headerNotMatches,
    (values, pattern) => !values.some((value) => pattern.fits(value)),
  );
  if (misses === undefined) return undefined;
  return unmet("fail_if_header_not_matches", `${misses} or does not match`);
}

/** The first header that is missing where it may not be, or is wrong. */
function wrongIn(
  { headers = {} }: Fetched,
  demands: readonly HeaderDemand[],
  isWrong: (values: readonly string[], pattern: Pattern) => boolean,
): string | undefined {
  const wrong = demands.find(({ header, pattern, allowMissing }) => {
    const values = [headers[header.toLowerCase()] ?? []].flat();
    return values.length === 0 ? !allowMissing : isWrong(values, pattern);
  });
  return wrong && `the header ${wrong.header} is missing`;
}

function wrongContent(
  { content }: Fetched,
  { bodyMatches, bodyNotMatches }: Demands,
): Unmet | undefined {
  if (bodyMatches.length + bodyNotMatches.length === 0) return undefined;
  const text = Buffer.from(content.buffer, content.byteOffset, content.length).toString();
  if (bodyMatches.some((pattern) => pattern.fits(text))) {
    return unmet("fail_if_body_matches_regexp", "the body matches");
  }
  if (!bodyNotMatches.every((pattern) => pattern.fits(text))) {
    return unmet("fail_if_body_not_matches_regexp", "the body does not match");
  }
  return undefined;
}

function wrongBody(
  { fetched: { cut, problem } }: Answered,
  { mostBytes }: HttpManner,
): Unmet | undefined {
  if (problem !== undefined) return unmet("compression", problem);
  if (cut) return unmet("body_size_limit", `the body is longer than ${mostBytes} bytes`);
  return undefined;
}

/** -1 when it is unknown before the end. RFC 9112 §6.3. */
function contentLength({ status = 0, headers = {}, version, content }: Fetched, method: string) {
  const said = headers["content-length"];
  if (typeof said === "string" && /^\d+$/.test(said)) return Number(said);
  if (method !== "HEAD" && (status === 204 || status === 304)) return 0;
  // In HTTP/2 the end of the stream can come with the head.
  return version === "2" && content.length === 0 ? 0 : -1;
}

const days = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const month = "[A-Z][a-z]{2}";
const time = String.raw`\d\d:\d\d:\d\d`;
const dates = [
  new RegExp(String.raw`^${days}, \d\d ${month} \d{4} ${time} GMT$`),
  new RegExp(String.raw`^${days}[a-z]*day, \d\d-${month}-\d\d ${time} GMT$`),
  new RegExp(String.raw`^${days} ${month} [ \d]\d ${time} \d{4}$`),
];

/** RFC 9110 §5.6.7, all three forms, as seconds since 1970. */
function httpDate(text: string): number | undefined {
  const form = dates.findIndex((pattern) => pattern.test(text));
  if (form < 0) return undefined;
  const ms = Date.parse(form === 2 ? `${text} GMT` : text);
  return Number.isNaN(ms) ? undefined : ms / 1000;
}
