/**
 * From a request to a question. GET and POST are the same operation: the names in the query are the
 * keys of the JSON body, and a repeated name is an array. Nothing unknown is let through, because a
 * misspelt parameter that is ignored answers another question than the one that was asked.
 */
import type * as z from "zod";
import { readDemands, type Demands } from "../expect.ts";
import type { AnyProbe } from "../probe.ts";
import type { Question } from "../run.ts";
import type { Surface } from "../surfaces/index.ts";
import { fieldsOf, type Askable, type Field, type Fields } from "./fields.ts";
import { headerOf, ofTheHost, queryOf, type Request } from "./http.ts";
import { sayIssue } from "../issue.ts";
import { suggest } from "../nearest.ts";
import { badInput, type Problem, type Refused } from "./problem.ts";
import { readBody } from "./body.ts";
import { surfaceFor } from "./surface.ts";

export interface Decoded {
  readonly question: Question;
  readonly surface: Surface;
}

export async function decode(probe: AnyProbe, request: Request): Promise<Decoded | Refused> {
  const body = await readBody(request);
  if ("problem" in body) return body;
  const query = [...queryOf(request)];
  const misplaced = query.find(([name]) => fieldsOf(probe).fields.get(name)?.bodyOnly === true);
  if (misplaced !== undefined) return { problem: bodyOnly(misplaced[0]) };
  return decodePairs(probe, [...query, ...body.pairs], headerOf(request, "accept"));
}

export type Pair = readonly [name: string, value: unknown];

/** The same for whoever has pairs and no request: the command line. */
export function decodePairs(
  probe: AnyProbe,
  pairs: readonly Pair[],
  accept?: string,
): Decoded | Refused {
  const read = readPairs(probe, pairs, accept);
  if ("problem" in read) return read;
  const { asked, demands, surface } = read;
  const byProbe = probe.demands?.(asked) ?? [];
  const own = readDemands(
    probe.stages,
    byProbe.map(([key, text]) => [key, [text]]),
  );
  if ("wrong" in own) return { problem: badInput("expect", own.wrong) };
  const facts = [...demands.facts, ...own.facts];
  return { question: { probe, asked, demands: { ...demands, facts } }, surface };
}

export interface Read<Schema extends z.ZodObject> {
  readonly asked: z.output<Schema>;
  readonly demands: Demands;
  readonly surface: Surface;
}

/** The same for whatever has an input, and stages of which something may be expected. */
export function readPairs<Schema extends z.ZodObject>(
  probe: Askable<Schema>,
  pairs: readonly Pair[],
  accept?: string,
): Read<Schema> | Refused {
  const fields = fieldsOf(probe);
  const values = new Map<string, unknown[]>();
  for (const [name, value] of pairs) {
    if (!ofTheHost.has(name)) values.set(name, [...(values.get(name) ?? []), value]);
  }
  const surface = surfaceFor(probe, values, accept);
  if ("problem" in surface) return surface;
  values.delete("format");
  values.delete("select");
  const demands = demandsOf(probe, values, fields);
  if ("problem" in demands) return demands;
  const input = inputOf(values, fields);
  if ("problem" in input) return input;
  const parsed = probe.input.safeParse(input.input);
  if (!parsed.success) return { problem: firstIssue(parsed.error.issues, input.input) };
  return { asked: parsed.data, demands, surface };
}

const EXPECT = "expect.";

/** Takes the `expect.*` pairs out of the values and reads them. */
function demandsOf(
  probe: Askable,
  values: Map<string, unknown[]>,
  { expectable }: Fields,
): Demands | Refused {
  const pairs: [string, string[]][] = [];
  for (const [name, given] of values) {
    // Only a JSON body has one without a key, and one that is empty would pass without having looked.
    if (name === "expect" && typeof given[0] === "object")
      return { problem: badInput(name, "an empty expect demands nothing") };
    if (!name.startsWith(EXPECT)) continue;
    const key = name.slice(EXPECT.length);
    if (!expectable.has(key))
      return {
        problem: unknown(key, [...expectable.keys()], EXPECT),
      };
    const texts = given.flat().map(String);
    if (texts.length === 0) return { problem: badInput(name, `${name}: a value is needed`) };
    pairs.push([key, texts]);
    values.delete(name);
  }
  const demands = readDemands(probe.stages, pairs);
  if (!("wrong" in demands)) return demands;
  return { problem: badInput(EXPECT + demands.key, `${EXPECT}${demands.key}: ${demands.wrong}`) };
}

type Input = Record<string, unknown>;

function inputOf(
  values: Map<string, unknown[]>,
  { fields, open }: Fields,
): { input: Input } | Refused {
  const input: [string, unknown][] = [];
  for (const [name, given] of values) {
    const field = fields.get(name);
    if (field === undefined && open) continue;
    if (field === undefined)
      return { problem: unknown(name, [...fields.keys(), "format", "select", "expect.…"]) };
    if (given.length > 1 && !field.many) {
      return {
        problem: badInput(name, `${name} was given ${given.length} times; it takes one value`),
      };
    }
    const read = given.flat().map((value) => coerce(value, field));
    input.push([name, field.many ? read : read[0]]);
  }
  // Not by assignment: a parameter may be called `__proto__`.
  return { input: Object.fromEntries(input) };
}

/** Text from a query becomes what the schema wants; what does not fit stays, for the schema to refuse. */
function coerce(value: unknown, { kind }: Field): unknown {
  // A query knows no numbers: what is one in a JSON body is the same text.
  if (typeof value === "number" && kind === "string") return String(value);
  if (typeof value !== "string") return value;
  if (kind === "boolean") return switches.get(value) ?? value;
  if (kind === "string") return value;
  return /^-?\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : value;
}

/** How a switch is written: one that is named without a value is on. */
const switches: ReadonlyMap<string, boolean> = new Map([
  ["", true],
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false],
]);

/** Whether the value of a switch turns it on, in a query or in a JSON body. */
export function isOn(value: unknown): boolean {
  return value === true || (typeof value === "string" && switches.get(value) === true);
}

/** Queries are written to logs by everything on the way. */
function bodyOnly(name: string): Problem {
  return badInput(name, `${name} belongs in the JSON body of a POST, never into a query`);
}

function unknown(typed: string, known: readonly string[], prefix = ""): Problem {
  const { near, hint } = suggest(typed, known, prefix);
  const name = prefix + typed;
  return badInput(name, `the parameter ${name} is not known: ${hint}`, near);
}

function firstIssue(issues: readonly z.core.$ZodIssue[], input: Input): Problem {
  const [issue] = issues;
  const parameter = String(issue?.path[0] ?? "");
  if (issue === undefined || !Object.hasOwn(input, parameter))
    return badInput(parameter, `${parameter} is needed`);
  const { says, near } = sayIssue(issue, input);
  return badInput(parameter, `${parameter}: ${says}`, near);
}
