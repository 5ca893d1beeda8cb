/** The suites that were deployed beside the app: every YAML file in `suites/`. */
import { fileURLToPath } from "node:url";
import { readSuites } from "../lib/world.ts";

/** Above `dist/functions/`, which this file becomes a part of: beside host.json. */
export const suiteFiles = () => readSuites(fileURLToPath(new URL("../../suites", import.meta.url)));
