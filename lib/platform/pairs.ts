/** `key=value;key=value`, as ADO.NET, ODBC, libpq and the Azure libraries write connection strings. */

/** Keys in lower case and without spaces, in order. */
export type Pairs = readonly (readonly [key: string, value: string])[];

/** A value may be quoted, and then holds what would end it elsewhere: a password may look like a server. */
const quoted = `"(?:[^"]|"")*"|'(?:[^']|'')*'|\\{(?:[^}]|\\}\\})*\\}`;
const bySemicolon = new RegExp(`\\s*([\\w .-]+?)\\s*=\\s*(${quoted}|[^;]*)\\s*(?:;|$)`, "gy");
const bySpace = new RegExp(`\\s*(\\w+)\\s*=\\s*('(?:[^'\\\\]|\\\\.)*'|[^\\s;]*)(?:\\s+|$)`, "gy");

/** Nothing when the text is not made of pairs throughout. */
export function pairsIn(text: string): Pairs {
  return cut(text, bySemicolon) ?? [];
}

function cut(text: string, shape: RegExp): Pairs | undefined {
  // Between spaces only where no semicolon separates: libpq.
  const pattern = text.includes(";") || !/^\w+\s*=\S*\s+\w+\s*=/.test(text) ? shape : bySpace;
  const found: [string, string][] = [];
  let end = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [, key = "", value = ""] = match;
    found.push([key.toLowerCase().replaceAll(" ", ""), bare(value)]);
    end = pattern.lastIndex;
    if (end >= text.length) break;
  }
  return text.slice(end).replace(/[\s;]/g, "") === "" ? found : undefined;
}

function bare(value: string): string {
  const [first = ""] = value;
  const isQuoted = value.length > 1 && (first === '"' || first === "'") && value.endsWith(first);
  return (isQuoted ? value.slice(1, -1) : value).trim();
}

/** The last value of a key, as the libraries take it. */
export function keyed(pairs: Pairs, key: string): string | undefined {
  return pairs.findLast(([name]) => name === key)?.[1];
}
