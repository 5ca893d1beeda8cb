import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { inflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { zip, type ZipEntry } from "../../local/zip.ts";

const entries: readonly ZipEntry[] = [
  { name: "b/ünïcode.txt", content: Buffer.from("second\n".repeat(1000)) },
  { name: "a.txt", content: Buffer.from("first") },
  { name: "empty", content: new Uint8Array() },
];

test("the archive depends on names and contents, not on their order or the time", () => {
  expect(zip(entries).equals(zip(entries.toReversed()))).toBe(true);
  const other = [...entries.slice(1), { name: "b/ünïcode.txt", content: Buffer.from("third") }];
  expect(zip(entries).equals(zip(other))).toBe(false);
});

test("the directory lists the files by name and leads back to each of them", () => {
  const archive = zip(entries);
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  let at = archive.readUInt32LE(end + 16);
  const found: [string, string][] = [];
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
  expect(found).toEqual([
    ["a.txt", "first"],
    ["b/ünïcode.txt", "second\n".repeat(1000)],
    ["empty", ""],
  ]);
});

const run = promisify(execFile);
const unzip = await run("unzip", ["-v"]).then(
  () => true,
  () => false,
);

test.runIf(unzip)("unzip finds nothing wrong and unpacks readable files", async () => {
  const directory = await mkdtemp(join(tmpdir(), "sonde-zip-"));
  try {
    await writeFile(join(directory, "a.zip"), zip(entries));
    const { stdout } = await run("unzip", ["-t", "a.zip"], { cwd: directory });
    expect(stdout).toContain("No errors detected");
    await run("unzip", ["-q", "a.zip"], { cwd: directory });
    expect(await readFile(join(directory, "a.txt"), "utf8")).toBe("first");
  } finally {
    await rm(directory, { recursive: true });
  }
});
