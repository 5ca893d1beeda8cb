/**
 * What a caller may put on a request. A list of what is allowed: anything else may be what a metadata
 * service, an identity endpoint or a proxy asks for as proof, or frames the message.
 */
const allowed: ReadonlySet<string> = new Set([
  "accept",
  "accept-language",
  "cache-control",
  "forwarded",
  "if-modified-since",
  "if-none-match",
  "origin",
  "pragma",
  "range",
  "referer",
  "traceparent",
  "tracestate",
  "user-agent",
  "x-azure-fdid",
  "x-correlation-id",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-ms-client-request-id",
  "x-ms-version",
  "x-original-host",
  "x-real-ip",
  "x-request-id",
]);

const MOST = 1024;

export type Header = readonly [name: string, value: string];

/** Reads `Name: value`. Values are visible ASCII and spaces, so that none ends its line. */
export function parseHeader(text: string): Header | { readonly wrong: string } {
  const [, name, value] = /^([A-Za-z0-9-]{1,64}):[ \t]*(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) return { wrong: "use Name: value" };
  const lower = name.toLowerCase();
  if (!allowed.has(lower)) {
    return { wrong: `the header ${lower} is not sent: use one of ${[...allowed].join(", ")}` };
  }
  if (!/^[ -~]*$/.test(value) || value.length > MOST) {
    return { wrong: `a value is at most ${MOST} visible ASCII characters` };
  }
  return [lower, value.trim()];
}
