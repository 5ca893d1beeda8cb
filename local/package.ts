/** `npm run package`: sonde.zip, ready to deploy. The same sources give the same bytes. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { zip, type ZipEntry } from "./zip.ts";
import manifest from "../package.json" with { type: "json" };

// Everything is bundled, so nothing is left to install: no dependencies, no node_modules.
const { name, version, type, main, engines } = manifest;
const minimal = `${JSON.stringify({ name, version, type, main, engines }, null, 2)}\n`;

const files = ["host.json", ...globSync("dist/**/*.*")];
const entries: readonly ZipEntry[] = [
  { name: "package.json", content: Buffer.from(minimal) },
  ...files.map((path) => ({ name: path.replaceAll("\\", "/"), content: readFileSync(path) })),
];
const archive = zip(entries);
writeFileSync(`${name}.zip`, archive);
console.log(`${name}.zip: ${entries.length} files, ${Math.ceil(archive.length / 1024)} KiB`);
