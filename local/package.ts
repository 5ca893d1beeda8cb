/** `npm run package`: sonde.zip, ready to deploy. The same sources give the same bytes. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { readJson, under } from "./json.ts";
import { zip, type ZipEntry } from "./zip.ts";

// Everything is bundled, so nothing is left to install: no dependencies, no node_modules.
const manifest = readJson("package.json");
const kept = ["name", "version", "type", "main", "engines"];
const minimal = Object.fromEntries(kept.map((key) => [key, under(manifest, key)]));

// The modules of /probe, where there are any, and the files that they name.
const modules = globSync(["blackbox.yml", "blackbox/**/*.*"]);
const suites = globSync("suites/*.{yaml,yml}");
const files = ["host.json", ...globSync("dist/**/*.*"), ...modules, ...suites];
const entries: readonly ZipEntry[] = [
  { name: "package.json", content: Buffer.from(`${JSON.stringify(minimal, null, 2)}\n`) },
  ...files.map((path) => ({ name: path.replaceAll("\\", "/"), content: readFileSync(path) })),
];
const archive = zip(entries);
writeFileSync("sonde.zip", archive);
console.log(`sonde.zip: ${entries.length} files, ${Math.ceil(archive.length / 1024)} KiB`);
