/** `prober: dns`: one question to one server, and what its records must look like. */
import { goText } from "../../protocols/dns/go-text.ts";
import type { Message } from "../../protocols/dns/message.ts";
import type { Pattern } from "../../protocols/pattern.ts";
import { agree, type Terms } from "../../stages/agree.ts";
import { askOnce } from "../../stages/ask-once.ts";
import { connect } from "../../stages/connect.ts";
import { resolve } from "../../stages/resolve.ts";
import { parseTarget, type Target } from "../../target.ts";
import type { Trail } from "../../trail.ts";
import { choose, type Preference } from "./choose.ts";
import { badTarget, seconds, unmet, type Recipe, type Scrape, type Unmet } from "./recipe.ts";

export interface DnsManner {
  readonly preference: Preference;
  readonly transport: "udp" | "tcp" | "tls";
  readonly terms: Terms;
  readonly name: string;
  readonly type: string;
  readonly class: string;
  readonly recursion: boolean;
  readonly rcodes: readonly string[];
  readonly sections: readonly Section[];
}

export interface Section {
  readonly option: string;
  readonly of: "answers" | "authority" | "additional";
  readonly matches: readonly Pattern[];
  /** Fails when not all records fit, whatever its name says: this is what the exporter does. */
  readonly allMatch: readonly Pattern[];
  readonly notMatches: readonly Pattern[];
  readonly noneMatches: readonly Pattern[];
}

const phases = ["resolve", "connect", "request"].map((phase) => ({ phase }));
const [resolving, connecting, requesting] = phases;
const DURATION = "probe_dns_duration_seconds";

export function dnsRecipe(manner: DnsManner): Recipe {
  const { transport } = manner;
  const rules = { schemes: { dns: transport === "tls" ? 853 : 53 }, otherwise: "dns" };
  const stages = [
    resolve,
    ...(transport === "udp" ? [] : [connect]),
    ...(transport === "tls" ? [agree] : []),
    askOnce,
  ];
  return async (trail, scrape) => {
    const { gauges } = scrape;
    for (const phase of phases) gauges.set(DURATION, 0, phase);
    for (const name of sectionNames) gauges.set(`probe_dns_${name}_rrs`, 0);
    gauges.set("probe_dns_query_succeeded", 0);
    const target = parseTarget(scrape.target, rules);
    if ("wrong" in target) return badTarget(target.wrong);
    trail.plan(stages);
    let tookSeconds = 0;
    const resolved = (lookup: number) => void (tookSeconds = lookup);
    const peer = await choose(trail, target, "dns", manner.preference, { ...scrape, resolved });
    // Of a look-up in vain the exporter counts no time here.
    gauges.set(DURATION, tookSeconds, resolving);
    const message = await exchanged(trail, target, peer, manner, scrape);
    count(message, manner, scrape);
    return judge(message, manner);
  };
}

type Peer = Awaited<ReturnType<typeof choose>>;

async function exchanged(
  trail: Trail,
  target: Target,
  peer: Peer,
  manner: DnsManner,
  { gauges, timeoutMs }: Scrape,
): Promise<Message> {
  const { transport, terms, recursion } = manner;
  const { name, type, class: kind } = manner;
  const plain = { rd: recursion, cd: false, edns: "off", cookie: false, doh: "POST" } as const;
  const once = { tries: 1, timeoutMs, searched: false };
  const question = { name, type, class: kind, transport, ...plain, ...once };
  const asked = { peer, question, waitMs: timeoutMs };
  const start = performance.now();
  let sent = start;
  const put = async (over: object) => {
    sent = performance.now();
    gauges.set(DURATION, seconds(start, sent), connecting);
    return trail.take(askOnce, { ...asked, ...over });
  };
  try {
    if (transport === "udp") return await put({});
    using wire = await trail.take(connect, peer);
    if (transport === "tcp") return await put({ wire });
    const agreement = { wire, name: target.host, alpn: [], terms, told: () => {} };
    const session = await trail.take(agree, agreement);
    using secured = session.wire;
    return await put({ wire: secured });
  } finally {
    if (sent > start) gauges.set(DURATION, seconds(sent), requesting);
    else gauges.set(DURATION, seconds(start), connecting);
  }
}

const sectionNames = ["answer", "authority", "additional"] as const;

function count(message: Message, { type }: DnsManner, { gauges, say }: Scrape): void {
  const { answers, authority, additional, rcode, edns } = message;
  for (const [index, records] of [answers, authority, additional].entries()) {
    gauges.set(`probe_dns_${sectionNames[index]}_rrs`, records.length);
  }
  // OPT is a record to the exporter; some servers send one that nobody asked for.
  if (edns !== undefined) gauges.add("probe_dns_additional_rrs", 1);
  gauges.set("probe_dns_query_succeeded", 1);
  say(`answered ${rcode}`);
  for (const record of answers) say(goText(record));
  if (type !== "SOA") return;
  const soa = answers.findLast((one) => one.type === "SOA");
  gauges.set("probe_dns_serial", Number(soa?.data.split(" ")[2] ?? 0));
}

function judge(message: Message, { rcodes, sections }: DnsManner): Unmet | undefined {
  const { rcode } = message;
  if (!rcodes.includes(rcode)) return unmet("valid_rcodes", `the answer is ${rcode}`);
  for (const section of sections) {
    const why = unfit(message[section.of].map(goText), section);
    if (why !== undefined) return unmet(section.option, why);
  }
  return undefined;
}

function unfit(records: readonly string[], section: Section): string | undefined {
  const { matches, allMatch, notMatches, noneMatches } = section;
  const some = (pattern: Pattern) => records.some((one) => pattern.fits(one));
  const every = (pattern: Pattern) => records.every((one) => pattern.fits(one));
  if (records.length === 0 && notMatches.length + noneMatches.length > 0) {
    return "the section holds no record";
  }
  if (matches.some(some)) return "a record matches what none may";
  if (!notMatches.every(every)) return "a record does not match what all must";
  if (!allMatch.every(every)) return "not all records match";
  if (noneMatches.length > 0 && !noneMatches.some(some)) return "no record matches";
  return undefined;
}
