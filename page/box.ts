/**
 * Reads what was typed or pasted into the one box, here in the browser: of a connection string only
 * host and port are kept, and the rest never leaves this page.
 */
import { isKnown, parse, type Known } from "./known.ts";
import { readSettings } from "./pasted.ts";
import { bare, readLine, type Reading } from "./strings.ts";

/** One target a line, or a list of settings; the readers are asked in turn. */
export function readBox(pasted: string): Reading {
  const settings = readSettings(pasted);
  if (settings !== undefined) return { targets: settings.targets, dropped: true };
  const lines = pasted.split(/[\r\n]+/).map(bare);
  const read = lines.filter((line) => line !== "" && !line.startsWith("#")).map(readLine);
  return {
    targets: [...new Set(read.flatMap(({ targets }) => targets))],
    dropped: read.some(({ dropped }) => dropped),
  };
}

/** A suite that was pasted whole: as it is read here, or as text that only the API can read. */
export function suiteIn(pasted: string): Known | string | undefined {
  const value = parse(pasted);
  if (isKnown(value) && Array.isArray(value["checks"])) return value;
  return /^version:/m.test(pasted) && /^checks:/m.test(pasted) ? pasted : undefined;
}

/** Whether a line names a host and no port, so that ports may be offered. */
export function lacksPort(typed: string): boolean {
  return /^[\w-]+(\.[\w-]+)*\.?$/.test(typed.trim()) && !/^\d+$/.test(typed.trim());
}
