/** Lists whose members may hold quoted strings (RFC 9110 §5.6.4), as several forwarding headers do. */

/** The parts between separators that stand outside quotes, trimmed. An open quote ends with the text. */
export function splitOutsideQuotes(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quoted && character === "\\") at += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === separator) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}

/** The meaning of a quoted string; a text without quotes means itself. */
function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  const inner = text.length > 1 && text.endsWith('"') ? text.slice(1, -1) : text.slice(1);
  return inner.replaceAll(/\\(.)/gs, "$1");
}

/** `name=value` with the name in lower case and the value unquoted; undefined without a `=`. */
export function parsePair(text: string): readonly [name: string, value: string] | undefined {
  const equals = text.indexOf("=");
  if (equals < 1) return undefined;
  return [text.slice(0, equals).trim().toLowerCase(), unquote(text.slice(equals + 1).trim())];
}
