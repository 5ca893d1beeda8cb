import type { Surface } from "./index.ts";
import { ci } from "./safe.ts";

/** One line, its first word the verdict, for a shell, a chat or a monitor. */
export const short: Surface = {
  name: "short",
  contentType: "text/plain; charset=utf-8",
  write(report) {
    const open = report.verdict === "pass" ? report.notProved : [];
    const aside = open.length > 0 ? ` (not proved: ${open.join("; ")})` : "";
    return `${ci(report.summary + aside)}\n`;
  },
};
