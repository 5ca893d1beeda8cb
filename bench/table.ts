/** How the benchmark reads, and what it has to reach. */
import type { Figures } from "./load.ts";
import type { Question, Variant } from "./variants.ts";

export interface Row {
  readonly question: Question | "empty";
  readonly clients: number;
  readonly letter: Variant["letter"];
  readonly says: string;
  readonly figures: Figures;
}

export interface Rest {
  /** Median time to import the deployed bundle in a fresh process. */
  readonly importMs: number;
  /** The most resident memory of each process over the whole run. */
  readonly peaks: readonly {
    readonly letter: string;
    readonly says: string;
    readonly mb: number;
  }[];
}

/** Requests per second, as multiples of what blackbox_exporter does. */
const goals: Readonly<Record<"a" | "b" | "e", Readonly<Record<Question, number>>>> = {
  a: { tcp: 2.2, http: 1.8, dns: 2.5, tls: 0.95 },
  b: { tcp: 1.2, http: 1, dns: 1.5, tls: 0.8 },
  e: { tcp: 2, http: 1.5, dns: 2.5, tls: 0.9 },
};
const IMPORT_MS = 60;
const PEAK_MB = 256;

const widths = [6, 8, 23, 9, 9, 9, 9, 7, 7] as const;

/** The last column is what each does with the same processor time: the exporter uses every core, a Node process one. */
export function printRows(rows: readonly Row[]): void {
  const titles = ["probe", "clients", "", "req/s", "p50 ms", "p99 ms", "CPU µs", "/ (c)", "by CPU"];
  console.log(line(titles));
  let last = "";
  for (const row of rows) {
    const { question, clients, letter, says, figures } = row;
    const group = `${question} ${clients}`;
    if (last !== "" && last !== group) console.log();
    last = group;
    const exporter = exporterBeside(row, rows)?.figures;
    console.log(
      line([
        question,
        String(clients),
        `(${letter}) ${says}`,
        figures.perSecond.toFixed(0),
        figures.p50Ms.toFixed(2),
        figures.p99Ms.toFixed(2),
        figures.cpuMicros.toFixed(0),
        exporter === undefined ? "" : (figures.perSecond / exporter.perSecond).toFixed(2),
        exporter === undefined ? "" : (exporter.cpuMicros / figures.cpuMicros).toFixed(2),
      ]),
    );
  }
}

/** One request for a suite of many targets, beside as many scrapes at the exporter's best. */
export interface Many {
  readonly targets: number;
  readonly suiteMs: number;
  readonly scrapesMs: number;
  /** The clients at which the exporter was fastest. */
  readonly clients: number;
}

const MANY_TIMES = 3;

/** What is a word stands left, what is a number right. */
function line(cells: readonly string[]): string {
  const padded = cells.map((cell, index) => {
    const width = widths[index] ?? 0;
    return index === 0 || index === 2 ? cell.padEnd(width) : cell.padStart(width);
  });
  return padded.join("  ").trimEnd();
}

function exporterBeside({ question, clients }: Row, rows: readonly Row[]): Row | undefined {
  return rows.find(
    (one) => one.letter === "c" && one.question === question && one.clients === clients,
  );
}

export function printMany({ targets, suiteMs, scrapesMs, clients }: Many): void {
  const ratio = scrapesMs / suiteMs;
  const what = `one smoke request for ${targets} TCP targets: ${suiteMs.toFixed(0)} ms`;
  const beside = `${targets} scrapes of (c) by ${clients} clients: ${scrapesMs.toFixed(0)} ms`;
  say(`${what}; ${beside}; ${ratio.toFixed(2)} times, goal ${MANY_TIMES}`, ratio >= MANY_TIMES);
}

export function printGoals(rows: readonly Row[], { importMs, peaks }: Rest): void {
  console.log();
  for (const row of rows) {
    const { question, clients, letter, figures } = row;
    const exporter = exporterBeside(row, rows);
    if (question === "empty" || exporter === undefined || letter === "c" || letter === "d")
      continue;
    const goal = goals[letter][question];
    const what = `(${letter}) ${question}, ${clients} clients`;
    const ratio = figures.perSecond / exporter.figures.perSecond;
    say(`${what}: ${ratio.toFixed(2)} times (c), goal ${goal}`, ratio >= goal);
    const [ours, theirs] = [figures.p99Ms, exporter.figures.p99Ms];
    const p99 = `p99 ${ours.toFixed(1)} ms, (c) has ${theirs.toFixed(1)}`;
    say(`${what}: ${p99}`, ours <= theirs);
  }
  for (const { letter, says, mb } of peaks) {
    const memory = `(${letter}) ${says}: ${mb.toFixed(0)} MB of memory at most`;
    if (letter === "a" || letter === "b") say(`${memory}, goal ${PEAK_MB}`, mb <= PEAK_MB);
    else console.log(`         ${memory}`);
  }
  say(`import of the bundle: ${importMs.toFixed(1)} ms, goal ${IMPORT_MS}`, importMs <= IMPORT_MS);
}

function say(what: string, met: boolean): void {
  console.log(`${met ? "met    " : "MISSED "}  ${what}`);
}
