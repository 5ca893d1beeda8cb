/** Whether a path leads anywhere in the report of a probe: a misspelt one must not read as "nothing". */
import * as z from "zod";
import { forks, report, stopped } from "../report.ts";
import type { AnySheet } from "../stage.ts";
import type { Askable } from "./fields.ts";

/** What may stand below: named members, members of any name, or nothing at all. */
interface Node {
  readonly members?: Readonly<Record<string, Node>>;
  readonly any?: Node;
}

const anything: Node = {
  get any(): Node {
    return anything;
  },
};

const kept = new WeakMap<Askable, readonly Node[]>();

/** Where a path leaves what is known, and the names that may stand there. */
interface Misstep {
  readonly segment: string;
  readonly known: readonly string[];
  readonly depth: number;
}

/** Undefined where the path leads somewhere from one of its roots. */
export function astray(probe: Askable, path: string): Misstep | undefined {
  const segments = path.split(".");
  const roots = rootsOf(probe);
  const missteps = roots.map((root) => walk(root, segments));
  if (missteps.includes(undefined)) return undefined;
  const all = missteps.filter((one) => one !== undefined);
  const depth = Math.max(...all.map((one) => one.depth));
  const furthest = all.filter((one) => one.depth === depth);
  const known = [...new Set(furthest.flatMap((one) => one.known))];
  return { segment: segments[depth] ?? "", known, depth };
}

function walk(root: Node, segments: readonly string[]): Misstep | undefined {
  let node = root;
  for (const [depth, segment] of segments.entries()) {
    const members: Readonly<Record<string, Node>> = node.members ?? {};
    const next = Object.hasOwn(members, segment) ? members[segment] : node.any;
    if (next === undefined) return { segment, known: Object.keys(members), depth };
    node = next;
  }
  return undefined;
}

function rootsOf(probe: Askable): readonly Node[] {
  let roots = kept.get(probe);
  if (roots === undefined) {
    const facts = probe.stages.map(factsOf);
    const result = branchOf(probe.stages);
    roots = [{ members: { ...nodeOf(report).members, result } }, result, ...facts];
    kept.set(probe, roots);
  }
  return roots;
}

const factsOf = ({ facts }: AnySheet): Node => nodeOf(facts);

/** A branch holds facts and branches like itself. */
function branchOf(stages: readonly AnySheet[]): Node {
  const branch: Node = {
    get members() {
      const below = forks.map((fork): [string, Node] => [fork, { any: branch }]);
      const facts = stages.map((stage): [string, Node] => [stage.name, factsOf(stage)]);
      const flat = stages.filter(({ flat: fork }) => fork !== undefined).map(factsOf);
      return {
        ...Object.assign({}, ...flat.map(({ members }) => members)),
        ...Object.fromEntries([...facts, ...below]),
        on: {},
        stopped: nodeOf(stopped),
      };
    },
  };
  return branch;
}

function nodeOf(schema: z.ZodType): Node {
  return read(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
}

type Schema = z.core.JSONSchema.BaseSchema;

function read(schema: boolean | Schema): Node {
  if (typeof schema === "boolean") return schema ? anything : {};
  const { anyOf, items, type = "object" } = schema;
  if (anyOf !== undefined) return anyOf.map(read).reduce(both, {});
  if (type === "object") return membersOf(schema);
  if (type !== "array") return {};
  return { any: Array.isArray(items) || items === undefined ? anything : read(items) };
}

function membersOf({ properties, additionalProperties = true }: Schema): Node {
  if (properties === undefined) return { any: read(additionalProperties) };
  const members = Object.entries(properties).map(([name, one]): [string, Node] => [
    name,
    read(one),
  ]);
  return { members: Object.fromEntries(members) };
}

function both(one: Node, other: Node): Node {
  return { ...one, ...other, members: { ...one.members, ...other.members } };
}
