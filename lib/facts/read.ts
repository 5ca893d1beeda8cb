/**
 * How a fact sheet says what its facts read as, count and may be held to.
 *
 * Each builder takes the sheet's own schema, so that a line cannot need a fact that does not exist,
 * and cannot read one that it did not ask for.
 */
import type * as z from "zod";
import type { Demand, Expectation, Gauge, Known, Line } from "../stage.ts";
import { optionsOf, wrongIn } from "./vocabulary.ts";

type Needed<S extends z.ZodObject, K extends keyof z.infer<S>> = {
  readonly [P in K]-?: NonNullable<z.infer<S>[P]>;
};

/** A reader of some facts. Only ever called when all of them are known. */
type Reader<S extends z.ZodObject, K extends keyof z.infer<S>, Out> = (facts: Needed<S, K>) => Out;

/** Sound because every caller checks `needs` first: the one place where facts leave the loose record of a run. */
function loosen<S extends z.ZodObject, K extends keyof z.infer<S>, Out>(
  read: Reader<S, K, Out>,
): (facts: Known) => Out {
  // oxlint-disable-next-line no-unsafe-type-assertion -- see above
  return (facts) => read(facts as Needed<S, K>);
}

/** Whether all the facts that something needs are there. */
export function knows(facts: Known | undefined, needs: readonly string[]): facts is Known {
  return facts !== undefined && needs.every((name) => facts[name] !== undefined);
}

/** Whether what stands in a branch are facts: the branches of a fork are a list. */
export function isRecord(value: unknown): value is Known {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A line of text. Return `undefined` to stay silent, a list for several lines under one label. */
export function line<S extends z.ZodObject, K extends string & keyof z.infer<S>>(
  _facts: S,
  label: string,
  needs: readonly K[],
  say: Reader<S, K, string | readonly string[] | undefined>,
): Line {
  return { label, needs, say: loosen(say) };
}

/** A number for Prometheus, under the name the exporter's dashboards know where there is one. */
export function gauge<S extends z.ZodObject, K extends string & keyof z.infer<S>>(
  _facts: S,
  name: string,
  help: string,
  needs: readonly K[],
  value: Reader<S, K, number | undefined>,
): Gauge {
  return { name, help, needs, value: loosen(value) };
}

function expectation(
  key: string,
  summary: string,
  read: (text: string) => { wanted: string; holds: (fact: unknown) => boolean } | { wrong: string },
): Expectation {
  return {
    summary,
    needs: [key],
    read(text) {
      const demand = read(text);
      if ("wrong" in demand) return demand;
      return {
        wanted: demand.wanted,
        actual: (facts) => shown(facts[key]),
        holds: (facts) => demand.holds(facts[key]),
      } satisfies Demand;
    },
  };
}

function shown(fact: unknown): string {
  if (fact === undefined) return "unknown";
  if (Array.isArray(fact)) return fact.map(shown).join(", ");
  return typeof fact === "string" ? fact : JSON.stringify(fact);
}

type NumberKey<S extends z.ZodObject> = string &
  {
    [K in keyof z.infer<S>]: NonNullable<z.infer<S>[K]> extends number ? K : never;
  }[keyof z.infer<S>];
type BooleanKey<S extends z.ZodObject> = string &
  {
    [K in keyof z.infer<S>]: NonNullable<z.infer<S>[K]> extends boolean ? K : never;
  }[keyof z.infer<S>];
type TextKey<S extends z.ZodObject> = string &
  {
    [K in keyof z.infer<S>]: NonNullable<z.infer<S>[K]> extends string | number | readonly string[]
      ? K
      : never;
  }[keyof z.infer<S>];

function bound(
  word: "at least" | "at most" | "within ±",
  key: string,
  summary: string,
  holds: (fact: number, limit: number) => boolean,
): Expectation {
  return expectation(key, summary, (text) => {
    const limit = Number(text);
    if (text.trim() === "" || !Number.isFinite(limit)) return { wrong: "a number is needed" };
    return {
      wanted: `${word} ${limit}`,
      holds: (fact) => typeof fact === "number" && holds(fact, limit),
    };
  });
}

export function atLeast<S extends z.ZodObject>(_facts: S, key: NumberKey<S>, summary: string) {
  return bound("at least", key, summary, (fact, limit) => fact >= limit);
}

export function atMost<S extends z.ZodObject>(_facts: S, key: NumberKey<S>, summary: string) {
  return bound("at most", key, summary, (fact, limit) => fact <= limit);
}

/** Not further from zero, on either side. */
export function within<S extends z.ZodObject>(_facts: S, key: NumberKey<S>, summary: string) {
  return bound("within ±", key, summary, (fact, limit) => Math.abs(fact) <= limit);
}

/** One of several accepted values, separated by commas, without regard to case. */
export function oneOf<S extends z.ZodObject>(
  facts: S,
  key: TextKey<S>,
  summary: string,
  known: readonly string[] | undefined = optionsOf(facts.shape[key]),
) {
  return expectation(key, summary, (text) => {
    const accepted = words(text);
    const wrong = wrongIn(accepted, known);
    if (wrong !== undefined) return { wrong };
    return {
      wanted: accepted.length === 1 ? `${accepted[0]}` : `one of ${accepted.join(", ")}`,
      holds: (fact) => accepted.includes(String(fact).toLowerCase()),
    };
  });
}

/** Every value listed, separated by commas, must be among the facts, without regard to case. */
export function includes<S extends z.ZodObject>(_facts: S, key: TextKey<S>, summary: string) {
  return expectation(key, summary, (text) => {
    const wanted = words(text);
    if (wanted.length === 0) return { wrong: "a value is needed" };
    return {
      wanted: wanted.join(" and "),
      holds: (fact) => {
        const facts = (Array.isArray(fact) ? fact : [fact]).map((one) => String(one).toLowerCase());
        return wanted.every((one) => facts.includes(one));
      },
    };
  });
}

/** Every value that `pick` finds, all of which may be `known`, is one of the listed ones; none is a failure. */
export function everyOneOf<S extends z.ZodObject, K extends string & keyof z.infer<S>>(
  _facts: S,
  key: K,
  summary: string,
  pick: Reader<S, K, readonly string[]>,
  known?: readonly string[],
): Expectation {
  const found = (facts: Known) => (knows(facts, [key]) ? loosen(pick)(facts) : []);
  return {
    summary,
    needs: [key],
    read(text) {
      const accepted = words(text);
      const wrong = wrongIn(accepted, known);
      if (wrong !== undefined) return { wrong };
      return {
        wanted: accepted.join(" or "),
        actual: (facts) => found(facts).join(", ") || "unknown",
        holds: (facts) =>
          found(facts).length > 0 &&
          found(facts).every((one) => accepted.includes(one.toLowerCase())),
      };
    },
  };
}

export function isTrue<S extends z.ZodObject>(_facts: S, key: BooleanKey<S>, summary: string) {
  return expectation(key, summary, (text) => {
    if (text !== "true" && text !== "false") return { wrong: "true or false is needed" };
    return { wanted: text, holds: (fact) => String(fact) === text };
  });
}

function words(text: string): string[] {
  return text
    .split(",")
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== "");
}
