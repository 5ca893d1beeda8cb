/**
 * The lint rule `house/arrows`: holds every import against the table of rooms.
 *
 * oxlint's own `no-restricted-imports` lists what is forbidden, and its overrides replace each other.
 * A list of what is allowed is shorter, and a new folder starts with nothing.
 */
import { builtinModules } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { roomOf, rooms, type Room } from "./rooms.ts";

interface Import {
  /** The file that imports, from the root of the repository. */
  readonly by: string;
  readonly from: string;
  readonly typeOnly: boolean;
  /** By `import()`. */
  readonly late: boolean;
  /** What is taken by name; `*` when everything is. */
  readonly names: readonly string[];
}

/** Why this import may not be, or nothing. */
function wrong(asked: Import): string | undefined {
  const name = roomOf(asked.by);
  if (name === undefined) return undefined;
  const room = rooms[name];
  if (room === undefined) return `${name} is not in test/house/rooms.ts: say what it may import`;
  if (asked.from.startsWith(".")) return wrongRoom(name, room, asked);
  const builtin = asked.from.replace(/^node:/, "");
  if (!builtinModules.includes(builtin)) return wrongPackage(name, room, asked);
  return room.node.includes(builtin) ? undefined : `${name} may not import node:${builtin}`;
}

function wrongRoom(name: string, room: Room, asked: Import): string | undefined {
  const file = join(dirname(asked.by), asked.from).split(sep).join("/");
  const target = roomOf(file) ?? file;
  if (target === name) return undefined;
  if (mints(file, asked)) return "only lib/policy may judge: `judged` makes a Peer";
  if (room.may.includes(target)) return undefined;
  if (!room.types?.includes(target)) return `${name} may not import ${target}`;
  return asked.typeOnly ? undefined : `${name} may import only types of ${target}`;
}

/** A peer is an address that was judged, so nobody else may get hold of what makes one. */
function mints(file: string, { typeOnly, names }: Import): boolean {
  const maker = names.includes("judged") || names.includes("*");
  return file === "lib/policy/peer.ts" && maker && !typeOnly;
}

function wrongPackage(name: string, room: Room, asked: Import): string | undefined {
  const [first = ""] = asked.from.split("/");
  const known = isCodec(asked.by) ? [...room.packages, "dns2"] : room.packages;
  if (!known.includes(first.startsWith("@") ? `${first}/*` : first)) {
    return `${name} may not import ${asked.from}`;
  }
  // They cost every cold start more than they give the request that never needs them.
  const lazy = ["undici", "dns2", "yaml", "re2js"].includes(first);
  if (!lazy || asked.late || asked.typeOnly) return undefined;
  return `${first} is loaded by await import(), where it is used`;
}

/** dns2's one entry drags its clients along; only its codec is wanted, in one place. */
function isCodec(file: string): boolean {
  return /^lib\/protocols\/dns\b/.test(file);
}

/** The parts of ESTree that an import may hide in. */
interface Node {
  readonly importKind?: "type" | "value";
  readonly exportKind?: "type" | "value";
  readonly source?: { readonly value?: unknown } | null;
  readonly specifiers?: readonly Specifier[];
}

interface Specifier {
  readonly type: string;
  readonly imported?: { readonly name?: string };
  readonly local: { readonly name?: string };
}

interface Context {
  readonly filename: string;
  report(problem: { readonly message: string; readonly node: Node }): void;
}

function create(context: Context) {
  const by = relative(process.cwd(), context.filename).split(sep).join("/");
  const see = (node: Node, how: Pick<Import, "typeOnly" | "late" | "names">) => {
    const from = node.source?.value;
    if (typeof from !== "string") return;
    const message = wrong({ by, from, ...how });
    if (message !== undefined) context.report({ message, node });
  };
  const declared = (node: Node) => {
    const typeOnly = (node.importKind ?? node.exportKind) === "type";
    see(node, { typeOnly, late: false, names: node.specifiers?.map(taken) ?? ["*"] });
  };
  return {
    ImportDeclaration: declared,
    ExportNamedDeclaration: declared,
    ExportAllDeclaration: declared,
    ImportExpression: (node: Node) => see(node, { typeOnly: false, late: true, names: ["*"] }),
    TSImportType: (node: Node) => see(node, { typeOnly: true, late: true, names: [] }),
  };
}

/** The name under which the other file exports it: `import { a as b }`, `export { a as b } from`. */
function taken({ type, imported, local }: Specifier): string {
  if (type === "ImportNamespaceSpecifier") return "*";
  return (imported ?? local).name ?? "*";
}

export default { meta: { name: "house" }, rules: { arrows: { create } } };
