/** `prober: tcp`: a connection, TLS over it, and a conversation. */
import { agree, type Session, type Terms } from "../../stages/agree.ts";
import { connect } from "../../stages/connect.ts";
import { script, type Entry, type Heard } from "../../stages/script.ts";
import { resolve } from "../../stages/resolve.ts";
import { parseTarget, type Target } from "../../target.ts";
import type { Trail } from "../../trail.ts";
import { choose, type Preference } from "./choose.ts";
import { badTarget, unmet, type Outcome, type Recipe, type Scrape } from "./recipe.ts";
import { countChain, countSession } from "./session.ts";

export interface TcpManner {
  readonly preference: Preference;
  readonly tls: boolean;
  readonly terms: Terms;
  readonly entries: readonly Entry[];
}

const rules = { schemes: { tcp: undefined }, otherwise: "tcp" };

export function tcpRecipe(manner: TcpManner): Recipe {
  const { tls, entries, preference } = manner;
  const kind = tls ? "tls" : "tcp";
  const planned = [
    resolve,
    connect,
    ...(tls ? [agree] : []),
    ...(entries.length > 0 ? [script] : []),
  ];
  return async (trail, scrape) => {
    scrape.gauges.set("probe_failed_due_to_regex", 0);
    scrape.gauges.set("probe_failed_due_to_bytes", 0);
    const target = parseTarget(scrape.target, rules);
    if ("wrong" in target) return badTarget(target.wrong);
    trail.plan(planned);
    const peer = await choose(trail, target, kind, preference, scrape);
    using wire = await trail.take(connect, peer);
    const agreement = agreementFor(target, manner, scrape);
    if (!tls) return await converse(trail, { wire, entries, agreement }, scrape);
    const { wire: secured } = await trail.take(agree, { ...agreement, wire });
    using _secured = secured;
    return await converse(trail, { wire: secured, entries, agreement }, scrape);
  };
}

function agreementFor({ host }: Target, { terms }: TcpManner, { hostname = host, gauges }: Scrape) {
  return {
    name: hostname,
    alpn: [],
    terms,
    told: (session: Session) => {
      countSession(gauges, session);
      countChain(gauges, session, terms.verify);
    },
  };
}

type Talk = Omit<Parameters<typeof script.run>[0], "told">;

async function converse(trail: Trail, talk: Talk, { gauges, say }: Scrape): Promise<Outcome> {
  if (talk.entries.length === 0) return undefined;
  const told = ({ what, fits, labels, line }: Heard) => {
    const name = what === "expect" ? "regex" : "bytes";
    gauges.set(`probe_failed_due_to_${name}`, fits ? 0 : 1);
    if (labels !== undefined) gauges.set("probe_expect_info", 1, labels);
    if (line !== undefined) say(`${fits ? "heard" : "heard last, and it does not fit"}: ${line}`);
  };
  const unfit = await trail.take(script, { ...talk, told });
  if (unfit === undefined) return undefined;
  const what = talk.entries[unfit - 1]?.octets === undefined ? "expect" : "expect_bytes";
  return unmet(what, `entry ${unfit} of query_response heard nothing that fits`);
}
