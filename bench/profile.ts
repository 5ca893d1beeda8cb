/**
 * `npm run bench:profile -- tcp`: where the time of a probe goes, by function and by module; with `--scrape`
 * where that of a scrape goes.
 *
 * Runs the handler from its sources under `node --cpu-prof`, keeps 10
 * clients asking, and prints self times per request. Figures that are not reached must be explained.
 */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { closeAll } from "../test/servers/closing.ts";
import { folder } from "../test/servers/daemon.ts";
import { load } from "./load.ts";
import { startPlaces } from "./places.ts";
import { questions, scrapeOf, startHandler } from "./variants.ts";

const CLIENTS = 10;
const SECONDS = 5;
const FUNCTIONS_SHOWN = 30;
const MODULES_SHOWN = 25;

/** The .cpuprofile format of the inspector protocol, as far as it is read here. */
const shape = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  samples: z.array(z.number()),
  /** Microseconds before each sample. */
  timeDeltas: z.array(z.number()),
});

const root = fileURLToPath(new URL("..", import.meta.url));

try {
  await profile();
} finally {
  await closeAll();
}

async function profile(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { scrape: { type: "boolean" } },
  });
  const asked = questions.find((one) => one === (positionals[0] ?? "tcp"));
  if (asked === undefined) throw new Error(`ask for one of ${questions.join(", ")}`);
  const places = await startPlaces();
  const kept = await folder();
  const flags = ["--cpu-prof", `--cpu-prof-dir=${kept}`, "--cpu-prof-interval=200"];
  const handler = await startHandler(places, { flags, bundled: false });
  const { urlOf } = values.scrape === true ? scrapeOf(handler, places) : handler;
  const { perSecond } = await load(urlOf(asked), handler.pid, CLIENTS, SECONDS);
  await handler.stop();
  const [name = ""] = await readdir(kept);
  const text = await readFile(join(kept, name), "utf8");
  console.log(`${asked}: ${perSecond.toFixed(0)} requests a second; self time per request in µs`);
  show(shape.parse(JSON.parse(text)), perSecond * SECONDS);
}

function show({ nodes, samples, timeDeltas }: z.infer<typeof shape>, requests: number): void {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const modules = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const { functionName = "", url = "", lineNumber = 0 } = frames.get(id) ?? {};
    const micros = timeDeltas[index] ?? 0;
    const place = placeOf(url);
    const shown = functionName === "" ? "(anonymous)" : functionName;
    add(functions, place === "" ? shown : `${shown} ${place}:${lineNumber + 1}`, micros);
    add(modules, place === "" ? shown : place, micros);
  }
  print("by module", modules, requests, MODULES_SHOWN);
  print("by function", functions, requests, FUNCTIONS_SHOWN);
}

function placeOf(url: string): string {
  if (!url.startsWith("file:")) return url;
  return fileURLToPath(url).replace(root, "").replace("node_modules/", "");
}

function add(sums: Map<string, number>, key: string, micros: number): void {
  sums.set(key, (sums.get(key) ?? 0) + micros);
}

function print(title: string, sums: Map<string, number>, requests: number, most: number): void {
  console.log(`\n${title}`);
  const rows = [...sums].filter(([name]) => name !== "(idle)").toSorted((a, b) => b[1] - a[1]);
  for (const [name, micros] of rows.slice(0, most)) {
    console.log(`${(micros / requests).toFixed(1).padStart(8)}  ${name}`);
  }
}
