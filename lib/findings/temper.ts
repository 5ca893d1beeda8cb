/**
 * What was measured here holds for another app only as far as their settings agree: a finding that rests on
 * a setting which differs, or of which that is unknown, loses a step of confidence and says which.
 */
import type { Finding, Vantage } from "../report.ts";

type Represents = Vantage["represents"];

/** The settings that findings rest on, by how their codes begin; the first row that fits counts. */
export const restsOn: readonly (readonly [start: string, aspects: readonly string[]])[] = [
  ["dns.", ["dns"]],
  ["names.", ["dns"]],
  ["tls.untrusted", ["certificates"]],
  ["tls.self_signed", ["certificates"]],
  ["tls.incomplete_chain", ["certificates"]],
  ["tls.private_authority", ["certificates"]],
  ["tls.trusted_elsewhere", ["certificates"]],
  ["tls.intercepted", ["certificates", "routing"]],
  ["tls.timeout", ["subnet", "routing"]],
  // These are of the instance and of its plan, whatever network it is in.
  ["tcp.no_ports", []],
  ["tcp.forbidden", []],
  ["tcp.sandbox_port", []],
  ["tcp.", ["subnet", "routing"]],
  ["udp.", ["subnet", "routing"]],
  ["ntp.timeout", ["subnet", "routing"]],
  ["stun.timeout", ["subnet", "routing"]],
  // Whom these let in depends on the address that the traffic comes from, and that on the network.
  ["sql.firewall", ["subnet", "routing"]],
  ["sql.vnet_rule", ["subnet", "routing"]],
  ["sql.public_access_off", ["subnet", "routing", "dns"]],
  ["sql.redirect_blocked", ["subnet", "routing"]],
  ["sql.browser_timeout", ["subnet", "routing"]],
  ["http.address_forbidden", ["subnet", "routing"]],
  ["http.subnet_forbidden", ["subnet", "routing"]],
  ["http.storage_firewall", ["subnet", "routing", "dns"]],
  ["http.vault_firewall", ["subnet", "routing", "dns"]],
  ["http.vault_private_only", ["subnet", "routing", "dns"]],
  ["http.cosmos_firewall", ["subnet", "routing", "dns"]],
  ["http.registry_firewall", ["subnet", "routing", "dns"]],
  ["outbound.inspected", ["certificates", "routing"]],
  ["outbound.", ["subnet", "routing"]],
];

/** Settings of which a differing fingerprint of app settings may tell. */
const inAppSettings = ["dns", "routing", "certificates", "proxies"];

const weaker = { certain: "likely", likely: "possible", possible: "possible" } as const;

/** Findings as they are where nobody said whom this place stands for: then they are about itself. */
export function temper(findings: Finding[], represents: Represents): Finding[] {
  if (represents.app === "unknown" || represents.basis === "same-site") return findings;
  return findings.map((finding) => temperOne(finding, represents));
}

function temperOne(finding: Finding, { app, same, differs, unknown }: Represents): Finding {
  const [, aspects = []] = restsOn.find(([start]) => finding.code.startsWith(start)) ?? [];
  const doubts = aspects.flatMap((aspect) => {
    if (differs.includes(aspect)) return [`the ${aspect} here differs from that of ${app}`];
    const maybe = differs.includes("app settings") && inAppSettings.includes(aspect);
    if (maybe && !same.includes(aspect)) {
      return [`app settings here differ from those of ${app}, perhaps in ${aspect}`];
    }
    return unknown.includes(aspect)
      ? [`it is unknown whether ${app} has the ${aspect} of here`]
      : [];
  });
  if (doubts.length === 0) return finding;
  const { confidence, rivals } = finding;
  return { ...finding, confidence: weaker[confidence], rivals: [...rivals, ...doubts] };
}
