/** Options of `prober: dns`. */
import * as z from "zod";
import { dnsRecipe } from "../probes/exporter/dns.ts";
import { absoluteName, nameFault } from "../protocols/dns/name.ts";
import { classNumber, rcodeNumber, typeName, typeNumber } from "../protocols/dns/types.ts";
import { flag, list, pattern, refused, section, text, type ReadFile } from "./form.ts";
import { oneSource, preference, preferenceKeys } from "./addresses.ts";
import { tlsConfig, usualTerms } from "./tls.ts";

/** What the records of one section must look like. */
const validator = (option: string, of: "answers" | "authority" | "additional") =>
  section({
    fail_if_matches_regexp: list(pattern),
    fail_if_all_match_regexp: list(pattern),
    fail_if_not_matches_regexp: list(pattern),
    fail_if_none_matches_regexp: list(pattern),
  })
    .transform((given) => ({
      option,
      of,
      matches: given.fail_if_matches_regexp,
      allMatch: given.fail_if_all_match_regexp,
      notMatches: given.fail_if_not_matches_regexp,
      noneMatches: given.fail_if_none_matches_regexp,
    }))
    .optional();

const name = text
  .min(1, "a name to ask for is needed")
  .superRefine((given, check) => {
    const fault = nameFault(given);
    if (fault !== undefined) check.addIssue({ code: "custom", message: fault });
  })
  .transform(absoluteName);

const options = (read: ReadFile) =>
  section({
    ...preferenceKeys,
    source_ip_address: refused(oneSource),
    transport_protocol: z.enum(["udp", "tcp"], "use udp or tcp").default("udp"),
    dns_over_tls: flag.default(false),
    tls_config: tlsConfig(read).default(usualTerms),
    query_name: name,
    query_type: text
      .refine((one) => typeNumber(one) !== undefined, "a record type is needed, such as A or SOA")
      .default("ANY"),
    query_class: text
      .refine((one) => classNumber(one) !== undefined, "a class is needed, such as IN")
      .default("IN"),
    recursion_desired: flag.default(true),
    valid_rcodes: list(
      text.refine((one) => rcodeNumber(one) !== undefined, "an rcode is needed, such as NXDOMAIN"),
    ),
    validate_answer_rrs: validator("validate_answer_rrs", "answers"),
    validate_authority_rrs: validator("validate_authority_rrs", "authority"),
    validate_additional_rrs: validator("validate_additional_rrs", "additional"),
  });

export function dnsOptions(read: ReadFile) {
  return options(read)
    .refine((given) => !given.dns_over_tls || given.transport_protocol === "tcp", {
      error: "DNS over TLS needs transport_protocol: tcp",
      path: ["dns_over_tls"],
    })
    .transform((given) =>
      dnsRecipe({
        preference: preference(given),
        transport: given.dns_over_tls ? "tls" : given.transport_protocol,
        terms: given.tls_config,
        name: given.query_name,
        type: typeName(typeNumber(given.query_type) ?? 255),
        class: given.query_class.toUpperCase(),
        recursion: given.recursion_desired,
        rcodes: given.valid_rcodes.length === 0 ? ["NOERROR"] : given.valid_rcodes,
        sections: [
          given.validate_answer_rrs,
          given.validate_authority_rrs,
          given.validate_additional_rrs,
        ].filter((one) => one !== undefined),
      }),
    );
}
