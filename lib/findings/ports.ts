/** Ports that the platform or the providers on the way treat differently from all others. */
import type { Leaf } from "../leaves.ts";
import type { Rule } from "./rule.ts";

/** No answer at all from a public address on this port. */
function isSilentOn(port: number, { facts: { connect }, stopped }: Leaf): boolean {
  const { port: asked, class: where } = connect ?? {};
  return asked === port && where === "public" && stopped?.code === "tcp.timeout";
}

export const portRules: readonly Rule[] = [
  {
    code: "tcp.port_25",
    severity: "info",
    blame: "platform",
    confidence: "possible",
    basis: "documents",
    title: "Port 25 may not be open for this subscription",
    why:
      "Whether Azure lets mail out to port 25 of public servers depends on the kind of subscription; private " +
      "relays are not concerned. Silence is what that looks like, and what any rule that discards looks like too.",
    rivals: [
      "a firewall on the way discards port 25",
      "the mail server serves certain networks only, and is silent to others",
    ],
    next: [
      "Does the relay take mail on its submission port? /api/check?target=submission://HOST:587",
      "Does the documentation below name the kind of this subscription?",
    ],
    docs: "https://learn.microsoft.com/azure/virtual-network/troubleshoot-outbound-smtp-connectivity",
    when: (leaf) =>
      isSilentOn(25, leaf) ? `no answer from ${leaf.facts.connect?.address} on port 25` : undefined,
  },
  {
    code: "tcp.port_5671",
    severity: "info",
    blame: "network",
    confidence: "possible",
    basis: "documents",
    title: "Service Bus and Event Hubs can be reached on 443 as well",
    why:
      "AMQP has a port of its own, which many networks let nobody use. The same service speaks the same protocol " +
      "inside a WebSocket on port 443.",
    rivals: ["nothing of this service is let out, on whatever port"],
    next: [
      "Does it answer there? /api/check?target=amqpwss://HOST",
      "If it does: let the client use AMQP over WebSockets (its transport type), or have port 5671 opened.",
    ],
    docs: "https://learn.microsoft.com/azure/service-bus-messaging/service-bus-faq",
    when({ facts: { connect }, stopped }) {
      const isShut = stopped?.code === "tcp.timeout" || stopped?.code === "tcp.reset";
      return isShut && connect?.port === 5671
        ? `${connect.address} on port 5671: ${stopped.code}`
        : undefined;
    },
  },
  {
    code: "tcp.port_445",
    severity: "info",
    blame: "network",
    confidence: "possible",
    basis: "documents",
    title: "SMB to a public address is discarded by many networks",
    why:
      "Port 445 towards the internet is closed by many providers and firewalls on principle. Azure Files needs " +
      "it, and Container Apps that mount a share need 443 beside it.",
    rivals: ["a rule about this storage account, not about the port"],
    next: [
      "Has the storage account a private endpoint for its file service? Inside the network the port is usually open.",
      "Does the same host answer on 443? Then the port is what is closed.",
    ],
    docs: "https://learn.microsoft.com/azure/storage/files/files-troubleshoot",
    when: (leaf) =>
      isSilentOn(445, leaf)
        ? `no answer from ${leaf.facts.connect?.address} on port 445`
        : undefined,
  },
];
