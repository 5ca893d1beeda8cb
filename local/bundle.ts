/** How sources become what is deployed: one place, so that tests bundle exactly as the build does. */
import { build, type BuildOptions } from "esbuild";

export interface Bundle {
  /** Output name without its extension, under `outdir` -> source file. */
  readonly entries: Readonly<Record<string, string>>;
  readonly outdir: string;
  /**
   * Lazily imported parts become files of their own, so that a cold start reads only what it needs.
   * Without, each entry stands alone, and ends in .mjs: no package.json beside it says what it is.
   */
  readonly splitting: boolean;
}

// CommonJS packages inside an ES module still call require() for Node's own modules. Without a
// real require they throw while loading, and the Functions host then reports an app that has no
// functions at all.
const banner =
  'import{createRequire as __require}from"node:module";const require=__require(import.meta.url);';

/** Bundles for the Functions Node worker: ES modules, every package inlined, nothing to install. */
export async function bundle(what: Bundle): Promise<void> {
  const options: BuildOptions = {
    entryPoints: { ...what.entries },
    outdir: what.outdir,
    splitting: what.splitting,
    outExtension: { ".js": what.splitting ? ".js" : ".mjs" },
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22",
    minify: true,
    // 4 % more bytes, for stack traces that name the functions they pass through.
    keepNames: true,
    banner: { js: banner },
    // Exists only inside the worker, which supplies it when it is required.
    external: ["@azure/functions-core"],
    logLevel: "warning",
  };
  await build(options);
}
