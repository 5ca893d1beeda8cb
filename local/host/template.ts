/** Route templates of ASP.NET Core: literals, `{name}`, `{name?}`, `{name=default}`, `{*rest}`, constraints. */

interface Parameter {
  readonly name: string;
  readonly constraints: readonly ((value: string) => boolean)[];
  readonly optional: boolean;
  readonly fallback: string | undefined;
  readonly catchAll: boolean;
}

export type Segment = { readonly literal: string } | Parameter;

/** Parses a template without leading or trailing slash. Throws on what this host does not know. */
export function parseTemplate(template: string): readonly Segment[] {
  if (template === "") return [];
  return splitOutsideBraces(template).map((text) => {
    if (!/[{}]/.test(text)) return { literal: text.toLowerCase() };
    const inside = /^\{(.*)\}$/.exec(text)?.[1];
    if (inside === undefined) throw new Error(`route segment not reproduced here: ${text}`);
    return parseParameter(inside);
  });
}

function splitOutsideBraces(template: string): readonly string[] {
  return template.match(/(?:\{(?:[^{}]|\{\{|\}\})*\}|[^/{}])+/g) ?? [];
}

function parseParameter(text: string): Parameter {
  const form = /^(\*{0,2})([^:=?*{}]+)((?::.*?)?)(\?|=.*)?$/.exec(text);
  const [, stars = "", name, rules = "", tail = ""] = form ?? [];
  if (name === undefined) throw new Error(`route parameter not understood: {${text}}`);
  return {
    name,
    constraints: splitConstraints(rules).map(constraint),
    optional: tail === "?",
    fallback: tail.startsWith("=") ? tail.slice(1) : undefined,
    catchAll: stars !== "",
  };
}

/** ":int:range(1,5)" -> ["int", "range(1,5)"]. A colon inside parentheses belongs to a pattern. */
function splitConstraints(rules: string): readonly string[] {
  return rules.match(/(?<=:)[a-z]+(?:\(.*?\)(?=:|$))?/gi) ?? [];
}

type Numbers = readonly [first: number, second: number];
const integer = /^[+-]?\d+$/;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const guid = /^\{?[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\}?$/i;

const known: Readonly<Record<string, (value: string, at: Numbers, raw: string) => boolean>> = {
  alpha: (value) => /^[a-z]*$/i.test(value),
  bool: (value) => /^(?:true|false)$/i.test(value),
  datetime: (value) => !Number.isNaN(Date.parse(value)),
  decimal: (value) => decimal.test(value),
  double: (value) => decimal.test(value),
  float: (value) => decimal.test(value),
  guid: (value) => guid.test(value),
  int: (value) => integer.test(value) && Math.abs(Number(value)) <= 0x7fffffff,
  length: (value, [least, most]) => value.length >= least && value.length <= most,
  long: (value) => integer.test(value),
  max: (value, [most]) => integer.test(value) && Number(value) <= most,
  maxlength: (value, [most]) => value.length <= most,
  min: (value, [least]) => integer.test(value) && Number(value) >= least,
  minlength: (value, [least]) => value.length >= least,
  range: (value, [least, most]) =>
    integer.test(value) && Number(value) >= least && Number(value) <= most,
  regex: (value, _at, raw) => new RegExp(raw, "i").test(value),
  required: (value) => value !== "",
};

function constraint(text: string): (value: string) => boolean {
  const [, name = "", raw = ""] = /^([a-z]+)(?:\((.*)\))?$/i.exec(text) ?? [];
  const rule = known[name.toLowerCase()];
  if (rule === undefined) throw new Error(`route constraint not known: ${text}`);
  const [first = Number.NaN, second = first] = raw.split(",").map(Number);
  // In a template a brace of a pattern is written twice.
  const pattern = raw.replaceAll("{{", "{").replaceAll("}}", "}");
  return (value) => rule(value, [first, second], pattern);
}

/** The parameters that `path` gives to the template, or nothing when it does not fit. */
export function matchTemplate(
  segments: readonly Segment[],
  path: string,
): ReadonlyMap<string, string> | undefined {
  const inner = path.replace(/^\/|\/$/g, "");
  const parts = inner === "" ? [] : inner.split("/");
  const params = new Map<string, string>();
  const fits = segments.every((segment, at) =>
    "literal" in segment
      ? parts[at] !== undefined && decode(parts[at]).toLowerCase() === segment.literal
      : take(segment, segment.catchAll ? parts.slice(at).join("/") : parts[at], params),
  );
  const last = segments.at(-1);
  const open = last !== undefined && "catchAll" in last && last.catchAll;
  return fits && (open || parts.length <= segments.length) ? params : undefined;
}

function take(
  parameter: Parameter,
  given: string | undefined,
  params: Map<string, string>,
): boolean {
  if (given === undefined || given === "") {
    if (parameter.fallback !== undefined) params.set(parameter.name, parameter.fallback);
    return parameter.optional || parameter.catchAll || parameter.fallback !== undefined;
  }
  const value = decode(given);
  if (!parameter.constraints.every((fits) => fits(value))) return false;
  params.set(parameter.name, value);
  return true;
}

/** Kestrel decodes a path once and leaves %2F alone, so that no segment gains a slash. */
function decode(text: string): string {
  try {
    return text
      .split(/(%2f)/i)
      .map((part, at) => (at % 2 ? part : decodeURIComponent(part)))
      .join("");
  } catch {
    return text;
  }
}
