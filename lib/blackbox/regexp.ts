/**
 * Regular expressions of modules: Go's own syntax (RE2), by an engine whose time is linear in the text,
 * so that no page can keep a module busy. Loaded at the first module that has one.
 */
import type * as Engine from "re2js";
import { fillTemplate, type Pattern } from "../protocols/pattern.ts";

/** Nobody reads a longer one, and each is compiled into a program of its size. */
const LONGEST = 4096;

export async function compile(source: string): Promise<Pattern | { readonly wrong: string }> {
  if (source.length > LONGEST) return { wrong: `an expression is longer than ${LONGEST}` };
  const { RE2JS } = await import("re2js");
  try {
    return patternOf(source, RE2JS.compile(source));
  } catch (error) {
    const why = error instanceof Error ? error.message : "it cannot be read";
    return { wrong: `not an expression in Go's syntax: ${why}` };
  }
}

function patternOf(source: string, expression: Engine.RE2JS): Pattern {
  return {
    source,
    fits: (text) => expression.matcher(text).find(),
    find(text) {
      const matcher = expression.matcher(text);
      if (!matcher.find()) return undefined;
      const named = expression.namedGroups();
      const groupOf = (name: string) => {
        const number = /^\d{1,4}$/.test(name) ? Number(name) : named[name];
        if (number === undefined || number > matcher.groupCount()) return undefined;
        return matcher.group(number) ?? undefined;
      };
      return { fill: (template) => fillTemplate(template, groupOf) };
    },
  };
}
