/**
 * The words of a file of modules. Every scalar comes as text, whatever YAML would make of it, so that
 * each option is read by its own type, as the exporter does.
 */
import * as z from "zod";
import type { Pattern } from "../protocols/pattern.ts";
import { compile } from "./regexp.ts";

/** A whole section left empty is one with nothing in it. */
const emptyAs =
  (value: object) =>
  (given: unknown): unknown =>
    given === "" || given === null ? value : given;

export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(", ");
  const strict = z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `${issue.keys?.[0]} is not known here: known are ${known}`
        : undefined,
  });
  return z.preprocess(emptyAs({}), strict);
}

export function list<Item extends z.ZodType>(item: Item) {
  return z.preprocess(emptyAs([]), z.array(item).max(200)).default([]);
}

/** By a name of the writer's choice. */
export function table<Value extends z.ZodType>(value: Value) {
  return z.preprocess(emptyAs({}), z.record(z.string(), value)).default({});
}

export const text = z.string();

export const flag = z.string().transform((given, check) => {
  if (/^(true|yes|on)$/i.test(given)) return true;
  if (/^(false|no|off)$/i.test(given)) return false;
  check.addIssue({ code: "custom", message: "true or false is needed" });
  return z.NEVER;
});

export const whole = z
  .string()
  .regex(/^\d{1,9}$/, "a whole number is needed")
  .transform(Number);

/** Go's durations: `5s`, `1m30s`, `500ms`; in milliseconds. */
export const duration = z.string().transform((given, check) => {
  const parts = [...given.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  const isWhole = parts.map(([part]) => part).join("") === given && parts.length > 0;
  if (isWhole || given === "0") {
    return parts.reduce(
      (sum, [, digits, unit = ""]) => sum + Number(digits) * (inMs[unit] ?? 0),
      0,
    );
  }
  check.addIssue({ code: "custom", message: "a duration is needed, such as 5s or 1m30s" });
  return z.NEVER;
});

const inMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** `10MB`, `64KiB`: powers of 1024 either way, as the exporter reads them. */
export const size = z.string().transform((given, check) => {
  const [, digits, unit = ""] = /^(\d{1,9}(?:\.\d+)?)([KMGTPE]?)(?:i?B)?$/i.exec(given) ?? [];
  const power = ["", "K", "M", "G", "T", "P", "E"].indexOf(unit.toUpperCase());
  if (digits !== undefined) return Math.floor(Number(digits) * 1024 ** power);
  check.addIssue({ code: "custom", message: "a size is needed, such as 64KB" });
  return z.NEVER;
});

export const pattern = z.string().transform(async (given, check): Promise<Pattern> => {
  const compiled = await compile(given);
  if (!("wrong" in compiled)) return compiled;
  check.addIssue({ code: "custom", message: compiled.wrong });
  return z.NEVER;
});

/** The mark of what is understood and not done here: it costs its module and not the file. */
const refusal = { refused: true };

export function isRefusal(issue: z.core.$ZodIssue): issue is z.core.$ZodIssueCustom {
  return issue.code === "custom" && issue.params?.["refused"] === true;
}

/** An option that is known and not honoured, whatever its value. */
export function refused(why: string) {
  return z
    .unknown()
    .optional()
    .superRefine((given, check) => {
      if (given !== undefined) check.addIssue({ code: "custom", message: why, params: refusal });
    });
}

/** For `superRefine`: some values of an option are known and not honoured. */
export function refusedWhere<Value>(isRefused: (given: Value) => boolean, why: string) {
  return (given: Value, check: z.RefinementCtx<Value>) => {
    if (isRefused(given)) check.addIssue({ code: "custom", message: why, params: refusal });
  };
}

/** An option that is honoured only while it is off. */
export function onlyOff(why: string) {
  return flag.optional().superRefine(refusedWhere((given) => given === true, why));
}

/** A file that an option names, read with the module. */
export interface ReadFile {
  (path: string): Uint8Array | undefined;
  /** Redirects that modules follow which are read with it; the exporter's ten when it says none. */
  readonly mostRedirects?: number;
}

export function file(read: ReadFile) {
  return z.string().transform((path, check): Uint8Array => {
    const bytes = read(path);
    if (bytes !== undefined) return bytes;
    check.addIssue({ code: "custom", message: `the file ${path} cannot be read` });
    return z.NEVER;
  });
}

/** A secret in a file: without the line end that editors add. */
export function line(read: ReadFile) {
  return file(read).transform((bytes) => Buffer.from(bytes).toString().trim());
}
