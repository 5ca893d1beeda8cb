/** Options of `prober: http`. */
import * as z from "zod";
import { httpRecipe } from "../probes/exporter/http.ts";
import {
  file,
  flag,
  list,
  onlyOff,
  pattern,
  refused,
  refusedWhere,
  section,
  size,
  text,
  whole,
  type ReadFile,
} from "./form.ts";
import { clientKeys, clientOf } from "./client.ts";
import { byHeader, headerName, headerValue, httpHeaders } from "./headers.ts";
import { preference, preferenceKeys } from "./addresses.ts";
import { isAccepted } from "./accepted.ts";

const noCel = "CEL is not spoken here: fail_if_body_matches_regexp says much of the same";

/** A module without a limit of its own may read so much: an app's memory is not the prober's. */
const MOST_BYTES = 10 * 1024 * 1024;

const MOST_REDIRECTS = 10;

const headerMatch = section({
  header: headerName,
  regexp: pattern,
  allow_missing: flag.default(false),
}).transform(({ header, regexp, allow_missing: allowMissing }) => {
  return { header, pattern: regexp, allowMissing };
});

const noQuic = "HTTP/3 needs QUIC, which is not spoken here";

const version = text.superRefine(refusedWhere((given) => given === "HTTP/3.0", noQuic));

/** RFC 9110 §9.1: a token, and the case counts. */
const method = text
  .regex(/^[!#$%&'*+.^_`|~\w-]{1,20}$/, "a method is needed")
  .superRefine(
    refusedWhere(
      (given) => /^(connect|trace)$/i.test(given),
      "this method is not sent by a scrape",
    ),
  );

const keys = (read: ReadFile) => ({
  ...preferenceKeys,
  ...clientKeys(read),
  valid_status_codes: list(whole),
  valid_http_versions: list(version),
  method: method.default("GET"),
  headers: byHeader(headerValue),
  http_headers: httpHeaders(read),
  body: text.optional(),
  body_file: file(read).optional(),
  body_size_limit: size.default(0),
  compression: z
    .enum(["gzip", "br", "deflate", "identity", ""], "use gzip, br, deflate or identity")
    .default(""),
  no_follow_redirects: flag.optional(),
  fail_if_ssl: flag.default(false),
  fail_if_not_ssl: flag.default(false),
  fail_if_body_json_matches_cel: refused(noCel),
  fail_if_body_json_not_matches_cel: refused(noCel),
  fail_if_body_matches_regexp: list(pattern),
  fail_if_body_not_matches_regexp: list(pattern),
  fail_if_header_matches: list(headerMatch),
  fail_if_header_not_matches: list(headerMatch),
  skip_resolve_phase_with_proxy: onlyOff("every address is judged before it is asked for"),
  enable_http3: onlyOff(noQuic),
});

const options = (read: ReadFile) => section(keys(read));

type Options = z.output<ReturnType<typeof options>>;

export function httpOptions(read: ReadFile) {
  const { mostRedirects = MOST_REDIRECTS } = read;
  return options(read)
    .refine(({ body, body_file: bytes }) => body === undefined || bytes === undefined, {
      error: "body and body_file exclude each other",
      path: ["body_file"],
    })
    .superRefine(({ headers, compression }, check) => {
      const accepted = Object.entries(headers).find(([name]) => /^accept-encoding$/i.test(name));
      if (accepted === undefined || isAccepted(compression, accepted[1])) return;
      const message = `this Accept-Encoding does not ask for compression: ${compression}`;
      check.addIssue({ code: "custom", message, path: ["headers", accepted[0]] });
    })
    .transform((given) => recipeOf(given, mostRedirects));
}

function recipeOf(given: Options, mostRedirects: number) {
  const { terms, headers, http2, proxy, follow } = clientOf(given, {
    ...given.headers,
    ...given.http_headers,
  });
  const { servername: _meant, ...elsewhere } = terms;
  const { body, body_file: bytes, no_follow_redirects: stay } = given;
  return httpRecipe({
    preference: preference(given),
    terms,
    termsElsewhere: terms.servername === undefined ? terms : elsewhere,
    method: given.method,
    body: body === undefined || body === "" ? bytes : Buffer.from(body),
    headers,
    http2,
    proxy,
    follow: stay === undefined ? follow : !stay,
    mostRedirects,
    compression: ["", "identity"].includes(given.compression) ? undefined : given.compression,
    mostBytes: given.body_size_limit > 0 ? Math.min(given.body_size_limit, MOST_BYTES) : MOST_BYTES,
    demands: {
      statuses: given.valid_status_codes,
      versions: given.valid_http_versions,
      ifSsl: given.fail_if_ssl,
      ifNotSsl: given.fail_if_not_ssl,
      bodyMatches: given.fail_if_body_matches_regexp,
      bodyNotMatches: given.fail_if_body_not_matches_regexp,
      headerMatches: given.fail_if_header_matches,
      headerNotMatches: given.fail_if_header_not_matches,
    },
  });
}
