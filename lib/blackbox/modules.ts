/**
 * The modules of this deployment: its own `blackbox.yml`, or the exporter's where there is none. A file
 * that cannot be read closes `/probe` and says where it is wrong; a module that asks for what is not done
 * here costs itself alone.
 */
import type * as z from "zod";
import { firstOf, parseYaml, sayWrong, wrongAt, type Source, type Wrong } from "../yaml.ts";
import { defaults } from "./defaults.ts";
import type { ReadFile } from "./form.ts";
import { readModule, type InvalidModule, type Module, type RefusedModule } from "./module.ts";

/** The file as it was found beside the app. */
export interface ModuleFile {
  /** As it is named to people. */
  readonly name: string;
  /** Absent when there is none. */
  readonly text: string | undefined;
  /** Reads what the file names, from beside it. */
  readonly read: ReadFile;
}

/** `closed`: the file is wrong, so no module can be had. `unknown`: the names that there are. */
export type Found =
  | { readonly module: Module }
  | { readonly refused: string }
  | { readonly unknown: readonly string[] }
  | { readonly closed: string };

export interface Modules {
  find(name: string): Promise<Found>;
  /** Whether the file can be read. */
  isReadable(): Promise<boolean>;
}

/** Nothing is read before the first module is asked for. */
export function makeModules(file: ModuleFile): Modules {
  const { text } = file;
  return text === undefined ? ownModules(file.read) : fileModules({ ...file, text });
}

function ownModules(read: ReadFile): Modules {
  const kept = new Map<string, Promise<Found>>();
  const names = Object.keys(defaults);
  return {
    find(name) {
      const written = Object.hasOwn(defaults, name) ? defaults[name] : undefined;
      if (written === undefined) return Promise.resolve({ unknown: names });
      const found = kept.get(name) ?? readModule(name, written, read).then(foundIn);
      kept.set(name, found);
      return found;
    },
    isReadable: () => Promise.resolve(true),
  };
}

function foundIn(read: Module | RefusedModule | InvalidModule): Found {
  if ("issues" in read) throw new Error(`a module of our own is wrong: ${read.issues[0]?.message}`);
  return "refused" in read ? { refused: read.refused } : { module: read };
}

type Table = ReadonlyMap<string, Module | RefusedModule>;

function fileModules(file: ModuleFile & { readonly text: string }): Modules {
  let loading: Promise<Table | Wrong> | undefined;
  const load = () => (loading ??= readFile(file));
  return {
    async find(name) {
      const table = await load();
      if ("wrong" in table) return { closed: `${file.name}: ${sayWrong(table)}` };
      const found = table.get(name);
      if (found === undefined) return { unknown: [...table.keys()] };
      return "refused" in found ? { refused: found.refused } : { module: found };
    },
    isReadable: async () => !("wrong" in (await load())),
  };
}

const MOST_MODULES = 500;

async function readFile({
  text,
  read,
}: {
  readonly text: string;
  readonly read: ReadFile;
}): Promise<Table | Wrong> {
  const source = await parseYaml(text, "modules");
  if ("wrong" in source) return source;
  const modules = modulesIn(source);
  if ("wrong" in modules) return modules;
  const table = new Map<string, Module | RefusedModule>();
  for (const [name, written] of modules.entries) {
    const found = await readModule(name, written, read);
    if ("issues" in found) return firstOf(below(found.issues, name), source);
    const at = "refused" in found ? source.locate(["modules", name, ...found.path]) : undefined;
    const where = at === undefined ? "" : ` (line ${at.line}, column ${at.column})`;
    table.set(name, "refused" in found ? { ...found, refused: found.refused + where } : found);
  }
  return table;
}

function below(issues: readonly z.core.$ZodIssue[], name: string): z.core.$ZodIssue[] {
  return issues.map((issue) => ({ ...issue, path: ["modules", name, ...issue.path] }));
}

function modulesIn(source: Source): { readonly entries: [string, unknown][] } | Wrong {
  const { value } = source;
  if (!isRecord(value)) return wrongAt(source, [], "a mapping with the key modules is needed");
  const strange = Object.keys(value).find((key) => key !== "modules");
  if (strange !== undefined) {
    return wrongAt(source, [strange], `${strange} is not known here: known is modules`);
  }
  const { modules = {} } = value;
  if (modules === "") return { entries: [] };
  if (!isRecord(modules))
    return wrongAt(source, ["modules"], "modules are named: a mapping is needed");
  const entries = Object.entries(modules);
  if (entries.length <= MOST_MODULES) return { entries };
  return wrongAt(source, ["modules"], `there are more than ${MOST_MODULES} modules`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
