/**
 * From YAML 1.2, and so from JSON, to a value as it was written down: what is wrong with a document
 * that people write by hand is named with its line and column.
 */
import type Yaml from "yaml";
import * as z from "zod";
import { sayIssue } from "./issue.ts";

export interface Place {
  readonly line: number;
  readonly column: number;
}

export type Path = readonly PropertyKey[];

/** A document as it was written down: its value, and where its parts stand. */
export interface Source {
  readonly value: unknown;
  readonly locate: (path: Path) => Place | undefined;
}

export interface Wrong {
  readonly wrong: string;
  /** `checks[2].expect`; empty for the whole. */
  readonly where: string;
  readonly place: Place | undefined;
}

/** `modules` are read by types of their own: every scalar is text there, and `<<` and `!!binary` count. */
const manners: Readonly<Record<"suite" | "modules", Yaml.SchemaOptions>> = {
  suite: {},
  modules: { schema: "failsafe", customTags: ["binary", "merge"], merge: true },
};

/** Never throws. Aliases are followed, up to a hundred of them. */
export async function parseYaml(
  text: string,
  what: keyof typeof manners = "suite",
): Promise<Source | Wrong> {
  // Most requests are no suites, so the parser is loaded at the first that is.
  // It is CommonJS: in a bundle only its default export is there.
  const { default: yaml } = await import("yaml");
  const lines = new yaml.LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const refused = (why: string, offset = 0): Wrong => {
    const wrong = `the ${what === "suite" ? "suite" : "file"} cannot be read: ${why}`;
    return { wrong, where: "", place: placeAt(offset) };
  };
  if (tooDeep(text)) return refused("it is nested too deeply");
  const options = { lineCounter: lines, prettyErrors: false, ...manners[what] };
  const document = yaml.parseDocument(text, options);
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    // The parser tells its programmer what to call instead.
    const isMany = error.code === "MULTIPLE_DOCS";
    return refused(isMany ? "it holds more than one document" : error.message, error.pos[0]);
  }
  try {
    return {
      value: document.toJS(),
      locate: (path) => placeAt(offsetOf(document.contents, path, yaml)),
    };
  } catch (failed) {
    return refused(failed instanceof Error ? failed.message : "it has no value");
  }
}

/** The first issue of what `schema` found in a document, where it stands. */
export function firstOf(
  [issue]: readonly z.core.$ZodIssue[],
  source: Source,
  schema?: z.ZodType,
): Wrong {
  if (issue === undefined) return wrongAt(source, [], "it is wrong");
  const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  const { says } = sayIssue(issue, source.value, keysAt(schema, issue.path));
  return wrongAt(source, [...issue.path, ...unknown], says);
}

/** The keys that an object of this schema may have, at a path below it. */
function keysAt(schema: z.ZodType | undefined, path: Path): string[] {
  let at: unknown = schema;
  for (const key of path) at = below(at, key);
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function below(schema: unknown, key: PropertyKey): unknown {
  if (schema instanceof z.ZodArray) return schema.element;
  if (!(schema instanceof z.ZodObject)) return undefined;
  const part: unknown = schema.shape[String(key)];
  return part instanceof z.ZodOptional ? part.unwrap() : part;
}

export function wrongAt(source: Source, path: Path, wrong: string): Wrong {
  const where = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`));
  return { wrong, where: where.join("").replace(/^\./, ""), place: source.locate(path) };
}

/** `line 7, column 9: checks[2].expect: …`; without a place where nobody wrote it down. */
export function sayWrong({ wrong, where, place }: Wrong): string {
  const at = place === undefined ? [] : [`line ${place.line}, column ${place.column}`];
  return [...at, ...(where === "" ? [] : [where]), wrong].join(": ");
}

/** A suite needs five levels, a module seven. Beyond reason a parser that calls itself would run out of stack. */
function tooDeep(text: string): boolean {
  let depth = 0;
  for (const mark of text.match(/[[\]{}]/g) ?? []) {
    depth += mark === "[" || mark === "{" ? 1 : -1;
    if (depth > 64) return true;
  }
  return /^[ \t?:-]{200}/m.test(text);
}

/** Where the last part of the path stands that there is: a key, or an item of a list. */
function offsetOf(root: unknown, path: Path, yaml: typeof Yaml): number {
  let [node, offset] = [root, startOf(root, yaml) ?? 0];
  for (const part of path) {
    const next = stepInto(node, part, yaml);
    if (next === undefined) break;
    node = next.node;
    offset = startOf(next.shown, yaml) ?? offset;
  }
  return offset;
}

function stepInto(node: unknown, part: PropertyKey, { isMap, isScalar, isSeq }: typeof Yaml) {
  if (isSeq(node) && typeof part === "number") {
    const item: unknown = node.items[part];
    return { node: item, shown: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === part);
  return pair && { node: pair.value, shown: pair.key };
}

function startOf(node: unknown, { isNode }: typeof Yaml): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
