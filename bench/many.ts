/** One request for a suite of many targets, beside as many scrapes of the exporter at its best. */
import { load, median } from "./load.ts";
import type { Places } from "./places.ts";
import type { Many } from "./table.ts";
import type { Variant } from "./variants.ts";

const TARGETS = 200;

/**
 * The exporter's time is what its throughput makes of so many scrapes, at whichever count of clients it is
 * fastest: no client is slower than the server then.
 */
export async function compareMany(
  handler: Variant,
  exporter: Variant,
  places: Places,
  plan: { readonly rounds: number; readonly seconds: number; readonly clients: readonly number[] },
): Promise<Many> {
  const body = Array.from({ length: TARGETS }, () => places.http.replace(/^/, "tcp://")).join("\n");
  const times: number[] = [];
  // The first loads what a suite needs.
  await ask(handler.url, body);
  for (let left = plan.rounds; left > 0; left -= 1) times.push(await ask(handler.url, body));
  let best = { clients: 0, perSecond: 0 };
  for (const clients of plan.clients) {
    const { perSecond } = await load(exporter.urlOf("tcp"), exporter.pid, clients, plan.seconds);
    if (perSecond > best.perSecond) best = { clients, perSecond };
  }
  const scrapesMs = (TARGETS / best.perSecond) * 1000;
  return { targets: TARGETS, suiteMs: median(times), scrapesMs, clients: best.clients };
}

async function ask(url: string, body: string): Promise<number> {
  const start = performance.now();
  const headers = { "content-type": "text/plain" };
  const answer = await fetch(`${url}/api/smoke?format=short`, { method: "POST", headers, body });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`the suite does not hold: ${text}`);
  return performance.now() - start;
}
