import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pureFolders, rooms } from "./rooms.ts";

/** A statement that is planted in a file of the named room, and what lint has to say about it. */
type Plant = readonly [room: string, statement: string, message: string];

const sockets = ["net", "tls", "dgram", "http", "https", "http2", "dns", "dns/promises"];
const processes = ["child_process", "worker_threads", "vm", "cluster"];
const product = Object.keys(rooms).filter((room) => room !== "local");
const inLib = product.filter((room) => room.startsWith("lib/"));
const words = ["stage", "probe", "report", "target", "here", "fields"];

/** Rooms whose very types are out of bounds. */
const rooming = (room: string, ...targets: readonly string[]): Plant[] =>
  targets.map((target) => [
    room,
    type(room, target),
    `${room} may not import ${target === "test" ? "test/x.ts" : target}`,
  ]);

const forbidden: readonly Plant[] = [
  ...pureFolders.flatMap((room) => [
    ...rooming(room, "lib/net", "lib/stages", "lib/probes", "lib/api", "lib/trail", "lib/run"),
    ...words.map((word): Plant => onlyTypes(room, `lib/${word}`)),
  ]),
  ...inLib.flatMap((room) => rooming(room, "functions", "cli", "page", "local", "test")),
  ...rooming("lib/trail", "lib/run", "lib/net", "lib/stages", "lib/probes", "lib/surfaces"),
  ...rooming("lib/walk", "lib/run", "lib/net", "lib/probes", "lib/api"),
  ...rooming("lib/run", "lib/net", "lib/stages", "lib/probes", "lib/api", "lib/surfaces"),
  ...rooming("lib/net", "lib/stages", "lib/probes", "lib/facts", "lib/report", "lib/here"),
  ...rooming("lib/stages", "lib/probes", "lib/walk", "lib/run", "lib/findings", "lib/surfaces"),
  onlyTypes("lib/stages", "lib/services"),
  ...rooming("lib/probes", "lib/net", "lib/policy", "lib/findings", "lib/surfaces", "lib/api"),
  onlyTypes("lib/probes", "lib/trail"),
  ...rooming("lib/api", "lib/net", "lib/stages", "lib/trail", "lib/walk"),
  ...rooming("lib/suite", "lib/net", "lib/stages", "lib/api", "lib/surfaces"),
  ...rooming("lib/blackbox", "lib/net", "lib/stages", "lib/api", "lib/findings"),
  ...rooming("functions", "lib/net", "lib/stages", "lib/probes", "lib/run", "local", "page"),
  ...rooming("functions", "cli"),
  ...rooming("cli", "lib/net", "lib/stages", "lib/trail", "lib/walk", "lib/findings"),
  ...rooming("cli", "functions", "local", "page"),
  onlyTypes("cli", "lib/probe"),
  ...rooming("lib/world", "lib/net", "lib/stages", "lib/run", "lib/policy"),
  onlyTypes("lib/world", "lib/api"),
  ...rooming("page", "lib/facts", "lib/surfaces", "functions", "local"),
  onlyTypes("page", "lib/report"),
  ...rooming("local", "lib/report", "lib/net", "lib/api", "functions", "page"),
  ...product
    .filter((room) => room !== "lib/net")
    .flatMap((room) => sockets.map((name): Plant => builtin(room, name))),
  ...product.flatMap((room) =>
    processes
      // One worker reads the system's trust store, beside the loop and away from everything else.
      .filter((name) => room !== "lib/net" || name !== "worker_threads")
      .map((name): Plant => builtin(room, name)),
  ),
  ["lib/stages", 'export { connect } from "net"', "lib/stages may not import node:net"],
  ["lib/stages", 'export * from "node:tls"', "lib/stages may not import node:tls"],
  ["lib/facts", 'await import("node:dns")', "lib/facts may not import node:dns"],
  ["lib/facts", 'let x: import("../net/x.ts").X', "lib/facts may not import lib/net"],
  [
    "lib/api",
    'import process from "node:process"; void process',
    "lib/api may not import node:process",
  ],
  ["lib/stages", 'import "undici"', "lib/stages may not import undici"],
  ["lib/net", 'import "undici"', "undici is loaded by await import(), where it is used"],
  ["lib/yaml", 'import "yaml"', "yaml is loaded by await import(), where it is used"],
  ["lib/blackbox", 'import "re2js"', "re2js is loaded by await import(), where it is used"],
  ["lib/net", 'await import("dns2")', "lib/net may not import dns2"],
  ["lib/protocols/dns", 'import "dns2"', "dns2 is loaded by await import(), where it is used"],
  ["lib/protocols/ntp", 'await import("dns2")', "lib/protocols may not import dns2"],
  ["lib/net", 'import "zod"', "lib/net may not import zod"],
  ["lib/api", 'import "@azure/functions"', "lib/api may not import @azure/functions"],
  ["cli", 'import "@azure/functions"', "cli may not import @azure/functions"],
  ["page", 'import "@azure/functions"', "page may not import @azure/functions"],
  [
    "lib/unheard",
    'import "zod"',
    "lib/unheard is not in test/house/rooms.ts: say what it may import",
  ],
  ...["{ judged }", "* as peer"].map((taken): Plant => {
    const statement = `import ${taken} from "../policy/peer.ts"; void ${taken.includes("*") ? "peer" : "judged"}`;
    return ["lib/net", statement, "only lib/policy may judge: `judged` makes a Peer"];
  }),
  [
    "lib/net",
    'export * from "../policy/peer.ts"',
    "only lib/policy may judge: `judged` makes a Peer",
  ],
  ...["lib/stages", "lib/net", "lib/world", "page"].map((room): Plant => global(room, "process")),
  ...["fetch", "WebSocket", "EventSource"].flatMap((name) =>
    ["lib/stages", "lib/net", "functions", "cli"].map((room): Plant => global(room, name)),
  ),
  ["lib/net", "void globalThis.process", "'globalThis.process' is restricted from being used."],
  ["functions", "void globalThis.fetch", "'globalThis.fetch' is restricted from being used."],
];

