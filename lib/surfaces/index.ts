/** The ways to show a saved report. A new one is a file here, a line in the list, and its test. */
import type { Report } from "../report.ts";
import type { AnySheet } from "../stage.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import { prometheus } from "./prometheus.ts";
import { short } from "./short.ts";
import { tap } from "./tap.ts";
import { text } from "./text.ts";

/** Pure: the same report always reads the same. `sheets` say how the facts of each stage read. */
export interface Surface {
  /** As in `format=`. */
  readonly name: string;
  readonly contentType: string;
  /** Printable, ends with a newline. */
  write(report: Report, sheets: readonly AnySheet[]): string;
}

/** In order of preference: the first is the default. */
export const surfaces: readonly Surface[] = [json, text, short, markdown, junit, tap, prometheus];

export function surfaceNamed(name: string): Surface | undefined {
  return surfaces.find((surface) => surface.name === name);
}
