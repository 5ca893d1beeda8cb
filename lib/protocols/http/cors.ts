/**
 * The preflight of a browser, judged header by header: Fetch standard, "CORS-preflight fetch". It asks
 * what a page asks before it posts JSON: method POST, header Content-Type.
 */

const METHOD = "POST";
const HEADER = "content-type";

type Headers = Readonly<Record<string, string | readonly string[]>>;

export interface HeaderVerdict {
  readonly header: string;
  readonly value?: string;
  readonly ok: boolean;
  readonly why: string;
}

export interface CorsVerdict {
  readonly origin: string;
  /** Whether a browser would go on to send the request itself. */
  readonly allowed: boolean;
  readonly verdicts: HeaderVerdict[];
}

/** What the page's browser would send along. */
export function preflightOf(origin: string): Readonly<Record<string, string>> {
  return {
    origin,
    "access-control-request-method": METHOD,
    "access-control-request-headers": HEADER,
  };
}

/**
 * Whether the text is an origin: scheme, host and port, and nothing behind. A URL would take a quotation mark
 * for part of a host; no name has one.
 */
export function isOrigin(text: string): boolean {
  return /^https?:\/\/[\w.:[\]-]+$/.test(text) && URL.parse(text)?.origin === text;
}

export function judgePreflight(origin: string, status: number, headers: Headers): CorsVerdict {
  const read = (name: string) => {
    const value = [headers[`access-control-${name}`] ?? []].flat().join(", ");
    return value === "" ? undefined : value;
  };
  const verdicts = [
    byStatus(status),
    byOrigin(origin, read("allow-origin")),
    byHeaders(read("allow-headers")),
    byMethods(read("allow-methods")),
    byCredentials(read("allow-credentials"), read("allow-origin")),
    byAge(read("max-age")),
  ];
  return { origin, allowed: verdicts.every(({ ok }) => ok), verdicts };
}

function verdict(header: string, value: string | undefined, ok: boolean, why: string) {
  return { header, ...(value === undefined ? {} : { value }), ok, why };
}

function byStatus(status: number): HeaderVerdict {
  const ok = status >= 200 && status <= 299;
  return verdict(":status", `${status}`, ok, ok ? "any 2xx will do" : "a preflight needs a 2xx");
}

function byOrigin(origin: string, value: string | undefined): HeaderVerdict {
  const ok = value === "*" || value === origin;
  const why = ok ? "covers the origin" : `must be * or ${origin}, in these very letters`;
  return verdict("access-control-allow-origin", value, ok, why);
}

function byHeaders(value: string | undefined): HeaderVerdict {
  const listed = members(value);
  const ok = listed.includes("*") || listed.includes(HEADER);
  const why = ok ? `covers ${HEADER}` : `must list ${HEADER}, or pages cannot send JSON`;
  return verdict("access-control-allow-headers", value, ok, why);
}

/** GET, HEAD and POST need no mention: only what is beyond them is looked up in the list. */
function byMethods(value: string | undefined): HeaderVerdict {
  return verdict("access-control-allow-methods", value, true, `${METHOD} needs no mention`);
}

function byCredentials(value: string | undefined, origin: string | undefined): HeaderVerdict {
  const why =
    value !== "true"
      ? "requests with cookies are refused"
      : origin === "*"
        ? "of no effect: with cookies, * is not taken as the origin"
        : "requests with cookies are allowed";
  return verdict("access-control-allow-credentials", value, true, why);
}

function byAge(value: string | undefined): HeaderVerdict {
  const why = value === undefined ? "the browser keeps the answer for 5 s" : "in seconds";
  return verdict("access-control-max-age", value, true, why);
}

function members(value = ""): readonly string[] {
  return value.split(",").map((one) => one.trim().toLowerCase());
}