/** What the arrows allow. */
const allowed: readonly (readonly [room: string, statement: string])[] = [
  ...pureFolders.flatMap((room) => [
    [room, value(room, "lib/failure")] as const,
    [room, value(room, room === "lib/facts" ? "lib/services" : "lib/facts")] as const,
    ...words.map((word) => [room, type(room, `lib/${word}`)] as const),
  ]),
  ["lib/run", value("lib/run", "lib/findings")],
  ["lib/run", value("lib/run", "lib/trail")],
  ["lib/walk", value("lib/walk", "lib/stages")],
  ["lib/probes", value("lib/probes", "lib/walk")],
  ["lib/probes", value("lib/probes", "lib/stages")],
  ["lib/stages", value("lib/stages", "lib/net")],
  ["lib/net", value("lib/net", "lib/policy")],
  ["lib/net", 'export { connect } from "node:net"'],
  ["lib/net", 'await import("undici")'],
  ["lib/net", 'import type { judged } from "../policy/peer.ts"'],
  ["lib/policy", 'import { judged } from "./peer.ts"; void judged'],
  ["lib/protocols/dns", 'await import("dns2")'],
  ["lib/facts", 'import "zod"'],
  ["lib/api", value("lib/api", "lib/run")],
  ["functions", value("functions", "lib/api")],
  ["functions", value("functions", "lib/world")],
  ["functions", 'import "@azure/functions"'],
  ["functions", "void process.env"],
  ...[
    "lib/api",
    "lib/probes",
    "lib/run",
    "lib/surfaces",
    "lib/facts",
    "lib/platform",
    "lib/world",
  ].map((room) => ["cli", value("cli", room)] as const),
  ["cli", "void process.env"],
  ["lib/world", 'import "node:os"'],
  ["page", type("page", "lib/report")],
  ["local", 'import "node:child_process"'],
  ["test", 'import "node:net"'],
  ["test", value("test", "lib/net")],
];

const root = fileURLToPath(new URL("../..", import.meta.url));
let tree = "";
let said = new Map<string, string[]>();

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "sonde-lint-"));
  // The rules that ask the type checker have no part in this, and are slow where nothing resolves.
  const config = readFileSync(join(root, ".oxlintrc.json"), "utf8");
  plant(".oxlintrc.json", [config.replace('"typeAware": true', '"typeAware": false')]);
  for (const path of ["package.json", "test/house/rooms.ts", "test/house/arrows.ts"]) {
    cpSync(join(root, path), join(tree, path));
  }
  for (const room of roomsIn(forbidden)) plant(`${room}/forbidden.ts`, statements(forbidden, room));
  for (const room of roomsIn(allowed)) plant(`${room}/allowed.ts`, statements(allowed, room));
  said = lint();
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

test.each(roomsIn(forbidden))("what %s may not import fails lint, and says why", (room) => {
  const plants = forbidden.filter(([each]) => each === room);
  const heard = plants.map(([, statement], line) => [
    statement,
    said.get(`${room}/forbidden.ts:${line + 1}`),
  ]);
  expect(heard).toEqual(
    plants.map(([, statement, message]) => [statement, [expect.stringContaining(message)]]),
  );
});

test.each(roomsIn(allowed))("what %s may import passes lint", (room) => {
  const heard = [...said].filter(([place]) => place.startsWith(`${room}/allowed.ts:`));
  expect(heard).toEqual([]);
});

type Planted = readonly [room: string, statement: string, ...rest: readonly string[]];

function roomsIn(plants: readonly Planted[]): string[] {
  return [...new Set(plants.map(([room]) => room))];
}

function statements(plants: readonly Planted[], room: string): string[] {
  return plants.flatMap(([each, statement]) => (each === room ? [`${statement};`] : []));
}

/** A file below `lib/trail/` counts as `lib/trail.ts` does, so every room can be a folder here. */
function plant(path: string, lines: readonly string[]): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), `${lines.join("\n")}\n`);
}

/** What lint has to say about imports and globals, by `file:line`. */
function lint(): Map<string, string[]> {
  const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
  const { stdout } = spawnSync(process.execPath, [oxlint, "-f", "unix"], {
    cwd: tree,
    encoding: "utf8",
    maxBuffer: 0x1000000,
  });
  const found = new Map<string, string[]>();
  for (const line of stdout.split("\n")) {
    const problem = /^(.+:\d+):\d+: (.*) \[Error\/(?:house\(arrows|eslint\(no-restricted-)/.exec(
      line,
    );
    const [, place = "", message = ""] = problem ?? [];
    if (problem) found.set(place, [...(found.get(place) ?? []), message]);
  }
  return found;
}

function value(room: string, target: string): string {
  return `import ${pathTo(room, target)}`;
}

function type(room: string, target: string): string {
  return `import type {} from ${pathTo(room, target)}`;
}

function pathTo(room: string, target: string): string {
  const path = relative(room, target.includes("/") ? `${target}.ts` : `${target}/x.ts`);
  return JSON.stringify(path.startsWith(".") ? path : `./${path}`);
}

function onlyTypes(room: string, target: string): Plant {
  return [room, value(room, target), `${room} may import only types of ${target}`];
}

function builtin(room: string, name: string): Plant {
  return [room, `import "node:${name}"`, `${room} may not import node:${name}`];
}

function global(room: string, name: string): Plant {
  return [room, `void ${name}`, `Unexpected use of '${name}'.`];
}
