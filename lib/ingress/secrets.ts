/**
 * Finding secrets in text by their shape: tokens, credentials in URLs, `name=value` with a telling
 * name, and strings too random to be anything else. All patterns are linear in the text.
 */

/** Takes what kind of secret it is and the secret; gives what to show instead. */
export type Withhold = (what: string, secret: string) => string;

/** `url` and `unknown` text is searched for random strings too; what the table knows is not. */
export type Manner = "known" | "unknown" | "url";

/** Exact names; `code` and `clientId` carry the host's own keys. */
const secretNames = new Set([
  "code",
  "clientid",
  "sig",
  "auth",
  "sid",
  "otp",
  "pwd",
  "sas",
  "apikey",
]);
const secretParts =
  /key|token|secret|passw|passphrase|pwd|signature|assertion|credential|session|jwt|sharedaccess|nonce|authorization/;

/** Whether a header, parameter or setting of this name holds a secret. */
export function isSecretName(name: string): boolean {
  const lower = name.toLowerCase();
  return secretNames.has(lower) || secretParts.test(lower);
}

/** Whether a value is, or holds, a PEM certificate, percent-encoded or not. */
export function holdsPem(value: string): boolean {
  return /-----BEGIN(?: |%20|\+)CERTIFICATE-----/i.test(value);
}

/** The text with each secret replaced by what `withhold` gives. */
export function maskSecretsIn(text: string, manner: Manner, withhold: Withhold): string {
  // What may hold white space goes first: a parameter's value is taken to end there.
  const unsigned = maskCredentials(maskTokens(text, withhold), withhold);
  const named = maskNamedValues(maskUserInfo(unsigned, withhold), withhold);
  if (manner === "known" || named.length < SHORTEST_RANDOM) return named;
  const long = manner === "url" ? longInUrl : longAnywhere;
  return named.replaceAll(long, (run) => (isRandom(run) ? withhold("random", run) : run));
}

const dotted = /[A-Za-z0-9_.-]{9,}/g;

/** A JWT (RFC 7519): `eyJ` is how `{"` begins in base64, and the first part ends with a dot. */
function maskTokens(text: string, withhold: Withhold): string {
  if (!text.includes("eyJ")) return text;
  return text.replaceAll(dotted, (run) => {
    const start = tokenStart(run);
    return start < 0 ? run : `${run.slice(0, start)}${withhold("token", run.slice(start))}`;
  });
}

/** Where a token begins, perhaps behind a percent-encoded `=`. One pattern would look ahead at each `eyJ`. */
function tokenStart(run: string): number {
  for (let at = run.indexOf("eyJ"); at >= 0; at = run.indexOf("eyJ", at + 1)) {
    const dot = run.indexOf(".", at);
    if (dot < 0) return -1;
    if (dot - at >= 8) return at;
  }
  return -1;
}

/** Names of authentication schemes (IANA), and those that Azure and AWS add. */
const schemes =
  "ApiKey|AWS4-HMAC-SHA256|Basic|Bearer|Digest|DPoP|Negotiate|NTLM|OAuth|PrivateToken|" +
  "SharedAccessSignature|SharedKey|SharedKeyLite|Token|vapid";
const credentials = new RegExp(`\\b(${schemes}) +((?!\\*\\*\\*)[^\\s",]{4,})`, "gi");
const schemeFirst = new RegExp(`^(${schemes}) +(\\S.*)$`, "is");

/** Splits the value of an Authorization header when its scheme is a known one. */
export function splitScheme(value: string): readonly [scheme: string, rest: string] | undefined {
  const [, scheme, rest] = schemeFirst.exec(value) ?? [];
  return scheme === undefined || rest === undefined ? undefined : [scheme, rest];
}

