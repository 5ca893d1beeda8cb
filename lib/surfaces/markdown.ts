import type { Surface } from "./index.ts";
import { ci } from "./safe.ts";

export const markdown: Surface = {
  name: "markdown",
  contentType: "text/markdown; charset=utf-8",
  write: (report) => `${ci(report.summary)}\n`,
};
