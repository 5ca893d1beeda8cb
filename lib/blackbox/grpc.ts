/** Options of `prober: grpc`. */
import { grpcRecipe } from "../probes/exporter/grpc.ts";
import { flag, list, section, text, type ReadFile } from "./form.ts";
import { byHeader, headerValue } from "./headers.ts";
import { preference, preferenceKeys } from "./addresses.ts";
import { tlsConfig, usualTerms } from "./tls.ts";

const metadata = byHeader(list(headerValue).transform((values) => values.join(", "))).transform(
  (given) =>
    Object.fromEntries(Object.entries(given).map(([name, said]) => [name.toLowerCase(), said])),
);

export function grpcOptions(read: ReadFile) {
  return section({
    ...preferenceKeys,
    service: text
      .regex(/^[\w./-]{0,200}$/, "a service is named by letters, digits, . / - _")
      .default(""),
    tls: flag.default(false),
    tls_config: tlsConfig(read).default(usualTerms),
    metadata,
  }).transform((given) =>
    grpcRecipe({
      preference: preference(given),
      tls: given.tls,
      terms: given.tls_config,
      service: given.service,
      metadata: given.metadata,
    }),
  );
}
