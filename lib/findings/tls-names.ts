/** What the name that was asked, sent or checked says about a handshake that went wrong. */
import type { Rule } from "./rule.ts";

/** How a handshake ends where a server, or something before it, does not like the ClientHello. */
const cutOff: readonly string[] = ["tls.closed", "tls.alert", "tcp.reset"];

export const nameRules: readonly Rule[] = [
  {
    code: "tls.privatelink_name",
    before: "tls.name_mismatch",
    severity: "fail",
    blame: "caller",
    confidence: "certain",
    title: "The private-link name was used instead of the public one",
    why:
      "A privatelink name is plumbing of DNS: it stands in the middle of the chain, and no service has a " +
      "certificate for it. Clients use the public name, which leads to the same private address.",
    rivals: [],
    next: [
      "Take privatelink out of the name in the setting: orders.privatelink.database.windows.net becomes orders.database.windows.net.",
      "Does the public name lead to the private address here? /api/dns?name=NAME shows the chain.",
    ],
    when({ facts: { handshake } }) {
      const { checkedName = "", faults = [] } = handshake ?? {};
      return faults.includes("tls.name_mismatch") && /\.privatelink\./i.test(checkedName)
        ? `the certificate is not for ${checkedName}`
        : undefined;
    },
  },
  {
    code: "tls.no_sni",
    severity: "info",
    blame: "caller",
    confidence: "possible",
    title: "No name was sent, and the server ended the handshake",
    why:
      "The target is an address, so the ClientHello carried no server name (SNI, RFC 6066). A front end for " +
      "many names cannot choose a certificate then, and some end the handshake instead; Container Apps is one of them.",
    rivals: ["the server ends every handshake with this client, with a name or without"],
    next: ["Ask by name, or send one to the same address: /api/tls?target=ADDRESS&servername=NAME"],
    when({ facts: { connect, handshake }, stopped }) {
      if (stopped?.stage !== "handshake" || handshake?.servername !== "") return undefined;
      return cutOff.includes(stopped.code)
        ? `${connect?.address ?? "the server"}: ${stopped.message}`
        : undefined;
    },
  },
  {
    code: "tls.version_refused",
    before: "tls.alert",
    severity: "fail",
    blame: "configuration",
    confidence: "likely",
    title: "No version of TLS in common",
    why:
      "The server answered with alert 70, protocol_version: it wants another version than any that was offered. " +
      "This client offers TLS 1.2 and 1.3.",
    rivals: ["a device on the way ends the handshake in the server's name"],
    next: [
      "Which versions does the server accept? /api/tls?target=HOST:PORT&versions=1 tries each.",
      "Raise the version of whichever side is older: the server's floor, or what it offers at most.",
    ],
    when: ({ stopped }) =>
      stopped?.code === "tls.alert" && stopped.detail?.["alert"] === 70
        ? stopped.message
        : undefined,
  },
  {
    code: "tls.revocation_blocked",
    severity: "warn",
    blame: "network",
    confidence: "likely",
    title: "Revocation cannot be looked up from here",
    why:
      "The certificate names places where its revocation is published, and they cannot be connected to. Clients " +
      "that insist on the look-up refuse the server or wait for their time-out; Node and most others never ask.",
    rivals: ["the authority's own server is down"],
    next: [
      "Allow the hosts that are named, plain HTTP on port 80, through the firewall on the way out.",
      "Does the client that fails check revocation at all? If not, this is not its trouble.",
    ],
    when({ facts: { revocation } }) {
      const blocked = revocation?.places?.filter(
        ({ reachable, code = "" }) => !reachable && /^(tcp|dns)\./.test(code),
      );
      return blocked === undefined || blocked.length === 0
        ? undefined
        : blocked.map(({ url, code }) => `${url}: ${code}`).join(", ");
    },
  },
];
