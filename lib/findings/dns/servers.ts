/** What the views of one name say about each other. */
import type { Rule } from "../rule.ts";
import { isInEffect } from "./relay.ts";
import {
  addressesOf,
  answered,
  answerMs,
  answerSet,
  denied,
  isLocal,
  plain,
  silent,
  viewsOf,
  whereOf,
} from "./views.ts";

/** Slower than this, and so many times slower than the fastest, is slow. */
const SLOW_MS = 500;
const SLOW_TIMES = 5;

export const serverRules: readonly Rule[] = [
  {
    code: "dns.servers_disagree",
    severity: "warn",
    blame: "dns",
    confidence: "certain",
    title: "The servers give different answers",
    why: "Which answer the application gets depends on the server that happens to be asked.",
    rivals: ["the name is balanced by DNS, and each server was caught at another turn"],
    next: ["Ask again: do the differences stay with the servers, or do they wander?"],
    when(leaf, all) {
      const known = viewsOf(leaf, all).filter((one) => answered(one) && !isLocal(one));
      if (known[0] !== leaf) return undefined; // once for the run
      return new Set(known.map(answerSet)).size > 1
        ? known.map((one) => `${whereOf(one)}: ${answerSet(one) || "none"}`).join("; ")
        : undefined;
    },
  },
  {
    code: "dns.known_to_some",
    severity: "warn",
    blame: "dns",
    confidence: "certain",
    title: "Some servers know the name, others deny it",
    why:
      "A denial is an answer: the application does not go on to the next server, so it sees the name or " +
      "not, by the server that it asks first.",
    rivals: ["a record that is new has not reached every server"],
    next: ["Give the zone, or its forwarding, to the servers that deny the name; or remove them."],
    when(leaf, all) {
      const views = viewsOf(leaf, all).filter((one) => !isLocal(one));
      const no = views.filter(denied);
      const yes = views.filter(answered);
      if (no[0] !== leaf || yes.length === 0) return undefined;
      return `${yes.map(whereOf).join(", ")} answer; ${no.map(whereOf).join(", ")} do not`;
    },
  },
  {
    code: "dns.one_dead",
    severity: "warn",
    blame: "network",
    confidence: "certain",
    title: "One of the name servers gives no answer",
    why:
      "Another server answers, so names resolve; but look-ups that begin with the dead one pay its " +
      "time-out first, each of them.",
    rivals: ["the server is up, and a rule on the way discards the question"],
    next: ["Repair the server, or take it off the list: WEBSITE_DNS_SERVER, or the VNet's own."],
    when(leaf, all) {
      const views = viewsOf(leaf, all).filter((one) => one.facts.query?.server !== undefined);
      const dead = views.filter(silent);
      if (dead[0] !== leaf || !views.some((one) => answered(one) || denied(one))) return undefined;
      return `${dead.map(whereOf).join(", ")}: ${dead.length} of ${views.length}`;
    },
  },
  {
    code: "dns.one_slow",
    severity: "info",
    blame: "dns",
    confidence: "likely",
    title: "One of the name servers is much slower",
    why: "Look-ups that begin with it wait for it, although another would have answered long before.",
    rivals: ["it was the first to be asked for this name, and had to go and find it"],
    next: ["Ask again: is it still slow when the answer is in its cache?"],
    when(leaf, all) {
      const others = viewsOf(leaf, all)
        .filter((one) => !isLocal(one) && one !== leaf)
        .map(answerMs);
      const fastest = Math.min(...others.filter((ms) => ms !== undefined));
      const ms = isLocal(leaf) ? undefined : answerMs(leaf);
      return ms !== undefined && ms > SLOW_MS && ms > fastest * SLOW_TIMES
        ? `${ms} ms, the fastest ${fastest} ms`
        : undefined;
    },
  },
  {
    code: "dns.system_differs",
    severity: "warn",
    blame: "configuration",
    confidence: "certain",
    title: "The application sees another answer than the name servers give",
    why:
      "The system resolver is what the application uses. What it says comes from none of the servers " +
      "that were asked here, or they say what it does not.",
    rivals: [
      "the hosts file, or a name of a hybrid connection, answers before any server",
      "a cache still holds the answer of before",
      "the search list made another name of it",
      "the platform asks servers that no setting shows",
    ],
    next: ["Ask again with a final dot, name=NAME. with the dot: then no search list applies."],
    when(leaf, all) {
      if (leaf.facts.query?.transport !== "system" || isInEffect(leaf, all)) return undefined;
      const servers = viewsOf(leaf, all).filter((one) => !isLocal(one) && !silent(one));
      const given = servers.filter(answered);
      const sets = given.map((one) => new Set(addressesOf(one).map(({ address }) => address)));
      const own = addressesOf(leaf).map(({ address }) => address);
      const told = given.map((one) => answerSet(one) || "none").join(" or ") || "no address";
      if (servers.length === 0) return undefined;
      if (!answered(leaf)) {
        return denied(leaf) && given.length > 0 ? `no address here, ${told} there` : undefined;
      }
      const strange = own.filter((one) => sets.every((set) => !set.has(one)));
      return strange.length > 0 ? `${strange.join(", ")} here, ${told} there` : undefined;
    },
  },
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
      "The name has fewer dots than ndots asks for, so other names are tried before it: each costs the " +
      "application a question for A and one for AAAA, at every look-up.",
    rivals: [],
    next: ["Write the name with a final dot in the application's configuration."],
    when({ facts }) {
      const { search, question } = facts.query ?? {};
      const own = search?.findIndex((one) => plain(one) === plain(question?.name ?? "")) ?? 0;
      return own > 0 ? `before it: ${search?.slice(0, own).join(", ")}` : undefined;
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
