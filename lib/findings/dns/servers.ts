/** What the views of one name say about each other. */
import type { Leaf } from "../../leaves.ts";
import type { Rule } from "../rule.ts";
import { isInEffect } from "./relay.ts";
import {
  addressesOf,
  answered,
  answerMs,
  answerSet,
  denied,
  isLocal,
  isOpinion,
  silent,
  viewsOf,
  whereOf,
} from "./views.ts";

/** Slower than this, and so many times slower than the fastest, is slow. */
const SLOW_MS = 500;
const SLOW_TIMES = 5;

/** The servers that the application may ask. */
const asked = (leaf: Leaf, all: readonly Leaf[]) =>
  viewsOf(leaf, all).filter((one) => !isLocal(one) && !isOpinion(one));

const isSame = (one: Leaf, other: Leaf) => one.facts.query?.server === other.facts.query?.server;

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
      const known = asked(leaf, all).filter(answered);
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
      const views = asked(leaf, all);
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
      const views = asked(leaf, all).filter((one) => one.facts.query?.server !== undefined);
      const alive = views.filter((one) => answered(one) || denied(one));
      // Asked in two ways and silent in one, a server is not dead: other rules speak of the way.
      const dead = views.filter((one) => silent(one) && !alive.some((by) => isSame(by, one)));
      if (dead[0] !== leaf || alive.length === 0) return undefined;
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
      const others = asked(leaf, all)
        .filter((one) => one !== leaf)
        .map(answerMs);
      const fastest = Math.min(...others.filter((ms) => ms !== undefined));
      const ms = isLocal(leaf) || isOpinion(leaf) ? undefined : answerMs(leaf);
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
      "the name is balanced by DNS, and each look-up was given another turn",
    ],
    next: ["Ask again with a final dot, name=NAME. with the dot: then no search list applies."],
    when(leaf, all) {
      if (leaf.facts.query?.transport !== "system" || isInEffect(leaf, all)) return undefined;
      const servers = asked(leaf, all).filter((one) => !silent(one));
      const given = servers.filter(answered);
      const anywhere = viewsOf(leaf, all).filter((one) => answered(one) && !isLocal(one));
      const known = new Set(anywhere.flatMap(addressesOf).map(({ address }) => address));
      const own = addressesOf(leaf).map(({ address }) => address);
      const told = given.map((one) => answerSet(one) || "none").join(" or ") || "no address";
      if (servers.length === 0) return undefined;
      if (!answered(leaf)) {
        return denied(leaf) && given.length > 0 ? `no address here, ${told} there` : undefined;
      }
      const strange = own.filter((one) => !known.has(one));
      return strange.length > 0 ? `${strange.join(", ")} here, ${told} there` : undefined;
    },
  },
];
