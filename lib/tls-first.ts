/** Servers of protocols that begin in plain text, and that take TLS before the first word all the same. */
import { Failure } from "./failure.ts";
import type { Peer } from "./policy/peer.ts";
import { connect } from "./stages/connect.ts";
import { handshake, type SecuredWire } from "./stages/handshake.ts";
import type { Target } from "./target.ts";
import type { Trail } from "./trail.ts";

/** A server that takes TLS only hangs up on a hello in plain text, or answers it with a TLS alert. */
export function mayWantTlsFirst(error: unknown): error is Failure {
  if (!(error instanceof Failure)) return false;
  const { code, detail } = error;
  return code === "tcp.closed" || code === "tcp.reset" || detail["speaks"] === "tls";
}

export interface TlsFirst {
  readonly peer: Peer;
  readonly target: Target;
  /** The name that such clients give in their ALPN list. */
  readonly alpn: string;
  /** How the hello in plain text ended, where one was tried. */
  readonly no?: Failure | undefined;
}

/** Connects and completes TLS. Where there is none either, the hello in plain text has the last word. */
export async function connectSecured(trail: Trail, first: TlsFirst): Promise<SecuredWire> {
  const { peer, target, alpn, no } = first;
  const wire = await trail.take(connect, peer);
  try {
    return await trail.take(handshake, { wire, target, alpn: [alpn] });
  } catch (error) {
    wire[Symbol.dispose]();
    throw no !== undefined && error instanceof Failure && isSilent(error) ? both(no, error) : error;
  }
}

/** No TLS here either, so what the plain hello met is what there is to say. */
function isSilent({ code }: Failure): boolean {
  return code.startsWith("tcp.") || ["tls.not_tls", "tls.closed"].includes(code);
}

function both(no: Failure, then: Failure): Failure {
  const message = `${no.message}, and TLS first does not help: ${then.message}`;
  return new Failure(no.code, message, { ...no.detail, strict: then.code });
}
