import { egressSheet as sheet } from "../facts/egress.ts";
import { judgeEgress, labelOf, type ExpectedEgress } from "../platform/egress.ts";
import { defined, isAddress } from "../platform/values.ts";
import type { Stage } from "../stage.ts";
import type { Sampled } from "./sample.ts";

export interface Samples {
  readonly samples: readonly Sampled[];
  readonly planned: number;
  readonly expected: readonly ExpectedEgress[];
}

/** Weighs the samples. Nothing is sent, and nothing can fail. */
export const egress: Stage<Samples, void, typeof sheet> = {
  ...sheet,
  silence: "sonde.deadline",

  async run({ samples, planned, expected }, { note }) {
    const counted = samples.filter((one) => one.discarded === undefined);
    const byAddress = Object.entries(Object.groupBy(counted, ({ address }) => address));
    const addresses = byAddress
      .map(([address, some = []]) => ({
        address,
        family: address.includes(":") ? (6 as const) : (4 as const),
        seen: some.length,
        operators: distinct(some.map((one) => one.operator)),
        ...defined("expectedAs", labelOf(address, expected)),
      }))
      .toSorted((a, b) => b.seen - a.seen);
    const voices = Object.values(
      Object.groupBy(counted, (one) => `${one.operator} ${one.method}`),
    ).flatMap((some) => some?.[0] ?? []);
    note({
      addresses,
      verdict: judgeEgress({
        labels: addresses.map((one) => one.expectedAs),
        isExpected: expected.length > 0,
        seenPrivately: samples.some(
          (one) => one.method === "echo" && one.discarded !== undefined && isAddress(one.address),
        ),
      }),
      expectedLabels: distinct(expected.map(({ label }) => label)),
      agrees: [4, 6].every((family) => addresses.filter((one) => one.family === family).length < 2),
      matrix: voices.map(({ operator, method }) => ({
        operator,
        method,
        addresses: distinct(
          counted
            .filter((one) => one.operator === operator && one.method === method)
            .map((one) => one.address),
        ),
      })),
      discarded: samples.flatMap(({ operator, address, discarded: reason }) =>
        reason === undefined ? [] : [{ operator, address, reason }],
      ),
      samples: { planned, counted: counted.length },
      snatPorts: planned,
    });
  },
};

function distinct(items: readonly string[]): string[] {
  return [...new Set(items)];
}
