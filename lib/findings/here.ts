/** Connections that stand, and prove less than they seem to: something nearer may have answered. */
import type { Leaf } from "../leaves.ts";
import type { Rule } from "./rule.ts";

/** Nearer than any public host but one of the same site: a host of another region is some milliseconds away. */
const NEAR_MS = 1;

/** How the first words after a connect end where the target never heard them. */
const unheard: readonly string[] = [
  "tls.closed",
  "tls.timeout",
  "tcp.reset",
  "tcp.closed",
  "http.closed",
  "http.timeout",
  "service.timeout",
];

/** `localhost` and what is below it lead here by definition: RFC 6761 §6.3. */
const isOwnName = (host: string) => /(^|\.)localhost\.?$/i.test(host);

export const hereRules: readonly Rule[] = [
  {
    code: "tcp.leads_here",
    severity: "info",
    blame: "configuration",
    confidence: "certain",
    basis: "documents",
    title: "The name leads back to this host",
    why:
      "The system resolver gives a loopback address for it. Something on this host answers, or does not; the " +
      "host that the name means was not asked. Names of hybrid connections are answered like this, and a " +
      "connection then proves the listener of the relay: only an answer in the target's own protocol proves the target.",
    rivals: [
      "the hosts file names this host",
      "a sidecar or proxy on this host takes the connection",
    ],
    next: [
      "With a hybrid connection: is the connection manager connected, and is the endpoint written with exactly this name and port?",
      "Ask the name servers as well, /api/dns?name=NAME: they do not know a name that only this host answers.",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/app-service-hybrid-connections",
    when({ facts: { resolve, connect } }) {
      const { host = "", resolver } = resolve ?? {};
      if (resolver !== "system" || connect?.class !== "loopback" || isOwnName(host))
        return undefined;
      return `${host} is ${connect.address} here`;
    },
  },
  {
    code: "tcp.answered_on_the_way",
    severity: "info",
    blame: "network",
    confidence: "possible",
    basis: "documents",
    title: "Something near may have answered for the target",
    why:
      "The connection to a public address stood within a millisecond, and what was said on it got no answer or " +
      "was cut off. Firewalls that inspect a connection accept it themselves before they decide.",
    rivals: ["the target is as near as that, and ended the conversation itself"],
    next: [
      "Look at the firewall's application rules for this host: a refusal there comes after the connect.",
      "Does an address of the same range on which nobody listens connect as fast? Then the answer is not the target's.",
    ],
    when({ facts: { connect }, stopped }: Leaf) {
      const { connectMs, address } = connect ?? {};
      if (connect?.class !== "public" || connectMs === undefined || connectMs >= NEAR_MS)
        return undefined;
      return stopped !== undefined && stopped.stage !== "connect" && unheard.includes(stopped.code)
        ? `${address} connected after ${connectMs} ms; then ${stopped.code}`
        : undefined;
    },
  },
];
