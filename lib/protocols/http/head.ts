/** The head of an HTTP/1.1 message, for the exchanges that end in something else than HTTP. RFC 9112. */

/** As for every answer: more than this is no head. */
const MOST = 16 * 1024;

export interface Head {
  readonly status: number;
  readonly statusText: string;
  /** Lower-case names; several lines of one name are joined by a comma. */
  readonly headers: ReadonlyMap<string, string>;
  /** Octets that came behind the head. */
  readonly rest: number;
}

/** A request head. Names and values must not hold line ends: whoever fills them sees to that. */
export function writeHead(
  line: string,
  headers: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return new TextEncoder().encode(`${line} HTTP/1.1\r\n${fields.join("")}\r\n`);
}

/** The head in what came so far: `more` when it is not complete, `wrong` when it never will be. */
export function readHead(bytes: Uint8Array): Head | "more" | "wrong" {
  const text = Buffer.from(bytes).toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return bytes.length > MOST || !couldBegin(text) ? "wrong" : "more";
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const [, digits, statusText = ""] = /^HTTP\/1\.[01] ([1-5]\d\d)(?: (.*))?$/.exec(first) ?? [];
  if (digits === undefined) return "wrong";
  const headers = readFields(lines);
  const rest = bytes.length - end - 4;
  return headers === undefined ? "wrong" : { status: Number(digits), statusText, headers, rest };
}

function readFields(lines: readonly string[]): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ""] = /^([!#$%&'*+.^_`|~\w-]+):(.*)$/.exec(line) ?? [];
    if (name === undefined) return undefined;
    const lower = name.toLowerCase();
    const before = headers.get(lower);
    headers.set(lower, before === undefined ? value.trim() : `${before}, ${value.trim()}`);
  }
  return headers;
}

function couldBegin(text: string): boolean {
  const begin = "HTTP/1.";
  return text.startsWith(begin.slice(0, text.length)) || text.startsWith(begin);
}
