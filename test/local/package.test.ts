import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { zip, type ZipEntry } from "../../local/zip.ts";
import { spawnHost } from "./spawn.ts";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../..", import.meta.url));

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sonde-package-"));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const entries: readonly ZipEntry[] = [
  { name: "b/ünïcode.txt", content: Buffer.from("second\n".repeat(1000)) },
  { name: "a.txt", content: Buffer.from("first") },
  { name: "empty", content: new Uint8Array() },
];

/** Reads an archive by its directory, as PKWARE's APPNOTE says a reader must. */
function unpack(archive: Buffer): readonly (readonly [name: string, text: string])[] {
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  const found: [string, string][] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const length = archive.readUInt16LE(at + 28);
    const name = archive.toString("utf8", at + 46, at + 46 + length);
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26);
    const data = archive.subarray(start, start + archive.readUInt32LE(at + 20));
    found.push([name, inflateRawSync(data).toString()]);
    at += 46 + length;
  }
  return found;
}

test("the archive depends on names and contents, not on their order or the time", () => {
  expect(zip(entries).equals(zip(entries.toReversed()))).toBe(true);
  const other = [...entries.slice(1), { name: "b/ünïcode.txt", content: Buffer.from("third") }];
  expect(zip(entries).equals(zip(other))).toBe(false);
});

test("the directory lists the files by name and leads back to each of them", () => {
  expect(unpack(zip(entries))).toEqual([
    ["a.txt", "first"],
    ["b/ünïcode.txt", "second\n".repeat(1000)],
    ["empty", ""],
  ]);
});

const unzip = await run("unzip", ["-v"]).then(
  () => true,
  () => false,
);

test.runIf(unzip)("unzip finds nothing wrong and unpacks readable files", async () => {
  await writeFile(join(directory, "a.zip"), zip(entries));
  const { stdout } = await run("unzip", ["-t", "a.zip"], { cwd: directory });
  expect(stdout).toContain("No errors detected");
  await run("unzip", ["-q", "a.zip", "a.txt"], { cwd: directory });
  expect(await readFile(join(directory, "a.txt"), "utf8")).toBe("first");
});

test("the package holds what runs and nothing to install, and it runs", async () => {
  const project = join(directory, "project");
  await mkdir(join(project, "functions"), { recursive: true });
  await cp(join(repository, "test/local/apps/root.ts"), join(project, "functions/index.ts"));
  await symlink(join(repository, "node_modules"), join(project, "node_modules"));
  for (const name of ["page", "cli"]) await symlink(join(repository, name), join(project, name));
  for (const name of ["package.json", "host.json"]) {
    await cp(join(repository, name), join(project, name));
  }
  await mkdir(join(project, "blackbox"));
  await writeFile(join(project, "blackbox.yml"), "modules: {}\n");
  await writeFile(join(project, "blackbox/ca.pem"), "a certificate");
  const script = (name: string) =>
    run(process.execPath, [join(repository, "local", name)], { cwd: project });
  await script("build.ts");
  await script("package.ts");
  const archive = await readFile(join(project, "sonde.zip"));

  const files = new Map(unpack(archive));
  expect([...files.keys()]).toEqual([
    "blackbox.yml",
    "blackbox/ca.pem",
    "dist/functions/index.js",
    ...["csp", "html", "html.br", "html.gz"].map((kind) => `dist/page/index.${kind}`),
    "dist/sonde.mjs",
    "host.json",
    "package.json",
  ]);
  const manifest: unknown = JSON.parse(files.get("package.json") ?? "");
  expect(manifest).toMatchObject({ name: "sonde", main: "dist/functions/index.js" });
  expect(manifest).not.toHaveProperty("dependencies");

  const deployed = join(directory, "deployed");
  for (const [name, text] of files) {
    await mkdir(dirname(join(deployed, name)), { recursive: true });
    await writeFile(join(deployed, name), text);
  }
  const alone = [join(deployed, "dist/sonde.mjs"), "--version"];
  expect((await run(process.execPath, alone, { cwd: tmpdir() })).stdout).toMatch(
    /^\d+\.\d+\.\d+\n$/,
  );
  const host = await spawnHost({ root: deployed });
  try {
    expect(await (await fetch(`${host.url}/`)).text()).toBe("page");
  } finally {
    await host.stop();
  }
});
