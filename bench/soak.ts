/**
 * `npm run bench:soak [-- --seconds 120]`: 64 callers ask everything at once, every tenth question meets a
 * server that means no good. Nothing may be left behind: no 5xx, descriptors, handles and timers back to
 * the start, a flat heap. Prints its figures; the exit code is 1 when a bound is broken.
 */
import { Agent, get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import * as z from "zod";
import { startChrony } from "../test/servers/chrony.ts";
import { closeAll } from "../test/servers/closing.ts";
import { peakMegabytes } from "./child.ts";
import { startHostile } from "./hostile.ts";
import { NAME, startPlaces } from "./places.ts";
import { startHandler, type Variant } from "./variants.ts";

const CALLERS = 64;
/** One question in so many is a hostile one. */
const HOSTILE_EVERY = 10;
const IDLE_MS = 5000;
const SAMPLE_MS = 2000;
/** What the fit may show by chance, in a heap of which 64 runs hold a part at any time. */
const SLOPE_MOST = 0.5;
const PEAK_MB = 256;

const vitals = z.object({
  descriptors: z.number(),
  resources: z.array(z.string()),
  heapMegabytes: z.number(),
  loopMs: z.number(),
});
type Vitals = z.infer<typeof vitals>;

/** What is counted of each kind of question. */
interface Tally {
  readonly answers: Map<string, number>;
  worstMs: number;
}

const { seconds } = parseArgs({ options: { seconds: { type: "string", default: "120" } } }).values;
try {
  process.exitCode = (await soak(Number(seconds) * 1000)) ? 0 : 1;
} finally {
  await closeAll();
}

async function soak(forMs: number): Promise<boolean> {
  const places = await startPlaces();
  await using clock = await startChrony("local stratum 3", "allow 127.0.0.1");
  const { http, https, dns } = places;
  const friendly = {
    tcp: `tcp?target=${http}`,
    tls: `tls?target=${https}`,
    http: `http?target=https://${https}/`,
    dns: `dns?name=${NAME}&server=${dns}`,
    ntp: `ntp?target=127.0.0.1:${clock.port}`,
    echo: "echo",
    check: `check?target=http://${http}/`,
  };
  const hostile = await startHostile();
  const handler = await startHandler(places, { flags: ["--expose-gc"] });
  // Every part that loads or is made at first use is there before the start is looked at, and no
  // connection of ours is.
  const first = new Agent({ keepAlive: true });
  const all = [...Object.values(friendly), ...Object.values(hostile)];
  await Promise.all(all.map((query) => ask(handler, query, 0, first)));
  first.destroy();
  await delay(IDLE_MS);
  const before = await look(handler);
  const until = performance.now() + forMs;
  const agent = new Agent({ keepAlive: true });
  const tallies = new Map<string, Tally>();
  const callers = Array.from({ length: CALLERS }, (_, caller) =>
    call(handler, { friendly, hostile, caller, until, agent, tallies }),
  );
  const heap = await sample(handler, until);
  await Promise.all(callers);
  agent.destroy();
  await delay(IDLE_MS);
  const after = await look(handler);
  printTallies(tallies);
  return verdict({ before, after, heap, tallies, peakMb: peakMegabytes(handler.pid) });
}

interface Calling {
  readonly friendly: Readonly<Record<string, string>>;
  readonly hostile: Readonly<Record<string, string>>;
  readonly caller: number;
  readonly until: number;
  readonly agent: Agent;
  readonly tallies: Map<string, Tally>;
}

/** One caller: the next question goes out when the one before is answered. */
async function call(handler: Variant, calling: Calling): Promise<void> {
  const { friendly, hostile, caller, until, agent, tallies } = calling;
  const good = Object.entries(friendly);
  const bad = Object.entries(hostile);
  for (let turn = caller; performance.now() < until; turn += 1) {
    const isBad = turn % HOSTILE_EVERY === 0;
    const round = Math.floor(turn / HOSTILE_EVERY);
    const [name, query] = (isBad ? bad[round % bad.length] : good[turn % good.length]) ?? ["", ""];
    const start = performance.now();
    const answer = await ask(handler, query, caller, agent);
    const tally = tallies.get(name) ?? { answers: new Map<string, number>(), worstMs: 0 };
    tallies.set(name, tally);
    tally.answers.set(answer, (tally.answers.get(answer) ?? 0) + 1);
    tally.worstMs = Math.max(tally.worstMs, performance.now() - start);
  }
}

/** Status and verdict, as `200 pass`. Each caller shows a key of its own, so each has its own quota. */
function ask(handler: Variant, query: string, caller: number, agent: Agent): Promise<string> {
  const headers = { "x-functions-key": `caller-${caller}` };
  return new Promise((resolve) => {
    get(`${handler.url}/api/${query}`, { agent, headers }, (answer) => {
      const outcome = `${answer.statusCode} ${String(answer.headers["sonde-verdict"])}`;
      answer.resume().on("end", () => resolve(outcome));
    }).on("error", (error) => resolve(error.message));
  });
}

async function look(handler: Variant): Promise<Vitals> {
  const answer = await fetch(handler.url, { headers: { connection: "close" } });
  return vitals.parse(await answer.json());
}

interface Sample {
  readonly seconds: number;
  readonly megabytes: number;
}

async function sample(handler: Variant, until: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  while (performance.now() < until) {
    await delay(SAMPLE_MS);
    const { heapMegabytes } = await look(handler);
    samples.push({ seconds: performance.now() / 1000, megabytes: heapMegabytes });
  }
  return samples;
}

/** Least squares over the second half, in MB a minute. */
function slopeOf(samples: readonly Sample[]): number {
  const half = samples.slice(Math.floor(samples.length / 2));
  const mean = (pick: (one: Sample) => number) =>
    half.reduce((sum, one) => sum + pick(one), 0) / half.length;
  const [x, y] = [mean((one) => one.seconds), mean((one) => one.megabytes)];
  const rise = mean((one) => (one.seconds - x) * (one.megabytes - y));
  const run = mean((one) => (one.seconds - x) ** 2);
  return (rise / run) * 60;
}

function printTallies(tallies: ReadonlyMap<string, Tally>): void {
  for (const [name, { answers, worstMs }] of tallies) {
    const counts = [...answers].map(([answer, count]) => `${count} × ${answer}`).join(", ");
    console.log(`${name.padEnd(22)} ${worstMs.toFixed(0).padStart(6)} ms at most   ${counts}`);
  }
  console.log();
}

interface Outcome {
  readonly before: Vitals;
  readonly after: Vitals;
  readonly heap: readonly Sample[];
  readonly tallies: ReadonlyMap<string, Tally>;
  readonly peakMb: number;
}

function verdict({ before, after, heap, tallies, peakMb }: Outcome): boolean {
  const answers = [...tallies.values()].flatMap((tally) => [...tally.answers]);
  const count = (wanted: (answer: string) => boolean) =>
    answers.reduce((sum, [answer, times]) => sum + (wanted(answer) ? times : 0), 0);
  const asked = count(() => true);
  const odd = count((answer) => !answer.startsWith("200 "));
  const slope = slopeOf(heap);
  const last = heap.at(-1)?.megabytes ?? Number.NaN;
  const bounds = [
    [`${asked} answers, ${odd} of them not 200`, odd === 0],
    [
      `descriptors: ${before.descriptors} before, ${after.descriptors} after`,
      after.descriptors <= before.descriptors,
    ],
    [
      `handles and timers: ${before.resources.join(" ")} before, ${after.resources.join(" ")} after`,
      after.resources.length <= before.resources.length,
    ],
    [
      `heap: ${before.heapMegabytes.toFixed(1)} MB before, ${last.toFixed(1)} under load, ` +
        `${after.heapMegabytes.toFixed(1)} after; slope of the second half ${slope.toFixed(2)} MB a minute`,
      slope <= SLOPE_MOST,
    ],
    [`memory: ${peakMb.toFixed(0)} MB at most`, peakMb <= PEAK_MB],
  ] as const;
  for (const [what, held] of bounds) console.log(`${held ? "held  " : "BROKEN"}  ${what}`);
  console.log(`        event loop p99 ${after.loopMs.toFixed(1)} ms`);
  return bounds.every(([, held]) => held);
}
