import type { Leaf } from "../leaves.ts";
import type { Rule } from "./rule.ts";

type Handshake = NonNullable<Leaf["facts"]["handshake"]>;

/** What a chain, its staple and the control hosts say about who is trusted, and by whom. */
export const trustRules: readonly Rule[] = [
  {
    code: "tls.intercepted",
    severity: "warn",
    blame: "network",
    confidence: "likely",
    title: "TLS is intercepted on the way out",
    why: "Hosts that are known to have public certificates show others here: something on the way ends TLS and signs in their place.",
    rivals: ["the control hosts were set to hosts with private certificates"],
    next: [
      "Ask for the root of the inspecting firewall or proxy, and let the app trust it (NODE_EXTRA_CA_CERTS, or WEBSITE_LOAD_CERTIFICATES on App Service).",
      "Or have the hosts that the app needs exempted from inspection.",
      "Other runtimes trust by other stores: .NET and OpenSSL by the system's, Java by its own.",
    ],
    when({ facts: { interception, handshake } }) {
      const { intercepted, hosts = [] } = interception ?? {};
      if (intercepted !== "all" && intercepted !== "some") return undefined;
      const answered = hosts.filter((one) => one.isPublic !== undefined);
      const foreign = answered.filter((one) => one.isPublic === false);
      const roots = [...new Set(foreign.map((one) => one.root ?? "an unknown root"))].join("; ");
      const here = isPublic(handshake) === true ? "; this target is not" : "";
      const share = `${foreign.length} of the ${answered.length} control hosts that answered`;
      return `${share}, by ${roots}${here}`;
    },
  },
  {
    code: "tls.private_authority",
    severity: "info",
    blame: "target",
    confidence: "likely",
    basis: "documents",
    title: "The certificate comes from an authority that is not public",
    why: "The control hosts show their public certificates, so TLS is not intercepted altogether: it is this server's own authority.",
    rivals: ["an inspecting firewall that intercepts this host and leaves out the control hosts"],
    next: ["Is the issuer the authority that the owner of this server uses?"],
    when({ facts: { interception, handshake } }) {
      if (interception?.intercepted !== "none" || isPublic(handshake) !== false) return undefined;
      return `issued by ${handshake?.leaf?.issuer ?? "an unknown issuer"}`;
    },
  },
  {
    code: "tls.intermediate_not_sent",
    severity: "warn",
    blame: "target",
    confidence: "certain",
    title: "An intermediate certificate is not sent by the server",
    why: "The chain is complete here only because this host happens to have the missing certificate. Other clients will not find it.",
    rivals: [],
    next: ["Configure the server to send its intermediate certificates."],
    when({ facts: { handshake } }) {
      const { sent = [], built = [] } = handshake?.chain ?? {};
      if (sent.length === 0 || handshake?.trusted !== true) return undefined;
      const known = new Set(sent.map((one) => one.sha256));
      const missing = built.find((one) => !known.has(one.sha256) && !one.selfIssued);
      return missing === undefined ? undefined : `missing: ${missing.subject}`;
    },
  },
  {
    code: "tls.trusted_elsewhere",
    severity: "info",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "The system's trust store knows this root, and Node's does not",
    why: "Programs that go by the store of the operating system will trust this server; Node does not.",
    rivals: [],
    next: [
      "Start Node with --use-system-ca, or name the root in NODE_EXTRA_CA_CERTS, if it should be trusted.",
    ],
    when({ facts: { handshake } }) {
      const by = handshake?.trustedBy ?? [];
      const elsewhere = by.includes("system") && !by.includes("bundled") && !by.includes("extra");
      const bad = handshake?.faults?.includes("tls.untrusted") === true;
      return elsewhere && bad ? `known to: ${by.join(", ")}` : undefined;
    },
  },
  {
    code: "tls.revoked",
    severity: "fail",
    blame: "target",
    confidence: "likely",
    title: "The server's own OCSP staple says that its certificate is revoked",
    why: "Clients that check will refuse it. The signature of the staple is not checked here.",
    rivals: ["the staple is out of date"],
    next: ["Issue the certificate anew."],
    when: ({ facts: { handshake } }) =>
      handshake?.ocsp?.status === "revoked"
        ? `as of ${handshake.ocsp.thisUpdate ?? "an unknown time"}`
        : undefined,
  },
  {
    code: "tls.stale_staple",
    severity: "warn",
    blame: "target",
    confidence: "certain",
    basis: "documents",
    title: "The OCSP staple is out of date",
    why: "The server staples an answer whose time is over: it cannot reach the responder, or has not tried. Clients with a must-staple certificate will refuse it.",
    rivals: ["this host's clock is wrong"],
    next: ["Can the server reach the OCSP responder that its certificate names?"],
    when({ facts: { handshake } }) {
      const { nextUpdate, thisUpdate, ageHours } = handshake?.ocsp ?? {};
      if (nextUpdate === undefined || thisUpdate === undefined || ageHours === undefined) return;
      const now = Date.parse(thisUpdate) + ageHours * 3_600_000;
      return now > Date.parse(nextUpdate) ? `it was good until ${nextUpdate}` : undefined;
    },
  },
];

/** Nothing when it is unknown. */
function isPublic(handshake: Handshake | undefined): boolean | undefined {
  return handshake?.trustedBy?.includes("bundled");
}
