/** A module as `debug=true` shows it: what was written down, without the secrets in it. */
import { maskText } from "../ingress/mask.ts";
import { isSecretName } from "../ingress/secrets.ts";

/** Whatever stands below these may be a secret as a whole. */
const secretKeys = /^(password|credentials|secrets|bearer_token|key|client_secret)$/;

/** What is sent may hold one anywhere, and looks like nothing in particular. */
const sentKeys = /^(body|send)$/;

const secretHeaders = /^(authorization|proxy-authorization|cookie|x-functions-key|ocp-apim-.*)$/i;

export async function shownModule(written: unknown): Promise<string> {
  const { default: yaml } = await import("yaml");
  return yaml.stringify(masked("", written, ""));
}

function masked(key: string, value: unknown, above: string): unknown {
  if (secretKeys.test(key) || isSecretHeader(key, above)) return "<secret>";
  if (typeof value === "string") return shownText(key, value);
  if (value instanceof Uint8Array) return `<${value.length} octets>`;
  if (Array.isArray(value)) return value.map((one: unknown) => masked(key, one, above));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, masked(name, one, key)]);
  return Object.fromEntries(entries);
}

function isSecretHeader(name: string, above: string): boolean {
  if (above !== "headers" && above !== "http_headers") return false;
  return secretHeaders.test(name) || isSecretName(name);
}

function shownText(key: string, text: string): string {
  return sentKeys.test(key) ? `<${text.length} characters>` : maskText(text);
}
