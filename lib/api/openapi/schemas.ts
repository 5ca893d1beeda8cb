/**
 * The component schemas of the OpenAPI document, written by zod out of the schemas that the product
 * itself uses. Objects are left open, because fields may be added within `schema: 1`.
 */
import * as z from "zod";
import { certificate } from "../../facts/certificate.ts";
import { sheets } from "../../facts/index.ts";
import type { AnyProbe } from "../../probe.ts";
import * as words from "../../report.ts";
import { problem } from "./problems.ts";

/** `certDays` -> `CertDays`: the names of components. */
export function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

export function refTo(component: string) {
  return { $ref: `#/components/schemas/${component}` } as const;
}

/** Everything that several places show, by the name of its component. */
const shared: Readonly<Record<string, z.ZodType>> = {
  // What is left of a report without its result, which each probe describes for itself.
  Report: words.report.omit({ result: true, checks: true }),
  SuiteReport: words.report,
  Target: words.asked,
  Step: words.step,
  Stopped: words.stopped,
  Finding: words.finding,
  Expected: words.expected,
  Vantage: words.vantage,
  Represents: words.represents,
  Timing: words.timing,
  Certificate: certificate,
  Problem: problem,
};

/** Every component that does not belong to one probe. */
export function sharedSchemas(): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(shared)) registry.add(schema, { id });
  for (const { name, facts } of sheets) registry.add(facts.partial(), { id: factsOf(name) });
  const { schemas } = z.toJSONSchema(registry, {
    io: "input",
    uri: (id) => refTo(id).$ref,
    override: ({ jsonSchema }) => tidy(jsonSchema),
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _dialect, $id: _id, ...schema }]) => [
      name,
      schema,
    ]),
  );
}

/** The schema of a whole report, to be used without the document. */
export function reportSchema(): object {
  const schema = z.toJSONSchema(words.report, {
    io: "input",
    override: ({ jsonSchema }) => tidy(jsonSchema),
  });
  return { ...schema, title: "A report of Sonde" };
}

/** What a probe takes, as one JSON object or as the parameters of a query. */
export function inputSchema(probe: Pick<AnyProbe, "input">): z.core.JSONSchema.BaseSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(probe.input, {
    io: "input",
    override: ({ jsonSchema }) => tidy(jsonSchema),
  });
  return schema;
}

/** The two components that are a probe's own: its report, and the tree of what it learned. */
export function probeSchemas({ name, stages }: AnyProbe): Record<string, object> {
  const result = `${pascal(name)}Result`;
  const branches = { type: "array", items: refTo(result), description: "One for each subject" };
  const facts = stages.map((stage): [string, object] => [stage.name, refTo(factsOf(stage.name))]);
  return {
    [`${pascal(name)}Report`]: {
      allOf: [
        refTo("Report"),
        {
          type: "object",
          properties: { probe: { type: "string", const: name }, result: refTo(result) },
          required: ["probe", "result"],
        },
      ],
    },
    [result]: {
      type: "object",
      description:
        "What was learned: facts under the name of their stage, complete when it passed; and branches of the same shape",
      properties: {
        on: { type: "string", description: "The subject of a branch; absent at the root" },
        ...Object.fromEntries(facts),
        ...Object.fromEntries(words.forks.map((fork) => [fork, branches])),
        stopped: refTo("Stopped"),
        truncated: { type: "boolean", description: "Cut to keep the answer within 256 KiB" },
      },
    },
  };
}

function factsOf(stage: string): string {
  return `${pascal(stage)}Facts`;
}

/**
 * Takes away what says nothing to a caller: `readOnly` is a word of TypeScript here, the range of
 * an integer is that of every JSON number, and `format: date-time` says what its pattern spells out.
 */
function tidy(schema: z.core.JSONSchema.BaseSchema): void {
  delete schema.readOnly;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.format === "date-time") delete schema.pattern;
  delete schema.propertyNames; // only ever `string`, which a name in JSON is anyway
}
