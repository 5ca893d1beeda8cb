/** What `--help` prints: derived from the schemas, so that it cannot lag behind them. */
import * as z from "zod";
import { fieldsOf } from "../lib/api/fields.ts";
import { smoke } from "../lib/api/suite.ts";
import type { AnyProbe } from "../lib/probe.ts";
import { surfaces } from "../lib/surfaces/index.ts";
import { table, wrap } from "../lib/surfaces/layout.ts";
import { subjectOf, type Asked } from "./command.ts";

const formats = surfaces.map((surface) => surface.name);

const grammar = `Named values are written --key value, --key=value or key=value, and --timeout-ms is --timeoutMs. \
Several targets are asked one after the other, and the worst of their exit codes is the last word.`;

const codes = table([
  ["0", "pass, also with warnings"],
  ["1", "fail: the network or the target says no, or an expectation does not hold"],
  ["2", "usage: the command cannot be understood, or the policy refuses the target"],
  ["4", "Sonde's own: a setting, a limit, a deadline or a fault"],
]);

const settings = `The settings of the functions hold here too: SONDE_TARGETS says what may be probed, and \
link-local, metadata and multicast addresses never are. Loopback is open unless a hosting platform is around.`;

const echo = `The probe echo is not among them: it shows the HTTP request that asks for it, and a command line sends none.`;

/** Ends with a newline, as all of these do. */
export function overview(probes: readonly AnyProbe[]): string {
  return page([
    ["sonde PROBE TARGET... [--key value]"],
    ["Measures the network from where this shell runs."],
    ["Probes", ...table(probes.map(({ name, summary }) => [name, summary]))],
    ["Suites", ...table([["smoke", smoke.summary]])],
    wrap("", echo),
    ["For example", ...[...probes, smoke].map((probe) => `  ${exampleOf(probe)}`)],
    wrap("", grammar),
    [
      "Always",
      ...table([
        ["--format", `${formats.join(", ")} (default text)`],
        ["--select", "one value of the report instead, as verdict or addresses.0.on"],
        ["--help", "this text; after a probe, all that it takes"],
        ["--version", "Sonde's own version"],
      ]),
    ],
    ["Exit codes", ...codes],
    wrap("", settings),
  ]);
}

export function helpOf(probe: Asked): string {
  const subject = subjectOf(probe);
  const { properties = {} } = z.toJSONSchema(probe.input, { io: "input" });
  const fields = Object.entries(properties).map(([name, property]) => [
    name === subject ? name.toUpperCase() : `--${name}`,
    describe(property),
  ]);
  const expectable = [...fieldsOf(probe).expectable].map(([key, summary]) => [
    `--expect.${key}`,
    summary,
  ]);
  return page([
    [`sonde ${probe.name} ${subject.toUpperCase()}... [--key value]`],
    wrap("", probe.summary),
    table([
      ...fields,
      ["--format", `How the report is shown (${formats.join(", ")}; default text)`],
      ["--select", "One value of the report instead, by its path"],
    ]),
    ["What may be demanded of the answer", ...table(expectable)],
    wrap("", grammar),
    [`For example: ${exampleOf(probe)}`],
    ["Exit codes", ...codes],
  ]);
}

/** The example of the query, as the words of a command. */
function exampleOf(probe: Asked): string {
  if (probe === smoke) return "sonde smoke suite.yaml --wait 2m --format junit";
  const subject = `${subjectOf(probe)}=`;
  const words = probe.example.split("&").map((word) => {
    const value = word.startsWith(subject) ? word.slice(subject.length) : "";
    // A bare word for a switch would read as a riddle.
    return value === "" || value === "false" ? `--${word}` : value;
  });
  return ["sonde", probe.name, ...words].join(" ");
}

type Property = boolean | z.core.JSONSchema.BaseSchema;

function describe(property: Property): string {
  if (typeof property === "boolean") return "";
  const { description = "", enum: choices, minimum, maximum, default: otherwise } = property;
  const limits = [
    choices === undefined ? undefined : choices.join(", "),
    minimum === undefined || maximum === undefined ? undefined : `${minimum} to ${maximum}`,
    property.type === "array" ? "may be given several times" : undefined,
    isPlain(otherwise) ? `default ${otherwise}` : undefined,
  ].filter((part) => part !== undefined);
  return limits.length === 0 ? description : `${description} (${limits.join("; ")})`;
}

function isPlain(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function page(paragraphs: readonly (readonly string[])[]): string {
  return `${paragraphs.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
