/** Reading one variable: its value when it has the shape it should have, else nothing. */
import type { Environment } from "../here.ts";
import { parseAddress } from "../policy/address.ts";

/** Site, container, replica and region names, DNS suffixes: short, and plain throughout. */
const nameShape = /^[A-Za-z0-9](?:[A-Za-z0-9 ()_.~-]{0,126}[A-Za-z0-9)])?$/;
const zoneShape = /^[A-Za-z0-9_.-]{1,32}$/;

export function present(environment: Environment, name: string): boolean {
  return (environment[name] ?? "") !== "";
}

/** The first of these variables that holds a plain name. */
export function named(environment: Environment, ...names: readonly string[]): string | undefined {
  return names.map((name) => environment[name] ?? "").find(isName);
}

export function isName(text: string): boolean {
  return nameShape.test(text);
}

/** `1` or `true` and `0` or `false`, in any case; anything else is unknown. */
export function flag(environment: Environment, name: string): boolean | undefined {
  const value = environment[name]?.toLowerCase();
  if (value === "1" || value === "true") return true;
  return value === "0" || value === "false" ? false : undefined;
}

export function addressIn(environment: Environment, name: string): string | undefined {
  return addressesIn(environment, name)[0];
}

/** A list separated by commas, of which only IP addresses are kept. */
export function addressesIn(environment: Environment, name: string): readonly string[] {
  return (environment[name] ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter(isAddress);
}

/** An IP address, if IPv6 perhaps with a zone. */
export function isAddress(text: string): boolean {
  const [literal = "", zone, ...more] = text.split("%");
  const zoned = zone === undefined || (literal.includes(":") && zoneShape.test(zone));
  return zoned && more.length === 0 && parseAddress(literal) !== undefined;
}

/** An optional property that is there when its value is: `{}` or `{ [key]: value }`. */
export function defined<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { [K in Key]?: Value } {
  if (value === undefined) return {};
  const entry: { [K in Key]?: Value } = {};
  entry[key] = value;
  return entry;
}
