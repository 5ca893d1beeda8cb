/** `prober: websocket`: an upgrade, and a conversation of messages. */
import type { Pattern } from "../../protocols/pattern.ts";
import { agree, type Terms } from "../../stages/agree.ts";
import { connect } from "../../stages/connect.ts";
import type { Messages } from "../../stages/messages.ts";
import { resolve } from "../../stages/resolve.ts";
import { upgrade, type Upgrade } from "../../stages/upgrade.ts";
import { parseTarget } from "../../target.ts";
import type { Trail } from "../../trail.ts";
import { choose, type Preference } from "./choose.ts";
import { badTarget, seconds, unmet, type Outcome, type Recipe, type Scrape } from "./recipe.ts";

export interface Exchange {
  /** The next message must fit. */
  readonly expect?: Pattern;
  readonly send?: string;
}

export interface WebsocketManner {
  readonly preference: Preference;
  readonly terms: Terms;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly exchanges: readonly Exchange[];
}

const DURATION = "probe_websocket_duration_seconds";
const [resolving, connecting, processing, transferring] = [
  "resolve",
  "connect",
  "processing",
  "transfer",
].map((phase) => ({ phase }));

const rules = { schemes: { ws: 80, wss: 443 }, otherwise: "ws" };

export function websocketRecipe(manner: WebsocketManner): Recipe {
  return async (trail, scrape) => {
    const { gauges } = scrape;
    gauges.set("probe_websocket_connection_upgraded", 0);
    gauges.set("probe_websocket_status_code", 0);
    gauges.set("probe_websocket_failed_due_to_regex", 0);
    const target = parseTarget(scrape.target, rules);
    if ("wrong" in target) return badTarget(target.wrong);
    const isSecured = target.scheme === "wss";
    trail.plan([resolve, connect, ...(isSecured ? [agree] : []), upgrade]);
    const resolved = (took: number) => gauges.set(DURATION, took, resolving);
    const peer = await choose(trail, target, "http", manner.preference, { ...scrape, resolved });
    const start = performance.now();
    using wire = await trail.take(connect, peer);
    const begun = performance.now();
    gauges.set(DURATION, seconds(start, begun), connecting);
    const { terms } = manner;
    const asked = { target, headers: manner.headers };
    if (!isSecured) return await open(trail, { ...asked, wire }, begun, manner, scrape);
    const agreement = { wire, name: target.host, alpn: ["http/1.1"], terms, told: () => {} };
    const session = await trail.take(agree, agreement);
    using secured = session.wire;
    return await open(trail, { ...asked, wire: secured }, begun, manner, scrape);
  };
}

async function open(
  trail: Trail,
  asked: Upgrade,
  begun: number,
  { exchanges }: WebsocketManner,
  { gauges, say }: Scrape,
): Promise<Outcome> {
  const set = (name: string, value: number) => gauges.set(`probe_websocket_${name}`, value);
  const answered = (status: number) => {
    gauges.set(DURATION, seconds(begun), processing);
    set("status_code", status);
  };
  let outcome: Outcome;
  const converse = async (messages: Messages) => {
    set("connection_upgraded", 1);
    if (exchanges.length === 0) return;
    const start = performance.now();
    set("failed_due_to_regex", 1);
    try {
      outcome = await talk(messages, exchanges, say);
    } finally {
      gauges.set(DURATION, seconds(start), transferring);
    }
    if (outcome === undefined) set("failed_due_to_regex", 0);
  };
  await trail.take(upgrade, { ...asked, answered, converse });
  return outcome;
}

async function talk(
  messages: Messages,
  exchanges: readonly Exchange[],
  say: Scrape["say"],
): Promise<Outcome> {
  for (const [index, { expect, send = "" }] of exchanges.entries()) {
    const text = expect === undefined ? send : await answerTo(messages, expect, send, say);
    if (text === undefined) {
      const why = `entry ${index + 1} of query_response heard a message that does not fit`;
      return unmet("expect", why);
    }
    if (text !== "") messages.say(text);
  }
  return undefined;
}

async function answerTo(
  messages: Messages,
  expect: Pattern,
  send: string,
  say: Scrape["say"],
): Promise<string | undefined> {
  const heard = await messages.next();
  say(`heard: ${heard}`);
  return expect.find(heard)?.fill(send);
}
