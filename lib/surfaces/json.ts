import type { Surface } from "./index.ts";
import { json as print } from "./safe.ts";

/** The report as it is, indented: people read it in a terminal too, where it is safe to print. */
export const json: Surface = {
  name: "json",
  contentType: "application/json",
  write: (report) => `${print(report, 2)}\n`,
};
