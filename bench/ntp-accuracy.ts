/**
 * How exactly this host's clock is compared with a server's: 200 exchanges with a chronyd that reads the
 * very same clock, so that every offset but zero is an error. Prints the median and the tail, in ms.
 */
import { ntp } from "../lib/probes/ntp.ts";
import { ask } from "../test/asking.ts";
import { startChrony } from "../test/servers/chrony.ts";
import * as z from "zod";

const EXCHANGES = 200;

const shape = z.object({
  addresses: z.tuple([z.object({ ntp: z.object({ offsetMs: z.number(), errorMs: z.number() }) })]),
});

await using server = await startChrony("local stratum 3", "allow 127.0.0.1");
console.log("samples  median |offset|  median offset     p95     max  median error bound");
for (const samples of ["1", "4"]) {
  const offsets: number[] = [];
  const bounds: number[] = [];
  for (let left = EXCHANGES; left > 0; left -= 1) {
    const target = `127.0.0.1:${server.port}`;
    const report = await ask(ntp, Object.entries({ target, samples }));
    const [{ ntp: facts }] = shape.parse(report.result).addresses;
    offsets.push(facts.offsetMs);
    bounds.push(facts.errorMs);
  }
  const sizes = offsets.map(Math.abs);
  const figures = [
    at(sizes, 0.5),
    at(offsets, 0.5),
    at(sizes, 0.95),
    at(sizes, 1),
    at(bounds, 0.5),
  ];
  const widths = [15, 13, 7, 7, 18];
  const cells = figures.map((ms, column) => ms.toFixed(3).padStart(widths[column] ?? 0));
  console.log([samples.padStart(7), ...cells].join("  "));
}

/** The value below which this share of all lies. */
function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, two) => one - two);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
