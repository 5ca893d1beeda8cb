import { domainToUnicode } from "node:url";
import { Failure } from "../failure.ts";
import type { Probe } from "../probe.ts";
import type { Message } from "../protocols/dns/message.ts";
import { repeatedly } from "../repeat.ts";
import { ask, type ServerQuestion } from "../stages/ask.ts";
import { askCares } from "../stages/ask-cares.ts";
import { askSystem } from "../stages/ask-system.ts";
import { control } from "../stages/control.ts";
import { resolve } from "../stages/resolve.ts";
import type { Target } from "../target.ts";
import type { Trail } from "../trail.ts";
import { command } from "./dns-command.ts";
import { input, type Asked } from "./dns-input.ts";
import { trace } from "./dns-trace.ts";
import {
  isAddressType,
  labelOf,
  questionOf,
  typesOf,
  viewsOf,
  type LocalView,
  type ServerView,
  type View,
} from "./dns-views.ts";

export const dns: Probe<typeof input> = {
  name: "dns",
  title: "Name resolution",
  summary: "Asks the system resolver and every configured or given server, each on its own.",
  input,
  stages: [ask, control, resolve],
  cost: "light",
  example: "name=localhost",

  async run(asked, trail) {
    if (asked.trace) return trace(trail, asked);
    trail.plan([ask]);
    const several = typesOf(asked).length > 1;
    const views = viewsOf(asked, trail.here);
    await trail.fork(
      "servers",
      views,
      (view) => labelOf(view, several),
      (own, view) => askView(own, view, asked),
      // Watching is mostly waiting: nobody waits for another to end.
      ...(asked.watch > 0 ? [views.length] : []),
    );
  },

  about(asked) {
    const types = typesOf(asked);
    return {
      target: { input: unicodeOf(asked.name) ?? asked.name, scheme: "dns", host: asked.name },
      notProved: types.some(isAddressType) ? ["that anything listens at the addresses"] : [],
      reproduce: types.map((type) => command(asked, type)),
    };
  },
};

/** Asks one view; `told` hears what a server answered, whatever it means. */
export function askView(
  own: Trail,
  view: View,
  asked: Asked,
  told: (message: Message) => void = () => {},
): Promise<unknown> {
  return view.view === "server" ? askServer(own, view, asked, told) : askHere(own, view, asked);
}

function askHere(own: Trail, local: LocalView, { name, timeoutMs }: Asked) {
  const unicode = unicodeOf(name);
  if (local.view === "system") {
    const names = own.here.searched(name);
    return own.take(askSystem, { name, type: local.type, unicode, names });
  }
  const waitMs = Math.ceil(timeoutMs / 4);
  return own.take(askCares, { name, type: local.type, unicode, waitMs });
}

async function askServer(
  own: Trail,
  view: ServerView,
  asked: Asked,
  told: (message: Message) => void,
) {
  const { target, origin, type, names, opinion } = view;
  const peer = await peerOf(own, target);
  const question = questionOf(asked, type, target);
  const unicode = unicodeOf(asked.name);
  let last: Message | undefined;
  const heard = (message: Message) => {
    last = message;
    told(message);
  };
  const from: ServerQuestion = {
    peer,
    target,
    question,
    names,
    unicode,
    origin,
    heard,
    ...(opinion === undefined ? {} : { opinion }),
  };
  const no = await noOf(own.take(ask, from));
  if (wantsControl(view, asked, no)) {
    controlled.add(target);
    await noOf(own.take(control, { peer, target, question }));
  }
  if (asked.watch > 0) {
    // Judged and counted anew, each time: a minute is long, and a name may move.
    const again = async (sample: Trail) =>
      sample.take(ask, { ...from, peer: await peerOf(sample, target), before: last });
    const label = labelOf(view, typesOf(asked).length > 1);
    await repeatedly(own, label, asked.watch, () => freshForMs(last), again);
  }
  if (no !== undefined) throw no;
}

/** Servers by their targets, which are made anew for each run: control questions are put to each once. */
const controlled = new WeakSet<Target>();

/** A second type that is missing explains itself: names with addresses of one family are usual. */
function wantsControl({ target, first }: ServerView, asked: Asked, no: Failure | undefined) {
  if (controlled.has(target)) return false;
  return asked.control ?? (no !== undefined && (first || no.code !== "dns.nodata"));
}

async function peerOf(own: Trail, target: Target) {
  const { host, port, isAddress } = target;
  const [peer] = isAddress
    ? own.here.admit({ host, port, kind: "dns", addresses: [host] })
    : await own.take(resolve, { target, kind: "dns" });
  if (peer === undefined) throw new Error("a target was admitted without a peer");
  return peer;
}

/** What a stage said no with: kept, so that something else can be asked before the branch ends with it. */
async function noOf(taken: Promise<unknown>): Promise<Failure | undefined> {
  try {
    await taken;
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

const SILENT_MS = 5000;

/** How long an answer holds: the least TTL on the way, or what the zone says of a no (RFC 2308 §5). */
function freshForMs(message: Message | undefined): number {
  if (message === undefined) return SILENT_MS;
  const soa = message.authority.find(({ type }) => type === "SOA");
  const minimum = Number(soa?.data.split(" ").at(-1) ?? 0);
  const ttls = message.answers.map(({ ttl }) => ttl);
  if (ttls.length === 0) return Math.min(soa?.ttl ?? 0, minimum) * 1000;
  return Math.min(...ttls) * 1000;
}

function unicodeOf(name: string): string | undefined {
  if (!/xn--/i.test(name)) return undefined;
  const unicode = domainToUnicode(name);
  return unicode === "" || unicode === name ? undefined : unicode;
}
