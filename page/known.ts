/** Reads what arrived as JSON: nothing is believed before it was looked at. */
export type Known = Readonly<Record<string, unknown>>;

export function isKnown(value: unknown): value is Known {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function known(value: unknown): Known {
  return isKnown(value) ? value : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function records(value: unknown): readonly Known[] {
  return list(value).filter(isKnown);
}

export function texts(value: unknown): readonly string[] {
  return list(value).filter((one) => typeof one === "string");
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** `undefined` when it is not JSON. */
export function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** A foreign name as the key of an element. As it stands, `__proto__` would break the page's bookkeeping. */
export function keyOf(name: string | undefined): string {
  return `=${name}`;
}

/** What a table of ours says to a foreign word; the word itself where it says nothing. */
export function told(table: Readonly<Record<string, string>>, word: string): string {
  return Object.hasOwn(table, word) ? (table[word] ?? word) : word;
}
