/** What a TLS connection is opened with. Reading the trust store costs more than a handshake. */
import tls, {
  createSecureContext,
  DEFAULT_CIPHERS,
  type SecureContext,
  type SecureContextOptions,
} from "node:tls";
import { Failure } from "../failure.ts";

export type Context = SecureContext;

/** What a client shows when it is asked for a certificate. Never leaves the process but over TLS. */
export type Identity =
  | { readonly cert: string; readonly key: string }
  | { readonly pfx: Uint8Array };

export type Version = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

let shared: Context | undefined;
let frugal: Context | undefined;

/** Node's own defaults: one context serves all. */
export function defaultContext(): Context {
  shared ??= createSecureContext();
  return shared;
}

/**
 * Sends a ClientHello that fits one segment: without the post-quantum key share, whose kilobyte some
 * middleboxes wait for in vain.
 */
export function smallContext(): Context {
  frugal ??= createSecureContext({ ecdhCurve: "X25519" });
  return frugal;
}

/**
 * One version and no other, with every cipher that OpenSSL still has: without security level 0 it would
 * itself refuse what is old, and that would be our no and not the server's. For asking only, never
 * for a verdict.
 */
export function versionContext(version: Version): Context {
  const ciphers = `${DEFAULT_CIPHERS}:@SECLEVEL=0`;
  return createSecureContext({ minVersion: version, maxVersion: version, ciphers });
}

/** Trusts more authorities, in PEM, and shows an identity. Throws `tls.client_certificate_unusable`. */
export function contextWith(authorities: readonly string[], identity?: Identity): Context {
  const trust =
    authorities.length === 0 ? {} : { ca: [...tls.getCACertificates("default"), ...authorities] };
  return createdWith({ ...trust, ...own(identity) });
}

function createdWith(options: SecureContextOptions): Context {
  try {
    return createSecureContext(options);
  } catch {
    // OpenSSL's own words might hold a part of what it was given.
    const message = "the client certificate and its key cannot be used";
    throw new Failure("tls.client_certificate_unusable", message);
  }
}

function own(identity: Identity | undefined) {
  if (identity === undefined) return {};
  return "pfx" in identity ? { pfx: Buffer.from(identity.pfx) } : identity;
}

/** What a deployed module says of its TLS, read once: the context for it is made once as well. */
export interface Terms {
  /** In PEM. These and no others are trusted; Node's own when absent. */
  readonly authorities?: readonly string[];
  readonly identity?: Identity;
  readonly minVersion?: Version;
  readonly maxVersion?: Version;
}

const made = new WeakMap<Terms, Context>();

/** The context for these terms. Throws `tls.client_certificate_unusable`. */
export function contextOn(terms: Terms): Context {
  let context = made.get(terms);
  if (context === undefined) {
    context = contextFor(terms);
    made.set(terms, context);
  }
  return context;
}

function contextFor({ authorities, identity, ...versions }: Terms): Context {
  const trust = authorities === undefined ? {} : { ca: [...authorities] };
  if (authorities === undefined && identity === undefined && Object.keys(versions).length === 0) {
    return defaultContext();
  }
  // OpenSSL refuses SHA-1 signatures, and with them TLS before 1.2, above security level 0.
  const old = ["TLSv1", "TLSv1.1"].includes(versions.minVersion ?? "");
  const ciphers = old ? { ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0` } : {};
  return createdWith({ ...trust, ...own(identity), ...versions, ...ciphers });
}
