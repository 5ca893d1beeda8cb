/** The form of a suite: an ordered list, so that nothing is overwritten by a name that is used twice. */
import * as z from "zod";
import { expectable } from "../expect.ts";
import { probes } from "../probes/index.ts";
import { levels } from "../report.ts";

/** What a check may ask of a target or with an input. */
const askable = probes.filter((probe) => probe.name !== "echo");

/** Probes that an item may name in place of a target; the echo shows how the request for the suite arrived. */
export const shorthands = ["dns", "outbound", "echo"] as const;

export const MOST_CHECKS = 200;
export const TOO_MANY = `a suite has at most ${MOST_CHECKS} checks: ask the rest in another`;

const NO_NAME = "an empty name names nothing";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const values = z.union([scalar, z.array(scalar).min(1, "a value is needed in the list")], {
  error: "a text, a number, true or false is needed, or a list of those",
});

const parameters = z.record(z.string(), values);

/** How a check is asked; also as a default for all. */
export const manner = z.strictObject({
  level: z
    .enum(levels)
    .optional()
    .describe("`fail` (default), or `warn`: reported, and never makes the suite fail"),
  retries: z
    .int()
    .min(0)
    .max(10)
    .optional()
    .describe("How often a check that fails is asked again; 0 by default"),
  intervalMs: z
    .int()
    .min(0)
    .max(60_000)
    .optional()
    .describe("Pause before a check is asked again, in milliseconds; 2000 by default"),
  timeoutMs: z
    .int()
    .min(1)
    .max(30_000)
    .optional()
    .describe("How long one stage may wait for the network, in milliseconds"),
});

const base = manner.extend({
  name: z.string().min(1, NO_NAME).max(200).optional().describe("What reports call it"),
  target: z.string().optional().describe("[scheme://]host[:port][/path]; the scheme decides"),
  setting: z
    .string()
    .optional()
    .describe("In place of a target: an app setting that names one; its value is never shown"),
  probe: z
    .enum(askable.map((probe) => probe.name))
    .optional()
    .describe("The question, `check` by default"),
  input: parameters.optional().describe("Further parameters of the probe"),
  dns: parameters.optional().describe("In place of a target: the parameters of `dns`"),
  outbound: parameters.optional().describe("In place of a target: the parameters of `outbound`"),
  echo: z
    .strictObject({})
    .optional()
    .describe("In place of a target: how the request for this suite arrived, as `{}`"),
  expect: z
    .record(z.string(), values)
    .refine((demands) => Object.keys(demands).length > 0, "an empty expect demands nothing")
    .optional()
    .describe("What must hold; without it the check must pass as the probe judges it"),
  tags: z.array(z.string().max(100)).max(20).optional().describe("Kept in the report"),
});

type Base = z.infer<typeof base>;

/** The name of the probe that stands in place of a target, if one does. */
export const shorthandOf = (one: Base) => shorthands.find((name) => one[name] !== undefined);

/** What else says what is to be asked. */
const spelledOut = ({ target, setting, probe, input }: Base) =>
  [target, setting, probe, input].some((part) => part !== undefined);

export const check = base
  .refine((one) => (one.target ?? one.setting ?? one.input ?? shorthandOf(one)) !== undefined, {
    error:
      "a check needs a target, a setting, a probe with its input, or one of dns, outbound and echo",
    when: ({ issues }) => issues.length === 0,
  })
  .refine(
    (one) =>
      shorthandOf(one) === undefined ||
      (!spelledOut(one) && shorthands.filter((name) => one[name] !== undefined).length === 1),
    {
      error: "dns, outbound and echo stand alone, in place of target, setting, probe and input",
      when: ({ issues }) => issues.length === 0,
    },
  );

const settled = { level: true, retries: true, intervalMs: true } as const;

/** What holds for every check that does not say it. */
export const mannerOfAll = manner.required(settled);

/** A check with everything that may be left to the defaults. */
const complete = base.required(settled);

export type Complete = z.infer<typeof complete>;

export const suite = z.strictObject({
  version: z.literal(1, "the version must be 1"),
  name: z.string().min(1, NO_NAME).max(200).optional().describe("What reports call it"),
  summary: z.string().max(500).optional().describe("One sentence for whoever chooses a suite"),
  docs: z.url().max(500).optional().describe("Where to read about it"),
  notProved: z
    .array(z.string().max(500))
    .max(20)
    .optional()
    .describe("What even a pass of all checks does not establish: told in the report"),
  defaults: manner.optional().describe("For every check that does not say it"),
  checks: z.array(check).min(1, "a suite needs a check").max(MOST_CHECKS, TOO_MANY),
});

/** The JSON Schema of a suite, for editors. */
export function suiteSchema(): object {
  const bare = z.string().describe("A target that must be reachable");
  const published = suite.extend({
    checks: z
      .array(z.union([bare, check]))
      .min(1)
      .max(MOST_CHECKS),
  });
  const keys = new Map(probes.flatMap((probe) => [...expectable(probe.stages)]));
  const schema = z.toJSONSchema(published, {
    io: "input",
    override: ({ jsonSchema, path }) => {
      if (path.at(-1) !== "expect") return;
      const { additionalProperties: value = true, propertyNames: _, ...rest } = jsonSchema;
      const described = [...keys].map(([key, description]) => [
        key,
        { ...(typeof value === "object" ? value : {}), description },
      ]);
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      const properties = Object.fromEntries(described);
      Object.assign(jsonSchema, { ...rest, properties, additionalProperties: false });
      jsonSchema.minProperties = 1;
    },
  });
  return { ...schema, title: "A suite of smoke checks of Sonde" };
}
