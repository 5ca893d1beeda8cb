/** Function keys: who may call what, as AuthenticationLevelHandler of the Functions host decides. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { type Arrived } from "./request.ts";

export interface Keys {
  /** Opens functions of level `function`. */
  readonly host: string;
  /** Opens everything, level `admin` too. */
  readonly master: string;
}

export function newKeys(): Keys {
  return {
    host: randomBytes(32).toString("base64url"),
    master: randomBytes(32).toString("base64url"),
  };
}

/** Whether the request may call a function of this level. The header wins over `?code=`. */
export function allowed(level: string, arrived: Arrived, keys: Keys): boolean {
  if (level === "anonymous") return true;
  const given = arrived.headers.get("x-functions-key")?.[0] ?? codeOf(arrived.query);
  if (!given) return false;
  if (same(given, keys.master)) return true;
  return level === "function" && same(given, keys.host);
}

function codeOf(query: string): string | undefined {
  for (const [name, value] of new URLSearchParams(query)) {
    if (name.toLowerCase() === "code") return value;
  }
  return undefined;
}

function same(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

/** Equal in length whatever the text, which is what a comparison in constant time wants. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
