/** `npm run build`: everything under dist/, from nothing, in well under a second. */
import { rm } from "node:fs/promises";
import { type Bundle, bundle } from "./bundle.ts";
import { buildPage } from "./page.ts";

const bundles: readonly Bundle[] = [
  { entries: { "functions/index": "functions/index.ts" }, outdir: "dist", splitting: true },
  { entries: { sonde: "cli/main.ts" }, outdir: "dist", splitting: false },
];

const began = performance.now();
await rm("dist", { recursive: true, force: true });
await Promise.all([...bundles.map(bundle), buildPage("page", "dist/page")]);
console.log(`built dist in ${Math.round(performance.now() - began)} ms`);
