/** What is counted of a TLS session, also of one whose certificate is bad. */
import { goName } from "../../protocols/distinguished-name.ts";
import { describeCertificate } from "../../protocols/x509.ts";
import type { Session } from "../../stages/agree.ts";
import type { Gauges, Labels } from "./recipe.ts";

type Certificate = Session["sent"][number];

/** Go's zero time: what the exporter counts when nothing was verified. */
const NEVER = -62_135_596_800;

export function countSession(gauges: Gauges, session: Session): void {
  const { sent, chain, protocol } = session;
  const shown = sent.length > 0 ? sent : chain;
  const [leaf] = shown;
  if (leaf === undefined) return;
  gauges.set("probe_ssl_earliest_cert_expiry", earliest(shown));
  gauges.set("probe_tls_version_info", 1, { version: versions[protocol] ?? "unknown" });
  gauges.set("probe_ssl_last_chain_info", 1, labelsOf(leaf));
}

/** A chain that was not to be verified has no end; one that failed has none to speak of. */
export function countChain(gauges: Gauges, session: Session, verify: boolean): void {
  const { chain, verified } = session;
  const end = verified ? earliest(chain) : NEVER;
  if (verified || !verify) gauges.set("probe_ssl_last_chain_expiry_timestamp_seconds", end);
}

const versions: Readonly<Record<string, string>> = {
  TLSv1: "TLS 1.0",
  "TLSv1.1": "TLS 1.1",
  "TLSv1.2": "TLS 1.2",
  "TLSv1.3": "TLS 1.3",
};

function earliest(certificates: readonly Certificate[]): number {
  return Math.min(...certificates.map(({ validToDate }) => validToDate.getTime() / 1000));
}

/** They say the same every time. */
const kept = new WeakMap<Certificate, Labels>();

function labelsOf(leaf: Certificate): Labels {
  const before = kept.get(leaf);
  if (before !== undefined) return before;
  const { names, sha256, serial } = describeCertificate(leaf, 0);
  const dns = names.filter((name) => name.startsWith("DNS:")).map((name) => name.slice(4));
  const labels = {
    fingerprint_sha256: sha256,
    issuer: goName(leaf.issuer),
    serialnumber: serial,
    subject: goName(leaf.subject),
    subjectalternative: dns.join(","),
  };
  kept.set(leaf, labels);
  return labels;
}
