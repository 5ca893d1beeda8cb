/**
 * Makes a header value safe to show. A secret is replaced by `***`; its length and a fingerprint stay,
 * so that two requests can be compared and an empty or doubled key is seen.
 *
 * The table says what is secret by name. Whatever it lets through, and every header it does not know,
 * is searched for the shapes of secrets as well.
 */
import { createHmac, randomBytes } from "node:crypto";
import { type HeaderRow, rowOf } from "./headers.ts";
import { holdsPem, isSecretName, maskSecretsIn, splitScheme, type Withhold } from "./secrets.ts";

export interface Withheld {
  /** A parameter, a cookie, or what kind of secret it looks like; `value` for all of it. */
  readonly what: string;
  /** In characters. */
  readonly length: number;
  /** Eight hex characters, comparable within one process only. */
  readonly fingerprint: string;
}

export interface Masked {
  readonly value: string;
  /** One entry for each `***`, of the first 32; empty when nothing was withheld. */
  readonly withheld: readonly Withheld[];
}

/** Each costs an HMAC, and a hostile header holds thousands. */
const MOST_TOLD = 32;

/** Drawn per process and never shown: a fingerprint cannot be looked up in a list of keys. */
const salt = randomBytes(32);

/** In the name of a header these say what all of it is; in a query they say little. */
const secretEnding = /(?:^|-)(?:auth|pass|pin|otp|sid|sas|csrf|xsrf)$/;

/** A header value with its secrets withheld, by the table row for its name and by shape. */
export function maskHeader(name: string, value: string): Masked {
  const row = rowOf(name);
  return collect((withhold) => maskBy(row, name, value, withhold));
}

/** A URL, path or other text with `***` for the secrets inside it. */
export function maskText(text: string): string {
  return maskSecretsIn(text, "url", () => "***");
}

function maskBy(
  row: HeaderRow | undefined,
  name: string,
  value: string,
  withhold: Withhold,
): string {
  switch (row?.mask) {
    case "secret":
      return withhold("value", value);
    case "credentials":
      return maskCredentials(value, withhold);
    case "cookies":
      return maskCookies(value, withhold);
    case "url-secrets":
      return maskSecretsIn(value, "url", withhold);
    case "none":
      return holdsPem(value) ? withhold("value", value) : maskSecretsIn(value, "known", withhold);
    default:
      return maskUnknown(name.toLowerCase(), value, withhold);
  }
}

function maskUnknown(name: string, value: string, withhold: Withhold): string {
  if (isSecretName(name) || secretEnding.test(name) || holdsPem(value)) {
    return withhold("value", value);
  }
  return name.includes("cookie")
    ? maskCookies(value, withhold)
    : maskSecretsIn(value, "unknown", withhold);
}

/** `Bearer …` keeps its scheme. Without a known scheme the whole value may be the secret. */
function maskCredentials(value: string, withhold: Withhold): string {
  const split = splitScheme(value);
  if (split === undefined) return withhold("value", value);
  return `${split[0]} ${withhold("value", split[1])}`;
}

/** A runtime that joins several Cookie headers does so with a comma, so that separates as well. */
function maskCookies(value: string, withhold: Withhold): string {
  return value
    .split(/([;,]\s*)/)
    .map((part, index) => (index % 2 === 1 ? part : maskCookie(part, withhold)))
    .join("");
}

function maskCookie(part: string, withhold: Withhold): string {
  const equals = part.indexOf("=");
  if (part === "") return part;
  if (equals < 1 || isPadded(part)) return withhold("cookie", part);
  const name = part.slice(0, equals);
  const shown = /^[A-Za-z0-9_.-]{1,64}$/.test(name) ? name : withhold("cookie", name);
  const secret = part.slice(equals + 1);
  return secret === "" ? `${shown}=` : `${shown}=${withhold(shown, secret)}`;
}

/** A cookie without a name whose value is base64: what seems to be an empty value is its padding. */
function isPadded(part: string): boolean {
  return /^[^=]+==$/.test(part) || (/^[^=]{15,}=$/.test(part) && part.length % 4 === 0);
}

function collect(mask: (withhold: Withhold) => string): Masked {
  const withheld: Withheld[] = [];
  const value = mask((what, secret) => {
    if (withheld.length < MOST_TOLD) {
      withheld.push({ what, length: secret.length, fingerprint: fingerprint(secret) });
    }
    return "***";
  });
  return { value, withheld };
}

function fingerprint(secret: string): string {
  return createHmac("sha256", salt).update(secret).digest("hex").slice(0, 8);
}
