/** TLS over a wire that is already there: the only way in which Sonde speaks TLS. */
import { X509Certificate } from "node:crypto";
import {
  checkServerIdentity,
  connect,
  createSecureContext,
  type DetailedPeerCertificate,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from "node:tls";
import { Failure } from "../failure.ts";
import { errorCode, tlsFailure } from "./classify.ts";
import { isTrustedRoot } from "./roots.ts";
import { wireOver, type SocketWire } from "./wire.ts";

export interface SecureOptions {
  /** The name for SNI and for the check of the certificate; an address is checked but never sent. */
  readonly name: string;
  readonly isAddress: boolean;
  readonly alpn: readonly string[];
  readonly signal: AbortSignal;
}

export interface Secured {
  readonly wire: SocketWire;
  readonly protocol: string;
  readonly cipher: string;
  readonly group: string | undefined;
  readonly alpn: string | undefined;
  /** Leaf first, completed from the trust store. */
  readonly chain: readonly X509Certificate[];
  /** The verifier's complaint about the path, if any. */
  readonly verifier: string | undefined;
  readonly nameMatches: boolean;
  endsInTrustedRoot(): boolean;
}

/** Reading the trust store costs more than a handshake: one context serves all. */
let shared: SecureContext | undefined;

/** A chain longer than this is shown cut: it is the server's to invent. */
const CHAIN_SHOWN = 10;

/**
 * Connects without verifying and hands everything over to be judged, so that a bad certificate is
 * evidence and not a lost connection. Rejects with `tls.*` failures or the reason of `signal`; the
 * wire below is then of no further use.
 */
export function secure(wire: SocketWire, options: SecureOptions): Promise<Secured> {
  const { name, isAddress, alpn, signal } = options;
  if (signal.aborted) return Promise.reject(signal.reason);
  shared ??= createSecureContext();
  return new Promise((resolve, reject) => {
    let checked: DetailedPeerCertificate | undefined;
    const socket = connect({
      socket: wire.socket,
      // Without a name Node would verify against "localhost"; with an address it would warn.
      servername: isAddress ? "" : name,
      ALPNProtocols: [...alpn],
      rejectUnauthorized: false,
      // Where the path is good, Node has the whole chain read out for this call: once is enough.
      checkServerIdentity: (_guessed, certificate) => {
        if (isDetailed(certificate)) checked = certificate;
        return checkServerIdentity(name, certificate);
      },
      secureContext: shared,
    });
    socket.disableRenegotiation();
    const settle = (act: () => void) => {
      signal.removeEventListener("abort", abort);
      socket.off("error", fail).off("close", closed).on("error", ignore);
      act();
    };
    const fail = (error: Error) => {
      socket.destroy();
      settle(() => reject(signal.aborted ? signal.reason : tlsFailure(error)));
    };
    const abort = () => socket.destroy(signal.reason);
    // A close_notify alert in mid-handshake closes without any error.
    const closed = () => fail(new Failure("tls.closed", "the server ended the handshake"));
    signal.addEventListener("abort", abort);
    socket.once("error", fail);
    socket.once("close", closed);
    socket.once("secureConnect", () => settle(() => resolve(read(socket, wire, name, checked))));
  });
}

function ignore(): void {}

function read(
  socket: TLSSocket,
  wire: SocketWire,
  name: string,
  checked?: DetailedPeerCertificate,
): Secured {
  const legacy = checked ?? socket.getPeerCertificate(true);
  const chain = walk(legacy);
  const complaint: unknown = socket.authorizationError;
  const code = typeof complaint === "string" ? complaint : errorCode(complaint);
  const mismatch = chain.length > 0 && checkServerIdentity(name, legacy) !== undefined;
  return {
    wire: wireOver(socket, wire.peer),
    protocol: socket.getProtocol() ?? "unknown",
    cipher: socket.getCipher().standardName,
    group: groupOf(socket.getEphemeralKeyInfo()),
    alpn: typeof socket.alpnProtocol === "string" ? socket.alpnProtocol : undefined,
    chain,
    verifier: code === "" || code === "ERR_TLS_CERT_ALTNAME_INVALID" ? undefined : code,
    nameMatches: !mismatch,
    endsInTrustedRoot: () => isTrustedRoot(chain.at(-1)),
  };
}

function isDetailed(certificate: PeerCertificate): certificate is DetailedPeerCertificate {
  return "issuerCertificate" in certificate;
}

/** The legacy form ends in a root that issues itself, and a hostile chain may go in circles. */
function walk(leaf: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  let next: DetailedPeerCertificate | undefined = leaf;
  while (next?.raw !== undefined && !seen.has(next.fingerprint256) && chain.length < CHAIN_SHOWN) {
    seen.add(next.fingerprint256);
    chain.push(parsed(next));
    next = next.issuerCertificate;
  }
  return chain;
}

/** Certificates by their SHA-256: the same ones come back, and each remembers what was read from it. */
const certificates = new Map<string, X509Certificate>();
const REMEMBERED = 256;

function parsed({ raw, fingerprint256 }: DetailedPeerCertificate): X509Certificate {
  const known = certificates.get(fingerprint256) ?? new X509Certificate(raw);
  // Most recently used last, so that the first is the one to forget.
  certificates.delete(fingerprint256);
  certificates.set(fingerprint256, known);
  const [oldest] = certificates.keys();
  if (certificates.size > REMEMBERED && oldest !== undefined) certificates.delete(oldest);
  return known;
}

/** `{}` means a key exchange without forward secrecy. */
function groupOf(info: ReturnType<TLSSocket["getEphemeralKeyInfo"]>): string | undefined {
  if (info === null || !("type" in info)) return undefined;
  if (info.type === "DH") return `DH ${info.size}`;
  return "name" in info && typeof info.name === "string" ? info.name : info.type;
}
