/** What a probe accepts, read out of its schema once and kept. */
import * as z from "zod";
import { expectable } from "../expect.ts";
import type { AnyProbe } from "../probe.ts";

export interface Field {
  readonly kind: "string" | "integer" | "number" | "boolean";
  readonly many: boolean;
  /** A secret: taken from the body of a POST, since queries are written down on the way. */
  readonly bodyOnly: boolean;
}

export interface Fields {
  readonly fields: ReadonlyMap<string, Field>;
  /** Parameters the probe does not know are let through: it only shows what arrived. */
  readonly open: boolean;
  /** Keys that may follow `expect.`, with their summaries. */
  readonly expectable: ReadonlyMap<string, string>;
}

/** What can be asked by names and values: a probe, or a suite. */
export interface Askable<Input extends z.ZodObject = z.ZodObject> {
  readonly input: Input;
  readonly stages: AnyProbe["stages"];
}

const kept = new WeakMap<Askable, Fields>();

export function fieldsOf(probe: Askable): Fields {
  let fields = kept.get(probe);
  if (fields === undefined) {
    fields = read(probe);
    kept.set(probe, fields);
  }
  return fields;
}

function read(probe: Askable): Fields {
  const schema = z.toJSONSchema(probe.input, { io: "input" });
  const properties = Object.entries(schema.properties ?? {});
  return {
    fields: new Map(properties.map(([name, property]) => [name, fieldOf(property)])),
    open: schema.additionalProperties !== false,
    expectable: expectable(probe.stages),
  };
}

type Property = boolean | z.core.JSONSchema.BaseSchema;

function fieldOf(property: Property): Field {
  if (typeof property === "boolean") return { kind: "string", many: false, bodyOnly: false };
  if (property.type === "array") {
    const items = Array.isArray(property.items) ? property.items[0] : property.items;
    return { ...fieldOf(items ?? true), many: true };
  }
  const { type } = property;
  const known = type === "integer" || type === "number" || type === "boolean";
  return { kind: known ? type : "string", many: false, bodyOnly: property.writeOnly === true };
}
