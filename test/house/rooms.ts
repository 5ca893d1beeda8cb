/**
 * The arrows of the architecture as one table: what the files of each room may import. A room is a
 * folder, or a single file in the root of `lib`. What is not allowed here is forbidden.
 */
import { builtinModules } from "node:module";

export interface Room {
  /** Rooms whose values and types may be imported. A room may always import from itself. */
  readonly may: readonly string[];
  /** Rooms of which only types may be imported. */
  readonly types?: readonly string[];
  /** Node's modules, without `node:`. */
  readonly node: readonly string[];
  /** npm packages; `@scope/*` stands for all of a scope. */
  readonly packages: readonly string[];
}

/** Folders that compute and never touch the world. */
export const pureFolders = [
  "lib/facts",
  "lib/services",
  "lib/protocols",
  "lib/findings",
  "lib/policy",
  "lib/ingress",
  "lib/platform",
  "lib/surfaces",
];

/** The words of the product: types, schemas and readers in the root of `lib`, known to everybody. */
const words = [
  "failure",
  "stage",
  "probe",
  "report",
  "target",
  "here",
  "fields",
  "nearest",
  "issue",
  "curl",
].map((word) => `lib/${word}`);

/** Node's modules that compute; those that also wait or watch; those that open sockets. */
const computing = ["buffer", "crypto", "string_decoder", "url", "util"];
const waiting = [...computing, "async_hooks", "events", "perf_hooks", "timers", "timers/promises"];
const sockets = ["net", "tls", "dgram", "http", "https", "http2", "dns", "dns/promises"];

const pure: Room = {
  may: [...pureFolders, "lib/failure", "lib/nearest"],
  types: [...words, "lib/leaves"],
  node: computing,
  packages: ["zod"],
};

const word: Room = {
  may: [...words, ...pureFolders],
  types: ["lib/trail"],
  node: computing,
  packages: ["zod"],
};

/** A file of the frame: it knows words, pure folders but the surfaces, and the files named here. */
const frame = (...files: readonly string[]): Room => ({
  may: [...words, ...pureFolders.filter((folder) => folder !== "lib/surfaces"), ...files],
  node: waiting,
  packages: ["zod"],
});

