/** Loads an app the way the Node worker does: every file that `main` of package.json names. */
import { globSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readJson, under } from "../json.ts";
import { supplyCore } from "./core.ts";
import { emptyRegistry, type Registry, runHooks } from "./registry.ts";

let loaded: string | undefined;

/**
 * Imports the app at `root` and returns what it registered.
 *
 * Throws where the real host would show an app without functions, so that the cause is seen.
 */
export async function loadApp(root: string): Promise<Registry> {
  if (loaded !== undefined) {
    throw new Error(`this process has already loaded ${loaded}: start another host in a child`);
  }
  loaded = root;
  const main = under(readJson(join(root, "package.json")), "main");
  if (typeof main !== "string") throw new Error("package.json names no main");
  const files = globSync(main, { cwd: root }).toSorted();
  if (files.length === 0) throw new Error(`main of package.json matches no file: ${main}`);
  const registry = emptyRegistry();
  supplyCore(registry);
  for (const file of files) await import(pathToFileURL(join(root, file)).href);
  await runHooks(registry, "appStart", {
    hookData: {},
    appHookData: registry.appHookData,
    functionAppDirectory: root,
  });
  registry.locked = true;
  const capabilities = (await registry.model?.getCapabilities({})) ?? {};
  if (capabilities["HttpUri"] !== undefined) {
    throw new Error("app.setup({ enableHttpStream: true }) is not reproduced by this host");
  }
  if (registry.functions.size === 0) throw new Error(`${main} registered no function`);
  return registry;
}
