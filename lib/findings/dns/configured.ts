/** What the configuration of name servers does by itself. */
import type { Rule } from "../rule.ts";
import { isLocal, plain, viewsOf } from "./views.ts";

export const configuredRules: readonly Rule[] = [
  {
    code: "dns.alternative_alone",
    severity: "warn",
    blame: "configuration",
    confidence: "likely",
    basis: "documents",
    title: "An alternative name server is set without a primary one",
    why: "WEBSITE_DNS_ALT_SERVER has an effect beside WEBSITE_DNS_SERVER only.",
    rivals: ["the primary server is set as a site property, which no variable mirrors"],
    next: ["Set WEBSITE_DNS_SERVER, or remove WEBSITE_DNS_ALT_SERVER."],
    when(leaf, all) {
      const origins = all.map((one) => one.facts.query?.origin ?? "");
      const isAlternative = leaf.facts.query?.origin?.startsWith("WEBSITE_DNS_ALT_SERVER");
      const hasPrimary = origins.some((origin) => origin.startsWith("WEBSITE_DNS_SERVER"));
      return isAlternative === true && !hasPrimary
        ? `${leaf.facts.query?.server ?? "a server"} is the alternative, and there is no primary`
        : undefined;
    },
  },
  {
    code: "dns.opaque_resolver",
    severity: "info",
    blame: "platform",
    confidence: "certain",
    title: "The name server here is a forwarder of the container platform",
    why: "It hides the servers that it asks itself: which of them answered cannot be seen from inside.",
    rivals: [],
    next: ["The DNS settings of the environment, or of its VNet, say whom it asks."],
    when: ({ facts }) =>
      facts.query?.server?.startsWith("127.0.0.11:") === true
        ? `${facts.query.server} is the container platform's own`
        : undefined,
  },
  {
    code: "dns.search_cost",
    severity: "info",
    blame: "configuration",
    confidence: "certain",
    title: "The search list costs extra questions",
    why:
      "The search list makes several names of this one, and others are tried before the one that counts: " +
      "each costs the application a question for A and one for AAAA, at every look-up.",
    rivals: [],
    next: ["Write that name whole, with a final dot, in the application's configuration."],
    when(leaf, all) {
      const { search = [], question } = leaf.facts.query ?? {};
      // Which of the names had the answer only a server shows.
      const isShown = viewsOf(leaf, all).some(
        (one) => !isLocal(one) && one.facts.query?.search !== undefined,
      );
      if (isLocal(leaf) && isShown) return undefined;
      const at = search.findIndex((one) => plain(one) === plain(question?.name ?? ""));
      return at > 0 ? `before ${search[at]}: ${search.slice(0, at).join(", ")}` : undefined;
    },
  },
  {
    code: "dns.cares_fallback",
    severity: "info",
    blame: "platform",
    confidence: "likely",
    basis: "documents",
    title: "c-ares found no name server and would ask this machine",
    why:
      "Where c-ares cannot read the configuration it falls back to 127.0.0.1, as some builds of Node do on " +
      "Windows plans. That is a fault of the view, not of DNS: getaddrinfo is what counts for most programs.",
    rivals: ["a name server does run on this machine"],
    next: ["Does the application use dns.resolve? Then give it servers with dns.setServers."],
    when({ facts }, all) {
      const { servers = [], transport } = facts.query ?? {};
      const isOwn = servers.length > 0 && servers.every((one) => /^(127\.0\.0\.1|::1)$/.test(one));
      const configured = all.some((one) => one.facts.query?.server === "127.0.0.1:53");
      return transport === "cares" && isOwn && !configured ? servers.join(", ") : undefined;
    },
  },
];
