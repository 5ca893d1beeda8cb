/** The function key: in memory, and for this tab alone in its session storage if that is wished. */
import { keep, kept } from "./storage.ts";

const NAME = "sonde.key";

export function savedKey(): string {
  return kept("sessionStorage", NAME);
}

export function saveKey(key: string, wished: boolean): void {
  keep("sessionStorage", NAME, wished ? key : "");
}
