/** TLS over a wire that is already there: the only way in which Sonde speaks TLS. */
import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import type { Flight } from "../protocols/tls/flight.ts";
import { chainFrom, parsedChain } from "./certificates.ts";
import { errorCode } from "./classify.ts";
import { defaultContext, type Context } from "./contexts.ts";
import { pathIn } from "../protocols/chain.ts";
import { trustBeside, type Trust } from "./roots.ts";
import { established, outlast } from "./settled.ts";
import { tapOver, type Tap } from "./tap.ts";
import { afterTheTurn, type Waited } from "./turns.ts";
import { wireOver, type Securable, type SocketWire } from "./wire.ts";

export interface SecureOptions {
  /** The name for SNI and for the check of the certificate; an address is checked but never sent. */
  readonly name: string;
  readonly isAddress: boolean;
  /** Sent as SNI instead of the name; empty for none. */
  readonly servername?: string;
  readonly alpn: readonly string[];
  /** Node's own defaults when absent. */
  readonly context?: Context;
  /** Authorities in PEM that `context` trusts beside Node's own. */
  readonly authorities?: readonly string[];
  /** What `context` trusts, where that is neither of these. */
  readonly trust?: Trust;
  /** Told once what was overheard of the handshake, before it is settled and however it ends. */
  readonly overheard?: (flight: Flight) => void;
  /** Told once when our side is done: in TLS 1.3 the server may still refuse us then. */
  readonly completed?: (secured: Secured) => void;
  readonly signal: AbortSignal;
}

export interface Secured {
  readonly wire: SocketWire;
  readonly protocol: string;
  readonly cipher: string;
  readonly group: string | undefined;
  readonly alpn: string | undefined;
  /** What the server sent, in its order. */
  readonly sent: readonly X509Certificate[];
  /** Leaf first, then issuer by issuer, from what was sent and from the trust store. */
  readonly chain: readonly X509Certificate[];
  /** The verifier's complaint about the path, if any. */
  readonly verifier: string | undefined;
  readonly nameMatches: boolean;
  /** DER of the OCSP response that came along. */
  readonly staple: Uint8Array | undefined;
  /** Milliseconds from the ClientHello to our Finished, or before TLS 1.3 to the server's. */
  readonly ms: number;
  /** By how much that may be too long, as far as this process can know. */
  readonly mostLateMs: number;
  endsInTrustedRoot(): boolean;
}

/** What Node tells on the way and not afterwards. */
interface Told {
  staple?: Uint8Array;
  /** A session ticket came: the server has seen all of us that it wants to see. */
  ticket?: true;
}

/**
 * Connects without verifying and hands everything over to be judged, so that a bad certificate is
 * evidence and not a lost connection. Rejects with `tls.*` failures or the reason of `signal`; the
 * wire below is then of no further use.
 */
export async function secure(wire: Securable, options: SecureOptions): Promise<Secured> {
  const { overheard, signal } = options;
  signal.throwIfAborted();
  const tap = tapOver(wire.socket);
  const told: Told = {};
  const socket = begin(options, tap, told);
  let flight: Flight | undefined;
  try {
    await established(socket, signal);
    // In TLS 1.3 Node says so before our Finished has left: who hung up now would leave the server waiting for it.
    await afterTheTurn();
    const took = tap.took(socket.getProtocol());
    flight = tap.finish();
    const secured = read(socket, flight, { wire, options, told, took });
    options.completed?.(secured);
    const isAwaited = flight.certificateRequest !== undefined && told.ticket === undefined;
    if (isAwaited && secured.protocol === "TLSv1.3") {
      await outlast(socket, Math.min(500, Math.max(100, 2 * took.ms)), signal);
    }
    return secured;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    overheard?.(flight ?? tap.finish());
  }
}

function begin(options: SecureOptions, tap: Tap, told: Told): TLSSocket {
  const { name, isAddress, servername = isAddress ? "" : name, alpn, context } = options;
  const socket = connect({
    socket: tap.stream,
    // Without a name Node would verify against "localhost"; with an address it would warn.
    servername,
    ALPNProtocols: [...alpn],
    rejectUnauthorized: false,
    requestOCSP: true,
    // The name is judged apart, by us.
    checkServerIdentity: () => undefined,
    secureContext: context ?? defaultContext(),
  });
  // Node has the whole chain read out for that check, which costs more than to overhear it.
  Reflect.set(socket, "getPeerCertificate", () => ({}));
  socket.disableRenegotiation();
  socket.on("error", ignore);
  tap.listenTo(socket);
  socket.once("session", () => (told.ticket = true));
  // Null when the server has none.
  socket.on("OCSPResponse", (der: Uint8Array | null) => {
    if (der !== null) told.staple = der;
  });
  return socket;
}

/** Whoever waits hears of errors through the wait; a socket must never be without a listener. */
function ignore(): void {}

interface Established {
  readonly wire: Securable;
  readonly options: SecureOptions;
  readonly told: Told;
  readonly took: Waited;
}

function read(
  socket: TLSSocket,
  flight: Flight,
  { wire, options, told, took }: Established,
): Secured {
  const trust = options.trust ?? trustBeside(options.authorities ?? []);
  const sent = parsedChain(flight.chain ?? []);
  const chain = sent.length > 0 ? pathIn(sent, trust.issuerOf) : chainFrom(readOut(socket));
  const [leaf] = chain;
  return {
    wire: wireOver(socket, wire.peer),
    protocol: socket.getProtocol() ?? "unknown",
    cipher: socket.getCipher().standardName,
    group: groupOf(socket.getEphemeralKeyInfo()),
    alpn: typeof socket.alpnProtocol === "string" ? socket.alpnProtocol : undefined,
    sent,
    chain,
    verifier: complaintOf(socket),
    nameMatches: leaf === undefined || isFor(leaf, options.name),
    staple: told.staple,
    ...took,
    endsInTrustedRoot: () => trust.holds(chain.at(-1)),
  };
}

/** What Node makes of it: for a handshake that could not be overheard. */
function readOut(socket: TLSSocket): DetailedPeerCertificate {
  Reflect.deleteProperty(socket, "getPeerCertificate");
  return socket.getPeerCertificate(true);
}

/** By Node's name, or in OpenSSL's words where Node has none: it says UNSPECIFIED for whatever it does not list. */
function complaintOf(socket: TLSSocket): string | undefined {
  const said: unknown = socket.authorizationError;
  const code = typeof said === "string" ? said : errorCode(said);
  if (code !== "UNSPECIFIED") return code === "" ? undefined : code;
  const handle: unknown = Reflect.get(socket, "_handle");
  const verifyError: unknown = Object(handle).verifyError;
  const error: unknown = typeof verifyError === "function" ? verifyError.call(handle) : undefined;
  return error instanceof Error ? error.message : code;
}

/** RFC 9525 §6: an address against addresses, a name against names. */
function isFor(leaf: X509Certificate, name: string): boolean {
  return (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) !== undefined;
}

/** `{}` means a key exchange without forward secrecy. */
function groupOf(info: ReturnType<TLSSocket["getEphemeralKeyInfo"]>): string | undefined {
  if (info === null || !("type" in info)) return undefined;
  if (info.type === "DH") return `DH ${info.size}`;
  return "name" in info && typeof info.name === "string" ? info.name : info.type;
}
