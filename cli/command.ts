/**
 * The grammar of the command line, by the schema of the probe: `sonde <probe> [subject …]` and named
 * values as `--key value`, `--key=value` or `key=value`, in any order. Keys are the names of the query.
 */
import type { Pair } from "../lib/api/decode.ts";
import { fieldsOf, type Askable } from "../lib/api/fields.ts";
import { nearest } from "../lib/nearest.ts";
import { smoke } from "../lib/api/suite.ts";
import { placesIn } from "../lib/platform/connection-string.ts";
import type { AnyProbe } from "../lib/probe.ts";

export type Command =
  | { readonly is: "help"; readonly probe: Asked | undefined }
  | { readonly is: "version" }
  | Wrong
  /** A suite in a file, `-` for standard input; or in the pairs, where there is no file. */
  | { readonly is: "smoke"; readonly file: string | undefined; readonly pairs: readonly Pair[] }
  /** One question for each subject, to be asked one after the other. */
  | { readonly is: "ask"; readonly probe: AnyProbe; readonly asked: readonly (readonly Pair[])[] };

/** A probe, or `smoke`. */
export type Asked = Askable & Pick<AnyProbe, "name" | "summary" | "example">;

export interface Wrong {
  readonly is: "wrong";
  /** One sentence. */
  readonly why: string;
  readonly probe: Asked | undefined;
}

/** Reads the words after the name of the program; `probes` are those that can be asked here. */
export function readCommand(words: readonly string[], probes: readonly AnyProbe[]): Command {
  const [first, ...rest] = words;
  if (first === "help") return readCommand([...rest, "--help"], probes);
  if (first === undefined) return wrong("a probe is needed");
  if (isHelp(first)) return { is: "help", probe: undefined };
  if (first === "--version") return { is: "version" };
  if (first === smoke.name) return readSmoke(rest);
  const probe = probes.find((one) => one.name === first);
  if (probe === undefined) return wrong(unknownProbe(first, probes));
  return rest.some(isHelp) ? { is: "help", probe } : readQuestion(rest, probe);
}

/** What it is about: the field that a word without a name goes to. A suite stands in a file. */
export function subjectOf(probe: Asked): string {
  const [first = ""] = fieldsOf(probe).fields.keys();
  return probe === smoke ? "file" : first;
}

/** Every name that may stand before a value. */
function namesOf(probe: Asked): string[] {
  const { fields, expectable } = fieldsOf(probe);
  const always = ["format", "select"];
  return [...fields.keys(), ...always, ...[...expectable.keys()].map((key) => `expect.${key}`)];
}

function readQuestion(words: readonly string[], probe: AnyProbe): Command {
  const read = readWords(words, probe);
  if ("is" in read) return read;
  const { subjects, pairs } = read;
  const subject = subjectOf(probe);
  const asked = subjects.map((each): Pair[] => [[subject, each], ...pairs]);
  return { is: "ask", probe, asked: asked.length === 0 ? [pairs] : asked };
}

function readSmoke(words: readonly string[]): Command {
  if (words.some(isHelp)) return { is: "help", probe: smoke };
  const read = readWords(words, smoke);
  if ("is" in read) return read;
  const [file, ...more] = read.subjects;
  if (more.length > 0) return wrong("one suite at a time", smoke);
  return { is: "smoke", file, pairs: read.pairs };
}

interface Words {
  readonly subjects: readonly string[];
  readonly pairs: readonly Pair[];
}

function readWords(words: readonly string[], probe: Asked): Words | Wrong {
  const known = namesOf(probe);
  const subjects: string[] = [];
  const pairs: Pair[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const { flag, key, value } = split(word);
    if (key === undefined || isPasted(word, probe)) {
      subjects.push(word);
      continue;
    }
    if (!known.includes(key)) return wrong(unknownName(word, flag, key, known), probe);
    const given = value ?? words[(at += 1)];
    // Another flag is no value: it was forgotten. Whoever means it writes --key=--value.
    if (given === undefined || (value === undefined && given.startsWith("--"))) {
      return wrong(`${word} needs a value`, probe);
    }
    pairs.push([key, given]);
  }
  return { subjects, pairs };
}

/** A connection string has equals signs of its own, and names a place: `Server=tcp:db,1433;Database=a`. */
function isPasted(word: string, { name }: Asked): boolean {
  const [key = ""] = word.split("=");
  const isNamed = word.startsWith("-") || key === "target" || key === "setting";
  return name === "check" && !isNamed && (placesIn(word) ?? []).length > 0;
}

interface Parts {
  readonly flag: boolean;
  /** In camel case; absent for a subject. */
  readonly key: string | undefined;
  readonly value: string | undefined;
}

/** A URL may hold an equals sign too, but never before a colon or a slash. */
function split(word: string): Parts {
  const [, flag, name] = /^(--?)([^=]+)/.exec(word) ?? /^()([a-z][\w.-]*)=/i.exec(word) ?? [];
  if (name === undefined) return { flag: false, key: undefined, value: undefined };
  const end = word.indexOf("=");
  return {
    flag: flag !== "",
    key: name.replace(/-([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase()),
    value: end < 0 ? undefined : word.slice(end + 1),
  };
}

function unknownProbe(word: string, probes: readonly AnyProbe[]): string {
  if (word === "echo") {
    return "echo shows the HTTP request that asks for it, and a command line sends none";
  }
  const names = probes.map((one) => one.name);
  const near = nearest(word, [...names, smoke.name, "help", "--help", "--version"]);
  const hint = near === undefined ? `use one of ${names.join(", ")}` : `did you mean ${near}?`;
  return `the probe ${word} is not known: ${hint}`;
}

function unknownName(word: string, flag: boolean, key: string, known: readonly string[]): string {
  const [name = word] = word.split("=");
  const near = nearest(key, flag ? [...known, "help"] : known);
  const hint =
    near === undefined
      ? `known are ${known.join(", ")}`
      : `did you mean ${flag ? "--" : ""}${near}?`;
  return `${name} is not known: ${hint}`;
}

function isHelp(word: string): boolean {
  return word === "--help" || word === "-h";
}

function wrong(why: string, probe?: Asked): Wrong {
  return { is: "wrong", why, probe };
}
