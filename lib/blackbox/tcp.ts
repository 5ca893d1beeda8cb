/** Options of `prober: tcp`. */
import * as z from "zod";
import { tcpRecipe } from "../probes/exporter/tcp.ts";
import { flag, list, pattern, refused, section, text, type ReadFile } from "./form.ts";
import { oneSource, preference, preferenceKeys } from "./addresses.ts";
import { tlsConfig, usualTerms } from "./tls.ts";

const label = section({
  name: text.regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "a label name is needed"),
  value: text.default(""),
});

/** Text of `send` ends its line; `!!binary` is sent as it is. */
const send = z.union([z.string(), z.instanceof(Uint8Array)], "text or !!binary is needed");

const entry = section({
  expect: pattern.optional(),
  expect_bytes: send.optional(),
  labels: list(label),
  send: send.optional(),
  starttls: flag.default(false),
}).transform((given, check) => {
  const { expect, expect_bytes: octets, labels, send: said, starttls } = given;
  if (expect !== undefined && octets !== undefined) {
    const message = "expect and expect_bytes exclude each other";
    check.addIssue({ code: "custom", message, path: ["expect_bytes"] });
    return z.NEVER;
  }
  return {
    starttls,
    ...(expect === undefined ? {} : { expect }),
    ...(octets === undefined ? {} : { octets: Buffer.from(octets) }),
    ...(said === undefined ? {} : { send: said }),
    ...(labels.length === 0
      ? {}
      : { labels: Object.fromEntries(labels.map(({ name, value }) => [name, value])) }),
  };
});

export const queryResponse = list(entry);

export function tcpOptions(read: ReadFile) {
  return section({
    ...preferenceKeys,
    source_ip_address: refused(oneSource),
    query_response: queryResponse,
    tls: flag.default(false),
    tls_config: tlsConfig(read).default(usualTerms),
  }).transform((given) =>
    tcpRecipe({
      preference: preference(given),
      tls: given.tls,
      terms: given.tls_config,
      entries: given.query_response,
    }),
  );
}
