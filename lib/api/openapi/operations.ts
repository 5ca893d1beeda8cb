/** A probe as two operations: GET with a query, and POST with the same names in a JSON object. */
import type { AnyProbe } from "../../probe.ts";
import { surfaces } from "../../surfaces/index.ts";
import { fieldsOf, type Askable, type Field } from "../fields.ts";
import { responsesOf } from "./reports.ts";
import { problemsOf } from "./responses.ts";
import { inputSchema, pascal, refTo } from "./schemas.ts";

export interface Parameter {
  readonly name: string;
  readonly in: "query";
  readonly description?: string;
  readonly required?: boolean;
  readonly schema: object;
  readonly style?: "form";
  readonly example?: unknown;
}

interface Ref {
  readonly $ref: string;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly (Parameter | Ref)[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

type Shown = Askable & Pick<AnyProbe, "example">;

/** The parameter that every probe has. */
const format: Parameter = {
  name: "format",
  in: "query",
  description: "How the report is shown; without it the Accept header decides, then JSON",
  schema: { type: "string", enum: surfaces.map((surface) => surface.name) },
};

const select: Parameter = {
  name: "select",
  in: "query",
  description:
    "Instead of the report one value of it, as plain text: a path such as verdict, client.address or headers.host.value",
  schema: { type: "string" },
};

/** The parameters that several probes have: the form of the answer, and what may be expected. */
export function sharedParameters(probes: readonly AnyProbe[]): Record<string, Parameter> {
  const demands = probes.flatMap((probe) => [...fieldsOf(probe).expectable]);
  const parameters = demands.map(([key, description]): Parameter => {
    return { name: `expect.${key}`, in: "query", description, schema: { type: "string" } };
  });
  return Object.fromEntries([format, select, ...parameters].map((one) => [one.name, one]));
}

/** The component that a POST of this probe sends. */
export function questionSchema(probe: AnyProbe): Record<string, object> {
  const input = inputSchema(probe);
  const demands = [...fieldsOf(probe).expectable].map(([key, description]): [string, object] => [
    key,
    { type: ["string", "number", "boolean"], description },
  ]);
  const demanded = {
    type: "object",
    description: "What is demanded of the facts; the answer is 424 when it does not hold",
    properties: Object.fromEntries(demands),
    additionalProperties: false,
  };
  // A probe may have a parameter of this name, in the place of which the object may stand.
  const { expect: own } = input.properties ?? {};
  const expect = own === undefined ? demanded : { anyOf: [own, demanded] };
  return {
    [`${pascal(probe.name)}Question`]: {
      ...input,
      properties: { ...input.properties, expect, ...inBody(format), ...inBody(select) },
    },
  };
}

function inBody({ name, description, schema }: Parameter): Record<string, object> {
  return { [name]: { ...schema, description } };
}

export function operationsOf(probe: AnyProbe): {
  readonly get: Operation;
  readonly post: Operation;
} {
  const { name, title, summary } = probe;
  const schema = refTo(`${pascal(name)}Question`);
  const example = exampleOf(probe);
  const both = {
    tags: ["probes"],
    summary: title,
    description: summary,
    responses: {
      ...responsesOf(probe),
      ...problemsOf(400, 401, 403, 410, 421, 429, 500, 503, 508),
    },
  };
  return {
    get: { operationId: name, ...both, parameters: parametersOf(probe) },
    post: {
      operationId: `${name}Post`,
      ...both,
      requestBody: {
        required: (inputSchema(probe).required ?? []).length > 0,
        content: { "application/json": { schema, example } },
      },
      responses: { ...both.responses, ...problemsOf(413, 415) },
    },
  };
}

/** The query of a probe, or of a suite. */
export function parametersOf(probe: Shown): (Parameter | Ref)[] {
  const { properties = {}, required = [] } = inputSchema(probe);
  const { fields, open, expectable } = fieldsOf(probe);
  const example = exampleOf(probe);
  const inQuery = Object.entries(properties).filter(([name]) => !fields.get(name)?.bodyOnly);
  const own = inQuery.map(([name, property]): Parameter => {
    const { description = "", ...schema } = typeof property === "boolean" ? {} : property;
    const shown = example[name] === undefined ? {} : { example: example[name] };
    return { name, in: "query", description, required: required.includes(name), schema, ...shown };
  });
  const demands = [...expectable.keys()].map((key) => paramRef(`expect.${key}`));
  return [...own, ...demands, paramRef(format.name), paramRef(select.name), ...(open ? [any] : [])];
}

function paramRef(name: string): Ref {
  return { $ref: `#/components/parameters/${name}` };
}

/** Any further name, where a probe lets every parameter through. */
const any: Parameter = {
  name: "parameters",
  in: "query",
  description: "Any further parameters, which change nothing and are shown as they arrived",
  schema: { type: "object", additionalProperties: { type: "string" } },
  style: "form",
};

/** The probe's own example, each value as its field wants it. */
function exampleOf(probe: Shown): Readonly<Record<string, unknown>> {
  const { fields } = fieldsOf(probe);
  const pairs = [...new URLSearchParams(probe.example)].map(([name, text]): [string, unknown] => {
    const field = fields.get(name);
    const value = typed(text, field?.kind);
    return [name, field?.many === true ? [value] : value];
  });
  return Object.fromEntries(pairs);
}

function typed(text: string, kind: Field["kind"] | undefined): string | number | boolean {
  if (kind === "boolean") return text === "true";
  return kind === "integer" || kind === "number" ? Number(text) : text;
}
