/** What others make of our output, as far as it matters here. */

/**
 * The text that an inline Markdown fragment shows, by the order CommonMark reads it: escapes, code
 * spans, entities. Pipes read `(pipe)`. Undefined when anything in it would be markup, a table
 * boundary, a link or a mention.
 */
export function bareMarkdown(source: string): string | undefined {
  let shown = "";
  let rest = source;
  while (rest !== "") {
    const [token, text] = next(rest) ?? [];
    if (token === undefined || text === undefined) return undefined;
    shown += text;
    rest = rest.slice(token.length);
  }
  return shown;
}

type Token = readonly [source: string, shown: string];

const entities: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

function next(rest: string): Token | undefined {
  return escape(rest) ?? codeSpan(rest) ?? entity(rest) ?? plain(rest);
}

function escape(rest: string): Token | undefined {
  const [found] = /^\\[!-/:-@[-`{-~]/.exec(rest) ?? [];
  return found === undefined
    ? undefined
    : [found, found === String.raw`\|` ? "(pipe)" : found.slice(1)];
}

function entity(rest: string): Token | undefined {
  const [found] = /^&\w+;/.exec(rest) ?? [];
  return found === undefined ? undefined : [found, entities[found] ?? ""];
}

function plain(rest: string): Token | undefined {
  const [found] = /^(?!https?:|www\.|:\/\/)[^\\`*_~[\]{}|$<>@#&]/iu.exec(rest) ?? [];
  return found === undefined ? undefined : [found, found];
}

function codeSpan(rest: string): Token | undefined {
  const [source = "", , inside = ""] = /^(`+)(?!`)(.*?[^`])\1(?!`)/s.exec(rest) ?? [];
  if (source === "" || inside.includes("|")) return undefined;
  const padded = /^ .*[^ ].* $/s.test(inside);
  const shown = padded ? inside.slice(1, -1) : inside;
  return [source, shown.replaceAll(String.raw`\u007c`, "(pipe)")];
}

/** How the GitHub runner finds a command in a line that was printed: by `::` and by the older `##[`. */
export function obeysGitHub(line: string): boolean {
  const start = line.trimStart();
  const [name = ""] = start.slice(2).split("::")[0]?.split(" ") ?? [];
  const current = start.startsWith("::") && start.includes("::", 2) && /[g-z]/i.test(name);
  return current || line.includes("##[");
}

/** Azure Pipelines looks for its prefix anywhere in the line. */
export function obeysAzure(line: string): boolean {
  return /##vso\[/i.test(line);
}
