/** Service bindings, SVCB and HTTPS (RFC 9460). */
import { name } from "./compression.ts";
import { type Fields, characterString, fail, more, part, rest, short } from "./fields.ts";
import { escapedText, ipv4, ipv6, quoted } from "./text.ts";

interface Parameter {
  readonly key: string;
  /** The value as it is written after `key=`; undefined for a key that has none. */
  value(fields: Fields): string | undefined;
}

/** By number (RFC 9460 §14.3.2, RFC 9461 §5 for dohpath). */
const parameters: readonly Parameter[] = [
  { key: "mandatory", value: (fields) => list(fields, (key) => keyName(short(key))) },
  { key: "alpn", value: (fields) => `"${list(fields, protocol)}"` },
  { key: "no-default-alpn", value: () => undefined },
  { key: "port", value: (fields) => String(short(fields)) },
  { key: "ipv4hint", value: (fields) => list(fields, ipv4) },
  { key: "ech", value: (fields) => rest(fields).toString("base64") },
  { key: "ipv6hint", value: (fields) => list(fields, ipv6) },
  { key: "dohpath", value: (fields) => quoted(rest(fields)) },
];

/** Priority, target, parameters: `1 . alpn="h2,h3" port=8443`. */
export function serviceBinding(fields: Fields): string {
  const words = [String(short(fields)), name(fields)];
  let last = -1;
  while (more(fields)) {
    const key = short(fields);
    if (key <= last) fail(fields, "service parameters are not in ascending order");
    last = key;
    words.push(parameter(key, part(fields, short(fields)), fields));
  }
  return words.join(" ");
}

function parameter(key: number, value: Fields, whole: Fields): string {
  const known = parameters[key];
  const bare = known === undefined && value.at === value.end;
  const text = bare ? undefined : (known?.value(value) ?? unknownValue(known, value));
  if (value.fault !== undefined) fail(whole, value.fault);
  if (more(value)) fail(whole, `the service parameter ${keyName(key)} is too long`);
  return text === undefined ? keyName(key) : `${keyName(key)}=${text}`;
}

function unknownValue(known: Parameter | undefined, value: Fields): string | undefined {
  return known === undefined ? quoted(rest(value)) : undefined;
}

function keyName(key: number): string {
  return parameters[key]?.key ?? `key${key}`;
}

/** One or more values with commas between them (RFC 9460 §2.2: an empty list is malformed). */
function list(fields: Fields, read: (fields: Fields) => string): string {
  const values = [read(fields)];
  while (more(fields)) values.push(read(fields));
  return values.join(",");
}

/** An ALPN id: commas and backslashes are escaped for the list, then again for the quotes (RFC 9460 §A.1). */
function protocol(fields: Fields): string {
  return escapedText(characterString(fields).toString("latin1").replaceAll(/[,\\]/g, "\\$&"));
}
