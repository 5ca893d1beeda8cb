/** Where the checks of a report were measured: saved ones may come from several places. */
import type { Report } from "../report.ts";
import { vantageOf } from "./reading.ts";

/** A line for each place, with the numbers of its checks where there are several places. */
export function placesOf(report: Report): readonly string[] {
  const numbered = (report.checks ?? []).map((check, at) => [at + 1, vantageOf(check)] as const);
  const places = Map.groupBy(numbered, ([, place]) => place);
  if (places.size < 2) return [vantageOf(report)];
  return [...places].map(([place, all]) => `${ranges(all.map(([at]) => at))}: ${place}`);
}

/** `1-3, 5`. */
function ranges(numbers: readonly number[]): string {
  const begins = numbers.filter((one) => !numbers.includes(one - 1));
  const ends = numbers.filter((one) => !numbers.includes(one + 1));
  return begins
    .map((first, at) => (first === ends[at] ? `${first}` : `${first}-${ends[at]}`))
    .join(", ");
}
