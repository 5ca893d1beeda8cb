/** Headers that a module sends: what may stand in them, and where secrets among them come from. */
import { line, list, section, table, text, type ReadFile } from "./form.ts";

/** These frame the message or belong to the connection; the last names this deployment to itself. */
const ours = new Set([
  "cdn-loop",
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

export const headerName = text
  .regex(/^[!#$%&'*+.^_`|~\w-]{1,128}$/, "a header name is needed")
  .refine((name) => !ours.has(name.toLowerCase()), "this header frames the message: leave it out");

const printable = /^[\t\x20-\x7e\x80-\xff]*$/;

export const headerValue = text.regex(printable, "a header value is one line of Latin-1");

/** `http_headers`: values, secrets and files of each, joined as repeated headers are. */
export function httpHeaders(read: ReadFile) {
  const one = section({
    values: list(headerValue),
    secrets: list(headerValue),
    files: list(line(read).pipe(headerValue)),
  });
  return table(one).transform((given, check) => {
    const names = Object.keys(given);
    const wrong = names.find((name) => !headerName.safeParse(name).success);
    if (wrong !== undefined) {
      const message = "this header cannot be sent";
      check.addIssue({ code: "custom", message, path: [wrong] });
    }
    return Object.fromEntries(
      Object.entries(given).map(([name, { values, secrets, files }]) => [
        name,
        [...values, ...secrets, ...files].join(", "),
      ]),
    );
  });
}
