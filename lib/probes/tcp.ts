import { climbSizes, listen, staySilent } from "../opened.ts";
import type { Probe } from "../probe.ts";
import { placeOf } from "../protocols/authority.ts";
import { burst, remembering, repeated } from "../repeat.ts";
import { banner } from "../stages/banner.ts";
import { idle } from "../stages/idle.ts";
import { ladder } from "../stages/ladder.ts";
import { race } from "../stages/race.ts";
import { resolve } from "../stages/resolve.ts";
import { rung } from "../stages/rung.ts";
import { tally } from "../stages/tally.ts";
import { reported, type Target } from "../target.ts";
import type { Trail } from "../trail.ts";
import { addressToRepeat, climb, type Walk } from "../walk.ts";
import { open } from "../walks.ts";
import { input, MOST_MS, type Asked } from "./tcp-input.ts";

/** One connection to the first address: enough to tell whether others are untouched. */
async function compare(own: Trail, target: Target): Promise<void> {
  const [peer] = await own.take(resolve, { target, kind: open.kind });
  if (peer !== undefined) await open.walk(own, peer, target);
}

const patienceOf = ({ count, intervalMs }: Pick<Asked, "count" | "intervalMs">) =>
  Math.min(5000, Math.floor(MOST_MS / count) - intervalMs);

/** Each address once, and no more than to connect: what clients do. */
const isPlain = (question: Asked) => walkOf(question) === open;

function walkOf(question: Asked): Walk {
  const { count, intervalMs, parallel, idleMs, timeoutMs = patienceOf(question) } = question;
  if (question.banner) return listen(timeoutMs);
  if (idleMs !== undefined) return staySilent(idleMs, timeoutMs);
  if (question.size !== undefined) return climbSizes(timeoutMs);
  if (parallel > 1) return burst(open, parallel);
  return count === 1 ? open : repeated(open, { count, intervalMs });
}

export const tcp: Probe<typeof input> = {
  name: "tcp",
  title: "TCP connection",
  summary: "Opens a TCP connection to every address of a name, once or again and again.",
  input,
  stages: [resolve, ...open.stages, race, banner, idle, rung, ladder, tally],
  cost: "medium",
  example: "target=127.0.0.1:7071",
  patienceMs: patienceOf,
  // Beside the silence there is time for all that comes before and after, and for a look-up that hangs.
  budgetMs: ({ idleMs = 0 }) => idleMs + 20_000,
  async run(question, trail) {
    const { target, control } = question;
    const beside = () => trail.fork("controls", control, placeOf, compare);
    const controls = control.length === 0 ? undefined : beside();
    try {
      const { walk, tried } = remembering(walkOf(question));
      await climb(trail, target, walk);
      if (isPlain(question) && tried.length > 1) await trail.take(race, tried);
    } finally {
      await controls;
    }
  },
  about: (question, result) => ({
    target: reported(question.target, "tcp"),
    notProved: walkOf(question).notProved,
    reproduce: walkOf(question).reproduce(question.target, addressToRepeat(result)),
  }),
};
