/**
 * Who signed in, as the platform's own sign-in says it: `X-MS-CLIENT-PRINCIPAL` is base64 of JSON, in
 * one shape by App Service authentication and in another by Static Web Apps. Who the person is stays
 * out: kinds of claims and the names of roles tell enough.
 *
 *     Easy Auth        { auth_typ, claims: [{ typ, val }], name_typ, role_typ }
 *     Static Web Apps  { identityProvider, userId, userDetails, userRoles: [] }
 */
import { Buffer } from "node:buffer";
import * as z from "zod";
import { parseJson } from "../protocols/json.ts";
import { type Headers, valueOf } from "./headers.ts";
import type { Hop, Seen } from "./seen.ts";

export const signInSources = ["easy-auth", "static-web-apps", "unknown"] as const;

export interface SignedIn {
  readonly by: (typeof signInSources)[number];
  /** `aad`, `github`, `azureStaticWebApps`, … */
  readonly provider?: string;
  /** Kinds of claims, without their values. */
  readonly claims: readonly string[];
  readonly roles: readonly string[];
  /** Kinds of tokens of the provider that came along; their values stay out. */
  readonly tokens: readonly string[];
  /** Whether it is the platform's word: anyone can write these headers where its sign-in is off. */
  readonly believed: boolean;
  readonly problem?: string;
}

const easyAuth = z.object({
  auth_typ: z.string(),
  claims: z.array(z.object({ typ: z.string() })).default([]),
});
const staticWebApps = z.object({
  identityProvider: z.string(),
  userRoles: z.array(z.string()).default([]),
});

const MOST = 64 * 1024;
const MOST_CLAIMS = 50;

/** Undefined when no header of a sign-in arrived. Never throws. */
export function signedInOf(seen: Seen, between: readonly Hop[]): SignedIn | undefined {
  const { headers } = seen;
  const names = headers.filter(([, value]) => value !== "").map(([name]) => name.toLowerCase());
  const tokens = names.flatMap((name) => {
    const [, kind] = /^x-ms-token-([a-z0-9]{1,24}-[a-z-]{1,24})$/.exec(name) ?? [];
    return kind === undefined ? [] : [kind];
  });
  const written = names.some((name) => name.startsWith("x-ms-client-principal"));
  if (!written && tokens.length === 0) return undefined;
  const told = principalIn(headers);
  return { claims: [], roles: [], ...told, tokens, believed: isBelieved(seen, told.by, between) };
}

type Told = Pick<SignedIn, "by"> & Partial<Omit<SignedIn, "by" | "tokens" | "believed">>;

function principalIn(headers: Headers): Told {
  const provider = word(valueOf(headers, "x-ms-client-principal-idp") ?? "");
  const encoded = valueOf(headers, "x-ms-client-principal");
  if (encoded === undefined) return { by: "unknown", ...provider };
  const value = encoded.length > MOST ? undefined : parsed(encoded);
  const app = easyAuth.safeParse(value);
  if (app.success) {
    const claims = app.data.claims.slice(0, MOST_CLAIMS).flatMap(({ typ }) => shortName(typ) ?? []);
    return { by: "easy-auth", ...provider, ...word(app.data.auth_typ), claims };
  }
  const swa = staticWebApps.safeParse(value);
  if (!swa.success) {
    return { by: "unknown", ...provider, problem: "the principal cannot be read" };
  }
  const roles = swa.data.userRoles.slice(0, MOST_CLAIMS).flatMap((role) => shortName(role) ?? []);
  return { by: "static-web-apps", ...provider, ...word(swa.data.identityProvider), roles };
}

function parsed(encoded: string): unknown {
  return parseJson(Buffer.from(encoded, "base64").toString("utf8"));
}

function word(text: string): Pick<SignedIn, "provider"> {
  return /^[A-Za-z0-9._-]{1,40}$/.test(text) ? { provider: text } : {};
}

/** The last part of a claim's URI, such as `emailaddress`; nothing that has another shape. */
function shortName(text: string): string | undefined {
  return /[A-Za-z][A-Za-z0-9_.-]{0,63}$/.exec(text)?.[0];
}

function isBelieved({ platform }: Seen, by: SignedIn["by"], between: readonly Hop[]): boolean {
  if (platform.easyAuth) return true;
  const swa = between.find((hop) => hop.kind === "static-web-apps");
  return by === "static-web-apps" && swa?.confidence === "likely";
}
