/**
 * `Via` (RFC 9110 §7.6.3): `[protocol "/"] version SP received-by [ SP "(" comment ")" ]`, one per
 * proxy, the first one leftmost. Front Door writes `1.1 Azure` or `HTTP/1.1 Azure`.
 */
export interface ViaEntry {
  readonly protocol: string;
  readonly version: string;
  /** A host, perhaps with its port, or a pseudonym. */
  readonly by: string;
  readonly comment?: string;
}

const entry =
  /^(?:([A-Za-z0-9!#$%&'*+.^_`|~-]+)\/)?([A-Za-z0-9.]+)[ \t]+([^\s,()]+)(?:[ \t]+\((.*)\))?$/;

/** The entries that follow the grammar. Never throws; others are left out. */
export function parseVia(value: string): readonly ViaEntry[] {
  return splitOutsideComments(value).flatMap((text) => {
    const [matched, protocol, version, by, comment] = entry.exec(text.trim()) ?? [];
    if (matched === undefined || version === undefined || by === undefined) return [];
    const said = comment === undefined ? {} : { comment };
    return [{ protocol: (protocol ?? "HTTP").toUpperCase(), version, by, ...said }];
  });
}

/** Commas count outside parentheses only; comments nest, and `\` escapes inside them. */
function splitOutsideComments(text: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "\\" && depth > 0) at += 1;
    else if (character === "(") depth += 1;
    else if (character === ")") depth = Math.max(0, depth - 1);
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
