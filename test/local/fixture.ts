/** Lays out an app in a directory of its own, bundled exactly as the product is. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../../local/bundle.ts";

export interface Fixture extends AsyncDisposable {
  readonly root: string;
}

export interface FixtureFiles {
  readonly host?: object;
  readonly settings?: object;
  /** File name under test/local/apps/, without extension. */
  readonly app?: string;
  readonly main?: string;
}

/** Removed with its directory when it is disposed of. */
export async function layOut(files: FixtureFiles = {}): Promise<Fixture> {
  const root = await mkdtemp(join(tmpdir(), "sonde-local-"));
  const app = files.app ?? "everything";
  const source = fileURLToPath(new URL(`apps/${app}.ts`, import.meta.url));
  await bundle({ entries: { [app]: source }, outdir: join(root, "dist"), splitting: true });
  const write = (name: string, content: object) =>
    writeFile(join(root, name), JSON.stringify(content));
  await write("package.json", { type: "module", main: files.main ?? "dist/*.js" });
  await write("host.json", files.host ?? { version: "2.0" });
  if (files.settings) await write("local.settings.json", files.settings);
  return {
    root,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
