import type { Surface } from "./index.ts";
import { ci } from "./safe.ts";

export const text: Surface = {
  name: "text",
  contentType: "text/plain; charset=utf-8",
  write: (report) => `${ci(report.summary)}\n`,
};
