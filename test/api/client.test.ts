/** A client that a generator makes of the document compiles, and gets typed answers of the local host. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SpawnedHost, spawnHost } from "../local/spawn.ts";
import { closedPort } from "../servers/ports.ts";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../..", import.meta.url));
const modules = join(repository, "node_modules");
const generator = fileURLToPath(new URL("cli.js", import.meta.resolve("oazapfts")));
/** What the generated code imports: the one thing that a caller has to install. */
const runtime = dirname(fileURLToPath(import.meta.resolve("@oazapfts/runtime")));

/** A caller's own program. Each line that reads a report is one that the compiler must agree to. */
const program = `
import { defaults, dns, health, tcp, tcpPost } from "./client.ts";

const [, , url = "", target = ""] = process.argv;
defaults.baseUrl = url;

const got = await tcp({ target });
if (got.status !== 200) throw new Error("200 is what was expected");
const report = got.data;
const probe: "tcp" = report.probe;
const [branch] = report.result.addresses ?? [];
const family: 4 | 6 | undefined = branch?.connect?.family;

const missed = await tcpPost({ tcpQuestion: { target, expect: { reachable: true }, timeoutMs: 2000 } });
if (missed.status !== 424) throw new Error("424 is what was expected");
const [first] = missed.data.expected;

const refused = await dns({ name: "localhost", tries: 9 });
if (refused.status !== 400) throw new Error("400 is what was expected");

const alive = await health();

console.log(JSON.stringify({
  probe,
  family,
  verdict: report.verdict,
  code: branch?.stopped?.code,
  expected: first,
  parameter: refused.data.parameter,
  alive: alive.status,
}));
`;

/** What a compiler that knows the document must refuse, line by line. */
const wrong = [
  "await tcp({});",
  'await tcp({ target: "a:1", tmeoutMs: 1 });',
  'const got = await tcp({ target: "a:1" }); if (got.status === 200) got.data.result.handshake;',
  'await tcpPost({ tcpQuestion: { target: "a:1", expect: { status: 200 } } });',
];

let host: SpawnedHost;
let folder: string;

beforeAll(async () => {
  const env = { SONDE_TARGETS: "@private @public @loopback" };
  [host, folder] = await Promise.all([
    spawnHost({ root: repository, env }),
    mkdtemp(join(tmpdir(), "sonde-client-")),
  ]);
  await mkdir(join(folder, "node_modules/@oazapfts"), { recursive: true });
  await symlink(runtime, join(folder, "node_modules/@oazapfts/runtime"));
  await symlink(join(modules, "@types"), join(folder, "node_modules/@types"));
  const document = await fetch(`${host.url}/api/openapi.json`);
  await writeFile(join(folder, "openapi.json"), await document.text());
  const options = ["--argumentStyle=object", "--futureStripLegacyMethods"];
  const files = ["openapi.json", "client.ts"];
  await run(process.execPath, [generator, ...files, ...options], { cwd: folder });
  await write({
    "package.json": JSON.stringify({ type: "module" }),
    "tsconfig.json": JSON.stringify({
      extends: join(repository, "tsconfig.json"),
      // The generator's run time is written for a browser's types, and for optional as TypeScript's default.
      compilerOptions: { lib: ["es2024", "dom"], exactOptionalPropertyTypes: false },
      include: ["*.ts"],
    }),
  });
});

afterAll(async () => {
  await host.stop();
  await rm(folder, { recursive: true, force: true });
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

/** The lines of a file at which the compiler complains. */
async function compile(file: string): Promise<readonly number[]> {
  const { stdout } = await run(process.execPath, [join(modules, "typescript/bin/tsc")], {
    cwd: folder,
  }).catch((error: unknown) => ({ stdout: printed(error) }));
  const complaints = stdout.split("\n").filter((line) => /\berror TS\d+/.test(line));
  return complaints.map((line) => {
    const at = /^(.+?)\((\d+),/.exec(line);
    if (at?.[1] !== file) throw new Error(line);
    return Number(at[2]);
  });
}

function printed(error: unknown): string {
  if (typeof error === "object" && error !== null && "stdout" in error) return String(error.stdout);
  throw error;
}

test("it compiles, calls the local host and gets a typed report", async () => {
  await write({ "program.ts": program });
  expect(await compile("program.ts")).toEqual([]);
  const target = `127.0.0.1:${await closedPort()}`;
  const { stdout } = await run(process.execPath, ["program.ts", host.url, target], { cwd: folder });
  expect(JSON.parse(stdout)).toEqual({
    probe: "tcp",
    family: 4,
    verdict: "fail",
    code: "tcp.refused",
    expected: { key: "reachable", wanted: "true", actual: "false", ok: false },
    parameter: "tries",
    alive: 200,
  });
});

test("its types refuse what the document does not know", async () => {
  const blocks = wrong.map((line) => `{ ${line} }`);
  await write({
    "program.ts": ['import { tcp, tcpPost } from "./client.ts";', ...blocks].join("\n"),
  });
  expect(await compile("program.ts")).toEqual(wrong.map((_, index) => index + 2));
});
