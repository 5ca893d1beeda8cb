/** The words of the text format of Prometheus, version 0.0.4. */
import { ci } from "./safe.ts";

export const contentType = "text/plain; version=0.0.4; charset=utf-8";

export type Labels = Readonly<Record<string, string>>;

export function headOf(name: string, help: string, type: "gauge" | "counter" = "gauge"): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

/** In label values backslash, quote and newline are escaped; `ci` leaves no newline. */
export function labelled(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${ci(value).replace(/[\\"]/g, String.raw`\$&`)}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