const SHORTEST_RANDOM = 32;
/** A path is no random string, so `/` ends a run in a URL and not elsewhere. */
const longInUrl = /[A-Za-z0-9_~+=%-]{32,}/g;
const longAnywhere = /[A-Za-z0-9_~+=%/-]{40,}/g;
/** A user alone may be a token too, so all of the user part counts. */
const userInfo = /(:\/\/|%3A%2F%2F)([^\s/?#]{1,1024})@/gi;
/** A name as it may stand in a query, and `=`, or the same percent-encoded once or twice; or a name in JSON. */
const nameThenEquals = /([A-Za-z0-9_.~*+%$[\]-]{1,96})(?:=|%(?:25)?3D|\\?["']\s{0,8}:\s{0,8})/gi;
/**
 * What follows: in quotes or braces, as parameters, JSON and connection strings have it, up to where they close;
 * else up to the next parameter. White space ends it, but for a connection string's, which goes on to a `;` that is
 * near: looked for at each name all the way, the time would grow with the square of the text.
 */
const namedValue =
  /^(?:\\?"(?:\\.|[^"\\])*"?|\\?'[^']*'?|\{[^}]*\}?|\[[^\]]*\]?|[^&\s"'<>]*(?: [^&"'<>;=]{0,256}(?=;))?)/s;

function maskCredentials(text: string, withhold: Withhold): string {
  if (!text.includes(" ")) return text;
  return text.replaceAll(
    credentials,
    (_all, scheme: string, secret: string) => `${scheme} ${withhold("credentials", secret)}`,
  );
}

/**
 * Nothing, what is withheld already, and a URL in quotes: challenges say so where to ask for a token. Secrets inside
 * it are found by their own names.
 */
const notSecret = /^(?:(?:\*\*\*)?$|["']https?:\/\/)/i;

function maskUserInfo(text: string, withhold: Withhold): string {
  if (!text.includes("@")) return text;
  return text.replaceAll(
    userInfo,
    (_all, start: string, secret: string) => `${start}${withhold("user", secret)}@`,
  );
}

/** Withholds what follows a secret's name. */
function maskNamedValues(text: string, withhold: Withhold): string {
  if (!/[=%:]/.test(text)) return text;
  const shown: string[] = [];
  let done = 0;
  for (const match of text.matchAll(nameThenEquals)) {
    const [all, written = ""] = match;
    const name = lastWord(decoded(written));
    if (match.index < done || !isSecretName(name)) continue;
    const start = match.index + all.length;
    const value = namedValue.exec(text.slice(start))?.[0] ?? "";
    if (notSecret.test(value)) continue;
    shown.push(text.slice(done, start), withhold(name, value));
    done = start + value.length;
  }
  return shown.join("") + text.slice(done);
}

/** In `redirect=https%3A%2F%2Fhost%3Fcode`, the name that counts is the last one. */
function lastWord(name: string): string {
  return /[^?&#;/=:[\].]*$/.exec(name.replace(/\]+$/, ""))?.[0] ?? name;
}

/** Percent-decoded, twice at most; what does not decode stays as it is. */
function decoded(text: string): string {
  let value = text;
  for (let round = 0; round < 2 && value.includes("%"); round += 1) {
    try {
      value = decodeURIComponent(value);
    } catch {
      return value.replaceAll(/%([2-7][0-9A-Fa-f])/g, (_all, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      );
    }
  }
  return value;
}

/**
 * Whether a run of characters is random rather than words: hex with letters and digits, or base64 with
 * all three classes, and a high entropy. Prose and paths stay below four bits per character.
 */
function isRandom(run: string): boolean {
  const hex = /^[0-9a-f]+$/i.test(run);
  if (!/\d/.test(run) || !/[a-z]/i.test(run)) return false;
  // Base64 has a `/` now and then; a path has one every few characters.
  if (!run.split("/").some((part) => part.length >= 20)) return false;
  if (hex) return entropy(run.toLowerCase()) > 3;
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && entropy(run) > 3.9;
}

/** Shannon entropy in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}
