import type { FactSheet } from "../stage.ts";
import { validity } from "./certificate.ts";
import { atLeast, gauge, isTrue, line, oneOf } from "./read.ts";
import { sessionFacts as facts } from "./session.ts";

/** How the parts read that only a server of some kind has. */
const particulars = [
  line(facts, "Hello", ["helloRetry"], ({ helloRetry }) =>
    helloRetry ? "the server asked for another key share (HelloRetryRequest)" : undefined,
  ),
  line(facts, "Small hello", ["smallHello"], ({ smallHello }) =>
    smallHello.answered
      ? `answered in ${smallHello.handshakeMs} ms (${smallHello.clientHelloBytes} octets)`
      : "not answered either",
  ),
  line(facts, "Client certificate", ["clientCertificate"], ({ clientCertificate }) => {
    const { demand, acceptableCAs, shown } = clientCertificate;
    if (demand === "none") return undefined;
    const issuers = acceptableCAs.length === 0 ? "of any issuer" : "issued by one of:";
    return [`${demand}${shown ? " (one was shown)" : ""}, ${issuers}`, ...acceptableCAs];
  }),
  line(facts, "OCSP staple", ["ocsp"], ({ ocsp }) =>
    ocsp.stapled
      ? `${ocsp.status ?? ocsp.response ?? "unreadable"}, ${ocsp.ageHours ?? "?"} h old`
      : undefined,
  ),
  line(facts, "CT logs", ["signedTimestamps"], ({ signedTimestamps }) =>
    signedTimestamps > 0 ? `${signedTimestamps} signed timestamps` : undefined,
  ),
] as const;

export const handshakeSheet = {
  name: "handshake",
  proves: "TLS completes with a certificate that is trusted for the name",
  facts,
  headline: line(
    facts,
    "TLS",
    ["protocol", "cipher", "daysLeft"],
    (seen) => `${seen.protocol}, certificate: ${validity(seen.daysLeft)}`,
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
      servername === "" ? "none was sent" : servername,
    ),
    line(facts, "Trusted", ["trusted", "faults"], (seen) =>
      seen.trusted ? "yes" : `no: ${seen.faults.join(", ")}`,
    ),
    line(facts, "Root known to", ["trustedBy"], ({ trustedBy }) => trustedBy.join(", ") || "none"),
    line(facts, "Verifier", ["whyNot"], ({ whyNot }) => whyNot),
    line(facts, "Subject", ["leaf"], ({ leaf }) => leaf.subject),
    line(facts, "Names", ["leaf"], ({ leaf }) => leaf.names.join(", ") || undefined),
    line(facts, "Issuer", ["leaf"], ({ leaf }) => leaf.issuer),
    line(
      facts,
      "Valid",
      ["leaf", "daysLeft"],
      ({ leaf, daysLeft }) =>
        `${leaf.validFrom.slice(0, 10)} to ${leaf.validTo.slice(0, 10)} (${validity(daysLeft)})`,
    ),
    line(facts, "Key", ["leaf"], ({ leaf }) => leaf.key),
    line(facts, "Thumbprint", ["leaf"], ({ leaf }) => leaf.sha1),
    line(facts, "Chain", ["chain"], ({ chain }) =>
      chain.built.slice(1).map((one) => `${one.subject} (${validity(one.daysLeft)})`),
    ),
    line(facts, "Sent", ["chain"], ({ chain }) =>
      chain.sentCount === 0
        ? undefined
        : [`${chain.sentCount} in all`, ...chain.oddities].join(", ").replaceAll("_", " "),
    ),
    ...particulars,
    line(facts, "PEM", ["chain"], ({ chain }) =>
      chain.sent.flatMap(({ pem }) => pem?.trim().split("\n") ?? []),
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
