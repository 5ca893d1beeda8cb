/**
 * `npm run bench`: Sonde beside blackbox_exporter and beside nothing, in one table, in one run on one
 * machine. `--quick` measures two kinds of probe for a second each, to see that the benchmark works.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { pathToFileURL } from "node:url";
import { closeAll } from "../test/servers/closing.ts";
import { missing } from "../test/servers/packages.ts";
import { peakMegabytes } from "./child.ts";
import { load, median, type Figures } from "./load.ts";
import { compareMany } from "./many.ts";
import { startPlaces } from "./places.ts";
import { printGoals, printMany, printRows, type Row } from "./table.ts";
import {
  layOut,
  questions,
  scrapeOf,
  startBlackbox,
  startEmpty,
  startFloor,
  startHandler,
  startSonde,
  type Variant,
} from "./variants.ts";

const { quick = false } = parseArgs({ options: { quick: { type: "boolean" } } }).values;
const plan = quick
  ? {
      asked: ["tcp", "dns"] as const,
      clients: [10],
      rounds: 1,
      warmUp: 0,
      seconds: 1,
      imports: 3,
      many: { rounds: 3, seconds: 1, clients: [10] },
    }
  : {
      asked: questions,
      clients: [10, 50],
      rounds: 2,
      warmUp: 1,
      seconds: 4,
      imports: 10,
      many: { rounds: 20, seconds: 3, clients: [4, 8, 16, 32, 64] },
    };

interface Cell {
  readonly row: Omit<Row, "figures">;
  readonly url: string;
  readonly pid: number;
}

const needed = ["nginx", "named", "openssl", "wrk", "prometheus-blackbox-exporter"] as const;
const absent = missing(needed);
if (absent.length > 0) {
  console.error(`the benchmark needs these Debian packages: ${absent.join(" ")}`);
  process.exit(2);
}
try {
  await compare();
} finally {
  await closeAll();
}

async function compare(): Promise<void> {
  const places = await startPlaces();
  const root = await layOut("../functions/index.ts");
  const importMs = await importTime(join(root, "dist/index.js"));
  const variants = await Promise.all([
    startHandler(places),
    startSonde(root, places),
    startBlackbox(places),
    startFloor(places),
  ]);
  const [handler, , exporter, bare] = variants;
  const scraped = scrapeOf(handler, places);
  const all = [...variants, scraped];
  for (const variant of all) await verify(variant);
  const empty = await startEmpty(places);
  const cells: Cell[] = plan.clients.flatMap((clients) => [
    ...plan.asked.flatMap((question) =>
      all.map(({ letter, says, pid, urlOf }) => {
        return { row: { question, clients, letter, says }, url: urlOf(question), pid };
      }),
    ),
    {
      row: { question: "empty", clients, letter: "b", says: "empty function" },
      url: `${empty.url}/empty`,
      pid: empty.pid,
    },
    {
      row: { question: "empty", clients, letter: "d", says: bare.says },
      url: `${bare.url}/empty`,
      pid: bare.pid,
    },
  ]);
  const rows = await measure(cells);
  printRows(rows);
  const peaks = variants.map(({ letter, says, pid }) => ({ letter, says, mb: peakMegabytes(pid) }));
  printGoals(rows, { importMs, peaks });
  printMany(await compareMany(handler, exporter, places, plan.many));
}

/** Every exchange works before any is timed. */
async function verify({ letter, urlOf, isGood }: Variant): Promise<void> {
  for (const question of questions) {
    const body = await (await fetch(urlOf(question))).text();
    if (!isGood(body)) throw new Error(`(${letter}) ${question} does not work: ${body}`);
  }
}

/** Round by round through all cells, so that whatever else the machine does meets all alike. */
async function measure(cells: readonly Cell[]): Promise<Row[]> {
  const taken = cells.map((): Figures[] => []);
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const [index, { row, url, pid }] of cells.entries()) {
      if (round === 0 && plan.warmUp > 0) await load(url, pid, row.clients, plan.warmUp);
      taken[index]?.push(await load(url, pid, row.clients, plan.seconds));
    }
  }
  return cells.map(({ row }, index) => ({ ...row, figures: middle(taken[index] ?? []) }));
}

function middle(all: readonly Figures[]): Figures {
  const of = (key: keyof Figures) => median(all.map((one) => one[key]));
  return {
    perSecond: of("perSecond"),
    p50Ms: of("p50Ms"),
    p99Ms: of("p99Ms"),
    cpuMicros: of("cpuMicros"),
  };
}

/** What a cold start pays for loading the app: each time in a fresh process. */
async function importTime(file: string): Promise<number> {
  const url = JSON.stringify(pathToFileURL(file).href);
  const script = `const start = performance.now();
    await import(${url});
    process.stdout.write(String(performance.now() - start));`;
  const times: number[] = [];
  for (let left = plan.imports; left > 0; left -= 1) {
    const args = ["--input-type=module", "-e", script];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    times.push(Number(/[\d.]+$/.exec(stdout)?.[0]));
  }
  return median(times);
}
