/**
 * The one place where strings from elsewhere become harmless: banners, headers, certificates, TXT
 * records, names. Nothing is dropped; what is dangerous stays visible as an escape.
 *
 * Dangerous to a reader is whatever a terminal obeys or an eye cannot see: C0, DEL and C1 controls
 * (U+009B alone starts an escape sequence, ECMA-48 §5.3), line and paragraph separators,
 * bidirectional controls (UAX #9), zero-width and other invisible characters (UAX #44,
 * Default_Ignorable_Code_Point), noncharacters and lone surrogates.
 */
const invisible = String.raw`\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}`;
const unprintable = new RegExp(String.raw`[\p{Cc}\p{Cs}${invisible}]`, "u");
const everyUnprintable = new RegExp(unprintable, "gu");

/** `JSON.stringify` itself escapes C0 and lone surrogates; its only raw control is its own newline. */
const missedByJson = new RegExp(String.raw`[\x7f-\x9f${invisible}]|##(?=\w*\[)`, "u");
const everyMissedByJson = new RegExp(missedByJson, "gu");

/**
 * What build agents obey when it is printed. `##vso[…]` (Azure Pipelines), `##[…]` (older GitHub
 * runners) and `##teamcity[…]` count anywhere in a line; `::error::` (GitHub Actions) counts at the
 * start of a line after white space, and any word can become that by wrapping. `::1` and
 * `::ffff:10.0.0.1` are addresses, and no command is spelled in hexadecimal digits alone.
 */
const agentCommand = /##(?=\w*\[)|(?<!\S)::(?![\da-f:.]*(?:[%/,;)\]\s]|$))/gi;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** `\u009b` for every UTF-16 unit: the form that JSON reads back. */
function escaped(text: string): string {
  let out = "";
  for (let index = 0; index < text.length; index += 1) {
    out += `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }
  return out;
}

function visible(character: string): string {
  if (character.length === 1) return short[character] ?? escaped(character);
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** One line for a terminal: no character of the result moves the cursor, changes colour or hides. */
export function terminal(text: string): string {
  return unprintable.test(text) ? text.replace(everyUnprintable, visible) : text;
}

/** One line for a terminal whose output a build agent may be reading: `terminal`, and no commands. */
export function ci(text: string): string {
  return terminal(text).replace(agentCommand, (mark) => mark.charAt(0) + escaped(mark.charAt(1)));
}

/**
 * Valid JSON that parses to the same value as `JSON.stringify` would give, and that can be printed:
 * the same characters as in `terminal`, and the marks of build agents, are `\uXXXX`. `undefined`
 * becomes `null`.
 */
export function json(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, undefined, indent) ?? "null";
  return isHarmless(text) ? text : text.replace(everyMissedByJson, escaped);
}

/** Most reports are ASCII, which is told by their length alone; of it DEL and the marks are left to look for. */
function isHarmless(text: string): boolean {
  const isAscii = Buffer.byteLength(text) === text.length;
  return isAscii ? !text.includes("\x7f") && !text.includes("##") : !missedByJson.test(text);
}

/** At most `limit` UTF-16 units, at least 3; a cut shows as `...` and never splits a character. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = limit - 3;
  const last = text.charCodeAt(end - 1);
  const splits = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, splits ? end - 1 : end)}...`;
}

/** A flat record for the log. What is undefined is left out. */
export type LogRecord = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** One line of JSON without a newline; strings are clipped to 512 units. */
export function logLine(record: LogRecord): string {
  const fields = Object.entries(record).map(([key, value]) => [
    key,
    typeof value === "string" ? clip(value, 512) : value,
  ]);
  return json(Object.fromEntries(fields));
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for HTML, in an element or in a quoted attribute. */
export function html(text: string): string {
  return terminal(text).replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

/**
 * Text for XML, in an element or in a quoted attribute, also where a build agent prints the file. What
 * XML 1.0 has no character for is an escape here, as everywhere.
 */
export function xml(text: string): string {
  return html(ci(text));
}

/**
 * Inline Markdown that shows the text as it is, also in a table cell: no markup, no HTML, no links,
 * nobody mentioned, no issue referred to. Backslashes do not stop the last three, which renderers
 * look for after parsing; code spans do.
 */
export function markdown(text: string): string {
  return ci(text)
    .split(/(\s+)/)
    .map((word) => (/[@#]|:\/\/|www\.|mailto:|xmpp:/i.test(word) ? code(word) : plain(word)))
    .join("");
}

/** The text as one code span; nothing for an empty one. */
export function codeSpan(text: string): string {
  return text === "" ? "" : code(ci(text));
}

/** Shell commands, one a line, in a code block that they cannot close (CommonMark §4.5). */
export function fenced(commands: readonly string[]): string[] {
  const lines = commands.map(ci);
  const fence = "`".repeat(Math.max(3, longestRun(lines.join("\n")) + 1));
  return [`${fence}sh`, ...lines, fence];
}

/** A code span (CommonMark §6.1). A pipe would end a table cell even there. */
function code(text: string): string {
  const longest = longestRun(text);
  const fence = "`".repeat(longest + 1);
  const room = longest > 0 ? " " : "";
  return `${fence}${room}${text.replaceAll("|", escaped("|"))}${room}${fence}`;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

function plain(word: string): string {
  return word
    .replace(/[\\`*_~[\]{}|$]/g, String.raw`\$&`)
    .replace(/[&<>]/g, (character) => entities[character] ?? "")
    .replace(/^[-+=:]+$/, String.raw`\$&`)
    .replace(/^(\d+)([.)])$/, String.raw`$1\$2`);
}
