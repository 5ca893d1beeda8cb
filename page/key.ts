/** The function key: in memory, and for this tab alone in its session storage if that is wished. */
const NAME = "sonde.key";

export function savedKey(): string {
  try {
    return sessionStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

export function saveKey(key: string, keep: boolean): void {
  try {
    if (keep && key !== "") sessionStorage.setItem(NAME, key);
    else sessionStorage.removeItem(NAME);
  } catch {
    // A browser that stores nothing keeps the key in memory alone.
  }
}
