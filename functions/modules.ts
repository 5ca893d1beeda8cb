/** The file of modules that was deployed beside the app, and what it names. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModuleFile } from "../lib/blackbox/modules.ts";

/** Above `dist/functions/`, which this file becomes a part of: beside host.json. */
const root = fileURLToPath(new URL("../../", import.meta.url));

const NAME = "blackbox.yml";

export function moduleFile(): ModuleFile {
  return { name: NAME, text: read(NAME)?.toString(), read };
}

/** Nothing when it cannot be read: whoever names it is told so, by its name. */
function read(path: string): Buffer | undefined {
  try {
    return readFileSync(resolve(root, path));
  } catch {
    return undefined;
  }
}
