import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { certificate } from "./certificate.ts";
import { atLeast, gauge, isTrue, line, oneOf } from "./read.ts";

/** What can be wrong with a certificate, judged apart, in the order in which it leads. */
export const faults = [
  "tls.expired",
  "tls.not_yet_valid",
  "tls.name_mismatch",
  "tls.self_signed",
  "tls.incomplete_chain",
  "tls.untrusted",
  "tls.weak",
] as const;

const facts = z.object({
  servername: z
    .string()
    .describe("The name sent as SNI and looked for in the certificate; empty for an address"),
  protocol: z.string().describe("The version agreed on, such as TLSv1.3"),
  cipher: z.string().describe("The cipher suite, by its IANA name"),
  group: z
    .string()
    .optional()
    .describe("The key exchange group; absent when the key exchange has no forward secrecy"),
  alpn: z.string().optional().describe("The application protocol agreed on"),
  handshakeMs: z.number().describe("From the ClientHello to the end of our handshake"),
  trusted: z.boolean().describe("Name, dates and path are all right, by Node's trust store"),
  faults: z.array(z.enum(faults)).describe("Everything that is wrong; empty when trusted"),
  whyNot: z.string().optional().describe("What the verifier said first, in its own word"),
  checkedName: z.string().describe("The name or address the certificate was checked for"),
  daysLeft: z.number().describe("Of the leaf certificate"),
  earliestDaysLeft: z.number().describe("Of the certificate in the chain that ends first"),
  leaf: certificate,
  chain: z.object({
    built: z
      .array(certificate)
      .describe("Leaf first, completed from the local trust store where it could be"),
  }),
});

const days = (left: number) => (left < 0 ? `expired ${-left} days ago` : `${left} days left`);

export const handshakeSheet = {
  name: "handshake",
  proves: "TLS completes with a certificate that is trusted for the name",
  facts,
  headline: line(
    facts,
    "TLS",
    ["protocol", "cipher", "daysLeft"],
    (seen) => `${seen.protocol}, certificate: ${days(seen.daysLeft)}`,
  ),
  lines: [
    line(
      facts,
      "TLS",
      ["protocol", "cipher", "handshakeMs"],
      (seen) => `${seen.protocol} ${seen.cipher} in ${seen.handshakeMs} ms`,
    ),
    line(facts, "Key exchange", ["group"], ({ group }) => group),
    line(facts, "ALPN", ["alpn"], ({ alpn }) => alpn),
    line(facts, "SNI", ["servername"], ({ servername }) =>
      servername === "" ? "none (an address was asked for)" : servername,
    ),
    line(facts, "Trusted", ["trusted", "faults"], (seen) =>
      seen.trusted ? "yes" : `no: ${seen.faults.join(", ")}`,
    ),
    line(facts, "Verifier", ["whyNot"], ({ whyNot }) => whyNot),
    line(facts, "Subject", ["leaf"], ({ leaf }) => leaf.subject),
    line(facts, "Names", ["leaf"], ({ leaf }) => leaf.names.join(", ") || undefined),
    line(facts, "Issuer", ["leaf"], ({ leaf }) => leaf.issuer),
    line(
      facts,
      "Valid",
      ["leaf", "daysLeft"],
      ({ leaf, daysLeft }) =>
        `${leaf.validFrom.slice(0, 10)} to ${leaf.validTo.slice(0, 10)} (${days(daysLeft)})`,
    ),
    line(facts, "Key", ["leaf"], ({ leaf }) => leaf.key),
    line(facts, "Thumbprint", ["leaf"], ({ leaf }) => leaf.sha1),
    line(facts, "Chain", ["chain"], ({ chain }) =>
      chain.built.slice(1).map((one) => `${one.subject} (${days(one.daysLeft)})`),
    ),
  ],
  gauges: [
    gauge(
      facts,
      "probe_ssl_earliest_cert_expiry",
      "Earliest end of validity in the chain, seconds since the epoch",
      ["chain"],
      ({ chain }) =>
        chain.built.length === 0
          ? undefined
          : Math.min(...chain.built.map((one) => Date.parse(one.validTo) / 1000)),
    ),
  ],
  expect: {
    certDays: atLeast(facts, "daysLeft", "Days that the certificate must still be valid"),
    protocol: oneOf(facts, "protocol", "The TLS version, such as TLSv1.3"),
    cipher: oneOf(facts, "cipher", "The cipher suite, by its IANA name"),
    alpn: oneOf(facts, "alpn", "The application protocol agreed on"),
    trusted: isTrue(facts, "trusted", "Whether the certificate is trusted"),
  },
} as const satisfies FactSheet<"handshake", typeof facts>;
