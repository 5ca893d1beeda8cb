import { faults, oddities } from "../facts/session.ts";
import { meanings } from "./codes.ts";
import type { Rule } from "./rule.ts";
import { trustRules } from "./trust.ts";

type Oddity = (typeof oddities)[number];

/**
 * Everything else that is wrong with a certificate, beside the fault that stopped the branch: whoever
 * renews an expired certificate wants to know now that its name was wrong as well.
 */
const faultRules: readonly Rule[] = faults.map((code) => ({
  ...meanings[code],
  code,
  when: ({ facts, stopped }) =>
    facts.handshake?.faults?.includes(code) === true && stopped?.code !== code
      ? `also seen in the certificate of ${facts.handshake.checkedName ?? "this server"}`
      : undefined,
}));

const oddityTexts: Readonly<Record<Oddity, Pick<Rule, "code" | "title" | "why">>> = {
  out_of_order: {
    code: "tls.chain_order",
    title: "The chain was not sent in order",
    why: "TLS 1.2 wants each certificate to certify the one before it. Most clients sort them; some old and small ones do not.",
  },
  duplicate: {
    code: "tls.chain_duplicate",
    title: "A certificate was sent twice",
    why: "It does no harm but for its size; usually the leaf stands in the chain file as well.",
  },
  stranger: {
    code: "tls.chain_stranger",
    title: "A certificate was sent that leads nowhere",
    why: "It is no part of the path from the server's certificate to a root; perhaps it belongs to the certificate before the last renewal.",
  },
  root_sent: {
    code: "tls.chain_root",
    title: "The root was sent along",
    why: "Whoever trusts it has it already, and whoever does not will not believe it for being sent.",
  },
};

const oddityRules: readonly Rule[] = oddities.map((oddity) => ({
  severity: "info",
  blame: "target",
  confidence: "certain",
  ...oddityTexts[oddity],
  rivals: [],
  next: ["Compare the file that the server sends its chain from with `chain.sent`."],
  when: ({ facts: { handshake } }) =>
    handshake?.chain?.oddities.includes(oddity) === true
      ? `${handshake.chain.sentCount} certificates were sent`
      : undefined,
}));

/** Deprecated by RFC 8996, and refused by browsers and by Node. */
const old = ["TLSv1", "TLSv1.1"];

const helloRules: readonly Rule[] = [
  {
    code: "tls.client_certificate_requested",
    severity: "info",
    blame: "target",
    confidence: "certain",
    title: "The server asks for a client certificate",
    why: "The handshake went on without one. The application behind may still refuse whoever has none, as nginx does with status 400.",
    rivals: ["the certificate is optional"],
    next: ["Does a request over HTTP answer with 400 or 403? Then show a certificate."],
    when({ facts: { handshake } }) {
      const { demand, shown, acceptableCAs = [] } = handshake?.clientCertificate ?? {};
      if (demand !== "requested" || shown === true) return undefined;
      const issuers = acceptableCAs.length === 0 ? "any issuer" : `${acceptableCAs.length} issuers`;
      return `of ${issuers}; none was shown`;
    },
  },
  {
    code: "tls.hello_retry",
    severity: "info",
    blame: "target",
    confidence: "certain",
    title: "The handshake took one round trip more",
    why: "The server wanted a key share of a group that the client supports and had not guessed (HelloRetryRequest).",
    rivals: [],
    next: ["Let the server accept X25519 or X25519MLKEM768, which clients guess first."],
    when: ({ facts: { handshake } }) =>
      handshake?.helloRetry === true ? `the group is ${handshake.group ?? "unknown"}` : undefined,
  },
  {
    code: "tls.large_hello",
    before: "tls.timeout",
    severity: "fail",
    blame: "network",
    confidence: "likely",
    title: "The handshake stalls with a large ClientHello and works with a small one",
    why: "With a post-quantum key share the first message of a client takes two segments. Something on the way, or the server itself, waits for the first alone.",
    rivals: ["the server was slow just then", "the path drops packets at random"],
    next: [
      "Repeat: is it the same each time?",
      "Update the firewall, load balancer or server; until then let the client offer X25519 only (`ecdhCurve` in Node).",
    ],
    when({ facts: { handshake }, stopped }) {
      const { answered, clientHelloBytes } = handshake?.smallHello ?? {};
      if (answered !== true || stopped?.code !== "tls.timeout") return undefined;
      return `${handshake?.clientHelloBytes} octets got no answer, ${clientHelloBytes} octets did`;
    },
  },
  {
    code: "tls.old_version",
    severity: "warn",
    blame: "target",
    confidence: "certain",
    title: "The server accepts an outdated version of TLS",
    why: "TLS 1.0 and 1.1 are deprecated (RFC 8996): a client that offers nothing newer would be served with them.",
    rivals: [],
    next: ["Set the minimum version of the server to TLS 1.2."],
    when({ versions = [] }) {
      const accepted = versions.filter((one) => one.accepted === true).map((one) => one.on ?? "");
      const outdated = accepted.filter((one) => old.includes(one));
      return outdated.length > 0 ? `accepted: ${outdated.join(", ")}` : undefined;
    },
  },
  {
    code: "tls.no_forward_secrecy",
    severity: "info",
    blame: "target",
    confidence: "certain",
    basis: "documents",
    title: "The key exchange has no forward secrecy",
    why: "Whoever gets hold of the server's key can read what was recorded before.",
    rivals: [],
    next: ["Prefer ECDHE cipher suites on the server."],
    when: ({ facts: { handshake } }) =>
      handshake?.forwardSecrecy === false ? `the cipher suite is ${handshake.cipher}` : undefined,
  },
];

export const tlsRules: readonly Rule[] = [
  ...faultRules,
  ...helloRules,
  ...trustRules,
  ...oddityRules,
];
