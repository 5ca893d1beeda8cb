/** `npm run build`: everything under dist/, from nothing, in well under a second. */
import { rm } from "node:fs/promises";
import { type Bundle, bundle } from "./bundle.ts";

const bundles: readonly Bundle[] = [
  { entries: { "functions/index": "functions/index.ts" }, outdir: "dist", splitting: true },
];

const began = performance.now();
await rm("dist", { recursive: true, force: true });
for (const each of bundles) await bundle(each);
console.log(`built dist in ${Math.round(performance.now() - began)} ms`);