const inLib: Readonly<Record<string, Room>> = {
  ...Object.fromEntries(pureFolders.map((folder) => [folder, pure])),
  ...Object.fromEntries(words.map((name) => [name, word])),
  "lib/clock": frame(),
  "lib/few": frame(),
  "lib/yaml": { ...frame(), packages: ["zod", "yaml"] },
  "lib/alarm": frame(),
  "lib/journey": frame("lib/clock"),
  "lib/schema": frame(),
  "lib/leaves": frame(),
  "lib/expect": frame("lib/leaves", "lib/schema"),
  "lib/verdict": frame("lib/leaves", "lib/expect"),
  "lib/trail": frame("lib/alarm", "lib/clock", "lib/few", "lib/journey"),
  "lib/walk": frame("lib/trail", "lib/stages"),
  "lib/grpc": frame("lib/walk", "lib/stages"),
  "lib/phases": frame("lib/clock", "lib/stages"),
  "lib/walks": frame(
    "lib/grpc",
    "lib/phases",
    "lib/greetings",
    "lib/trail",
    "lib/walk",
    "lib/stages",
  ),
  "lib/tls-first": frame("lib/trail", "lib/stages"),
  "lib/greetings": frame("lib/sql", "lib/tls-first", "lib/trail", "lib/walk", "lib/stages"),
  "lib/sql": frame("lib/tls-first", "lib/trail", "lib/walk", "lib/stages"),
  "lib/securing": frame("lib/trail", "lib/walk", "lib/walks", "lib/stages"),
  "lib/opened": frame("lib/clock", "lib/trail", "lib/walk", "lib/walks", "lib/stages"),
  "lib/repeat": frame("lib/trail", "lib/walk", "lib/stages"),
  "lib/run": frame(
    "lib/trail",
    "lib/clock",
    "lib/leaves",
    "lib/expect",
    "lib/verdict",
    "lib/schema",
  ),
  "lib/net": {
    may: ["lib/policy", "lib/protocols", "lib/failure"],
    node: [
      ...waiting,
      ...sockets,
      "stream",
      "stream/promises",
      "zlib",
      "diagnostics_channel",
      "worker_threads",
    ],
    packages: ["undici"],
  },
  "lib/stages": {
    may: [
      "lib/net",
      "lib/facts",
      "lib/protocols",
      "lib/platform",
      "lib/ingress",
      "lib/policy",
      "lib/clock",
      "lib/few",
      ...words,
    ],
    types: ["lib/services"],
    node: waiting,
    packages: ["zod"],
  },
  "lib/probes": {
    may: [
      "lib/grpc",
      "lib/greetings",
      "lib/sql",
      "lib/walk",
      "lib/walks",
      "lib/opened",
      "lib/phases",
      "lib/repeat",
      "lib/securing",
      "lib/stages",
      "lib/facts",
      "lib/services",
      "lib/protocols",
      "lib/platform",
      ...words,
    ],
    types: ["lib/trail"],
    node: computing,
    packages: ["zod"],
  },
  "lib/suite": {
    may: [
      "lib/run",
      "lib/findings",
      "lib/leaves",
      "lib/probes",
      "lib/expect",
      "lib/schema",
      "lib/platform",
      "lib/protocols",
      "lib/clock",
      "lib/few",
      "lib/yaml",
      ...words,
    ],
    node: waiting,
    packages: ["zod"],
  },
  "lib/blackbox": {
    may: [
      "lib/run",
      "lib/yaml",
      "lib/probes",
      "lib/expect",
      "lib/schema",
      "lib/surfaces",
      "lib/ingress",
      "lib/facts",
      "lib/platform",
      "lib/protocols",
      ...words,
    ],
    node: waiting,
    packages: ["zod", "re2js", "yaml"],
  },
  "lib/api": {
    may: [
      "lib/run",
      "lib/expect",
      "lib/leaves",
      "lib/verdict",
      "lib/schema",
      "lib/probes",
      "lib/suite",
      "lib/blackbox",
      "lib/yaml",
      "lib/surfaces",
      "lib/findings",
      "lib/policy",
      "lib/platform",
      "lib/protocols",
      "lib/facts",
      ...words,
    ],
    node: waiting,
    packages: ["zod"],
  },
  "lib/world": {
    may: ["lib/platform", "package.json"],
    types: ["lib/api", "lib/here"],
    node: ["fs", "os", "process"],
    packages: [],
  },
};

/** What both ends of the product may know: the deployed functions and the command line. */
const ends = [
  "lib/api",
  "lib/suite",
  "lib/blackbox",
  "lib/platform",
  "lib/policy",
  "lib/world",
  "lib/yaml",
];

export const rooms: Readonly<Record<string, Room>> = {
  ...inLib,
  functions: {
    may: ends,
    types: words,
    node: [...waiting, "fs", "fs/promises", "path", "process"],
    packages: ["@azure/*"],
  },
  cli: {
    may: [...ends, "lib/nearest", "lib/probes", "lib/run", "lib/surfaces", "lib/facts"],
    types: words,
    node: [...waiting, "fs/promises", "process", "stream/consumers"],
    packages: ["zod"],
  },
  page: { may: [], types: ["lib/report"], node: [], packages: ["preact"] },
  local: {
    may: ["package.json"],
    node: builtinModules,
    packages: ["@azure/*", "esbuild", "zod"],
  },
};

/**
 * The room of a file, by its path from the root of the repository: `lib/facts` for
 * `lib/facts/connect.ts`, `lib/trail` for `lib/trail.ts`; nothing for tests and the like.
 */
export function roomOf(path: string): string | undefined {
  const [top = "", second = "", third] = path.split("/");
  if (top !== "lib") return ["functions", "cli", "page", "local"].includes(top) ? top : undefined;
  return third === undefined ? `lib/${second.replace(/\.ts$/, "")}` : `lib/${second}`;
}
