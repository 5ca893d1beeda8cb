/** One value out of a report, as plain text: for a shell that wants to know one thing. */
import type { Report } from "../report.ts";
import type { Surface } from "./index.ts";
import { json, terminal } from "./safe.ts";

/**
 * Shows what a path leads to. It is looked for in the report, then in its result, then among the facts
 * of each stage: `verdict`, `arrive.client`, `client.address`. In a list a number is an index, and a
 * word the member of that `name`, `on`, `kind`, `code` or `key`: `headers.host.value`.
 */
export function selecting(path: string): Surface {
  const segments = path.split(".");
  return {
    name: "select",
    contentType: "text/plain; charset=utf-8",
    write: (report) => linesOf(rootsOf(report).map((root) => follow(root, segments))),
  };
}

/** Where a path may begin. */
function rootsOf(report: Report): readonly unknown[] {
  return [report, report.result, ...Object.values(report.result)];
}

function follow(root: unknown, segments: readonly string[]): unknown {
  return segments.reduce<unknown>((value, segment) => step(value, segment), root);
}

const naming = ["name", "on", "kind", "code", "key"] as const;

function step(value: unknown, segment: string): unknown {
  if (Array.isArray(value)) {
    const wanted = segment.toLowerCase();
    return /^\d{1,6}$/.test(segment)
      ? value[Number(segment)]
      : value.find((one: unknown) => naming.some((key) => wordAt(one, key) === wanted));
  }
  const isObject = typeof value === "object" && value !== null;
  return isObject && Object.hasOwn(value, segment) ? Reflect.get(value, segment) : undefined;
}

function wordAt(value: unknown, key: string): string | undefined {
  const found = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === "string" ? found.toLowerCase() : undefined;
}

/** Nothing for what was never learned; a list of plain values one a line; anything else as JSON. */
function linesOf(found: readonly unknown[]): string {
  const value = found.find((one) => one !== undefined);
  if (value === undefined) return "";
  const items: readonly unknown[] = Array.isArray(value) && value.every(isPlain) ? value : [value];
  return items.map((one) => `${isPlain(one) ? terminal(String(one)) : json(one)}\n`).join("");
}

function isPlain(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}
