/** Who else knows the name of a check: asked beside one that fails, because the address may be the trouble. */
import { Failure } from "../failure.ts";
import { branchesIn, type Branch } from "../report.ts";
import { ask } from "../stages/ask.ts";
import { control } from "../stages/control.ts";
import type { Target } from "../target.ts";
import type { Trail } from "../trail.ts";
import { digName } from "./dns-command.ts";
import { input } from "./dns-input.ts";
import { labelOf, viewsOf } from "./dns-views.ts";
import { askView } from "./dns.ts";

/** Nothing can be demanded of what is only asked when something failed. */
export const viewStages = [ask, control].map((stage) => ({ ...stage, expect: {} }));

/** A look beside the question: a server that is slower than this has its own trouble. */
const PATIENCE_MS = 2000;

export interface Looked {
  readonly target: Target;
  readonly timeoutMs: number;
  /** Whether the system resolver gave an answer, which then can be asked for again. */
  readonly again: boolean;
  /** What was dialled. */
  readonly addresses: readonly string[];
}

/** Asks every view for the addresses of the name, each once. The resolver that was silent is left alone. */
export async function lookAround(trail: Trail, { target, timeoutMs, again, addresses }: Looked) {
  const { host, isAddress, absolute } = target;
  // RFC 6761 §6.3: names below localhost are nobody's business but this host's.
  if (isAddress || /(?:^|\.)localhost$/i.test(host)) return;
  const question = input.safeParse({
    name: absolute ? `${host}.` : host,
    type: [recordOf(addresses)],
    views: "all",
    tries: 1,
    timeoutMs: Math.min(timeoutMs, PATIENCE_MS),
  });
  if (!question.success) return; // a name that only a hosts file can hold
  const { data: asked } = question;
  const views = viewsOf(asked, trail.here).filter(({ view }) => again || view !== "system");
  await trail.fork(
    "servers",
    views,
    (view) => labelOf(view, false),
    (own, view) => unlessRefused(askView(own, view, asked)),
  );
}

/** What the application sees, and each server that was asked; `dig` alone, where nobody was. */
export function reproduceViews({ host, isAddress }: Target, result: Branch): string[] {
  if (isAddress) return [];
  const servers = branchesIn(result, "servers");
  const dialled = branchesIn(result, "addresses").flatMap(({ on = [] }) => on);
  const type = recordOf(dialled);
  const asked = servers.flatMap(({ on = "" }) => {
    const [, server, port] = /^\[?([\da-f.:]+?)\]?:(\d+)$/i.exec(on) ?? [];
    return server === undefined ? [] : [`dig @${server} -p ${port} ${digName(host)} ${type}`];
  });
  return asked.length === 0
    ? [`dig ${digName(host)} ${type}`]
    : [`getent ahosts ${host}`, ...asked];
}

/** The record that says where a name leads: of a name with IPv6 addresses alone, A would be asked in vain. */
function recordOf(addresses: readonly string[]): "A" | "AAAA" {
  return addresses.length > 0 && addresses.every((one) => one.includes(":")) ? "AAAA" : "A";
}

/** Nobody named these servers: that one of them may not be asked is no news of the target. Its step tells. */
async function unlessRefused(asked: Promise<unknown>): Promise<void> {
  try {
    await asked;
  } catch (error) {
    if (!(error instanceof Failure) || !error.code.startsWith("policy.")) throw error;
  }
}
