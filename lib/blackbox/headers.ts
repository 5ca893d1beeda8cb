/** Headers that a module sends: what may stand in them, and where secrets among them come from. */
import type * as z from "zod";
import {
  isRefusal,
  line,
  list,
  refusedWhere,
  section,
  table,
  text,
  type ReadFile,
} from "./form.ts";

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

export const headerName = text.regex(/^[!#$%&'*+.^_`|~\w-]{1,128}$/, "a header name is needed");

const sentName = headerName.superRefine(
  refusedWhere(
    (name) => ours.has(name.toLowerCase()),
    "this header frames the message: leave it out",
  ),
);

const printable = /^[\t\x20-\x7e\x80-\xff]*$/;

export const headerValue = text.regex(printable, "a header value is one line of Latin-1");

/** Something for each header, by its name. */
export function byHeader<Value extends z.ZodType>(value: Value) {
  return table(value).superRefine((given, check) => {
    for (const name of Object.keys(given)) {
      const [issue] = sentName.safeParse(name).error?.issues ?? [];
      if (issue === undefined) continue;
      const { message } = issue;
      const params = isRefusal(issue) ? issue.params : undefined;
      check.addIssue({ code: "custom", message, params, path: [name] });
    }
  });
}

/** `http_headers`: values, secrets and files of each, joined as repeated headers are. */
export function httpHeaders(read: ReadFile) {
  const one = section({
    values: list(headerValue),
    secrets: list(headerValue),
    files: list(line(read).pipe(headerValue)),
  }).transform(({ values, secrets, files }) => [...values, ...secrets, ...files].join(", "));
  return byHeader(one);
}
