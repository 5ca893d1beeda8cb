/** Walks the result of a report: facts by stage, branches by fork, to any depth. */
import type { ForkName } from "../lib/report.ts";
import { isKnown, known, records, text, type Known } from "./known.ts";

/** One branch of each fork, in a word. */
const nouns: Readonly<Record<ForkName, string>> = {
  addresses: "address",
  servers: "server",
  hops: "hop",
  samples: "sample",
  versions: "version",
  attempts: "attempt",
  controls: "control",
  names: "name",
};

export interface Section {
  /** `address 10.20.1.5`; empty for what comes before any fork. */
  readonly where: string;
  /** The subject alone: `10.20.1.5`. */
  readonly on: string;
  readonly stages: readonly (readonly [stage: string, facts: Known])[];
  readonly stopped: Known | undefined;
}

/** Every branch that has something to say, parents before children. */
export function sectionsOf(branch: Known, where = "", on = ""): readonly Section[] {
  const stages = Object.entries(branch).flatMap(([stage, facts]) =>
    isKnown(facts) && stage !== "stopped" ? [[stage, facts] as const] : [],
  );
  const stopped = isKnown(branch["stopped"]) ? branch["stopped"] : undefined;
  const below = Object.entries(nouns).flatMap(([fork, noun]) =>
    records(branch[fork]).flatMap((one) => {
      const subject = text(one["on"]) ?? "";
      const here = `${noun} ${subject}`.trim();
      return sectionsOf(one, where === "" ? here : `${where}, ${here}`, subject);
    }),
  );
  const silent = stages.length === 0 && stopped === undefined;
  return [...(silent ? [] : [{ where, on, stages, stopped }]), ...below];
}

/** What a stage learned, on every branch where it learned something. */
export function factsOf(result: Known, stage: string) {
  return sectionsOf(result).flatMap(({ on, stages, stopped }) =>
    stages.filter(([name]) => name === stage).map(([, facts]) => ({ on, facts, stopped })),
  );
}

/** Addresses as resolver and name servers give them: literal and class. */
export function addressesOf(facts: Known) {
  return records(facts["addresses"]).flatMap((one) => {
    const address = text(one["address"]);
    return address === undefined ? [] : [{ address, kind: text(one["class"]) ?? "" }];
  });
}

/** `rcode`, `chain` and so on of the first such stage, or nothing. */
export function firstOf(result: Known, stage: string): Known {
  return known(factsOf(result, stage)[0]?.facts);
}
