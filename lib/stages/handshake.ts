import { handshakeSheet as sheet } from "../facts/handshake.ts";
import type { faults } from "../facts/session.ts";
import { Failure } from "../failure.ts";
import { contextWith } from "../net/contexts.ts";
import { dial } from "../net/dial.ts";
import { secure, type Secured, type SecureOptions } from "../net/secure.ts";
import type { Securable, SocketWire } from "../net/wire.ts";
import type { Flight } from "../protocols/tls/flight.ts";
import type { Revocation } from "../protocols/x509-extensions.ts";
import { faultsOf } from "../protocols/x509.ts";
import type { At, Stage } from "../stage.ts";
import type { Target } from "../target.ts";
import { blamed, identityFrom, type IdentitySource } from "./client-certificate.ts";
import type { Reach } from "./reach.ts";
import { extensionsOf, factsOfFlight, factsOfSession, trustOf } from "./session.ts";
import { watchForStall } from "./small-hello.ts";

export interface Handshake {
  readonly wire: Securable;
  readonly target: Pick<Target, "host" | "isAddress">;
  readonly alpn: readonly string[];
  readonly manner?: Manner;
  /** How another connection comes to where this one is; a wire that nothing was said on needs none. */
  readonly reach?: Reach | undefined;
  /** Told where the certificate's revocation can be looked up. */
  readonly revocable?: (places: Revocation) => void;
}

export interface SecuredWire extends SocketWire {
  /** From the ClientHello to the end of our handshake: without what it took to judge it. */
  readonly handshakeMs: number;
}

/** What a caller may want otherwise than a client would do by itself. */
export interface Manner {
  /** Sent as SNI, and looked for in the certificate, instead of the host; empty for none. */
  readonly servername?: string | undefined;
  /** Looked for in the certificate, whatever was sent. */
  readonly checkName?: string | undefined;
  /** Authorities in PEM that are trusted beside Node's own. */
  readonly authorities?: readonly string[];
  /** Shown when the server asks for it: what came with the question, or what the platform keeps. */
  readonly identity?: IdentitySource;
  /** Shows certificates whole. */
  readonly pem?: boolean;
}

/**
 * Completes TLS without verifying, notes everything, and only then judges: a bad certificate ends the
 * branch with its own code, and all of its facts stay.
 */
export const handshake: Stage<Handshake, SecuredWire, typeof sheet> = {
  ...sheet,
  silence: "tls.timeout",

  async run(from, { signal, here, note, late }) {
    const { authorities = [], pem = false } = from.manner ?? {};
    const identity = identityFrom(from.manner?.identity, here);
    const names = namesFor(from);
    note({ servername: names.servername, checkedName: names.name });
    const shown = identity !== undefined;
    const isUsual = !shown && authorities.length === 0;
    const trust = isUsual ? {} : { context: contextWith(authorities, identity), authorities };
    let flight: Flight | undefined;
    const overheard = (seen: Flight) => void (flight = seen);
    const options = { ...names, alpn: from.alpn, ...trust, overheard, signal };
    const secured = await patiently(from, options, note).catch((error: unknown) => {
      if (flight !== undefined) note(factsOfFlight({ flight, shown, pem }, Date.now()));
      throw error instanceof Failure ? noted(blamed(error, flight, shown), flight, note) : error;
    });
    if (flight === undefined) throw new Error("a handshake was completed and not overheard");
    late(secured.mostLateMs);
    note(factsOfSession(secured, { flight, shown, pem }, Date.now()));
    note(await trustOf(secured, authorities));
    tellPlaces(secured, from);
    return judged(secured, names.name, note);
  },
};

type Note = At<typeof sheet>["note"];

function tellPlaces({ chain: [leaf] }: Secured, { revocable }: Handshake): void {
  if (leaf !== undefined) revocable?.(extensionsOf(leaf).revocation);
}

/** Throws the fault that leads, if there is one. */
export function judged(secured: Secured, name: string, note: Note): SecuredWire {
  const found = faultsOf({ ...secured, now: Date.now() });
  note({ faults: found, trusted: found.length === 0 });
  const [leading] = found;
  if (leading === undefined) return { ...secured.wire, handshakeMs: secured.ms };
  secured.wire[Symbol.dispose]();
  throw new Failure(leading, sentences[leading](name, secured.chain), { checkedName: name });
}

/** Only the alert tells whether what was requested is required. */
function noted(failure: Failure, flight: Flight | undefined, note: Note): Failure {
  if (failure.code === "tls.client_certificate_required") {
    const acceptableCAs = [...(flight?.certificateRequest?.authorities ?? [])];
    note({ clientCertificate: { demand: "required", acceptableCAs, shown: false } });
  }
  return failure;
}

export function namesFor({ target, manner = {} }: Pick<Handshake, "target" | "manner">) {
  const { servername = target.isAddress ? "" : target.host, checkName } = manner;
  const name = checkName ?? (servername === "" ? target.host : servername);
  return { name, isAddress: target.isAddress, servername };
}

/** Where another connection can come as far as this one, a stall is looked into beside the wait. */
async function patiently({ wire, reach }: Handshake, options: SecureOptions, note: Note) {
  const { socket, peer } = wire;
  // What takes the place of a socket is only made in mid-conversation.
  const isFresh = "bytesWritten" in socket && socket.bytesWritten === 0;
  const other = reach ?? (isFresh ? dial : undefined);
  if (other === undefined) return secure(wire, options);
  const again = { peer, reach: other };
  const stall = watchForStall(again, options, (smallHello) => note({ smallHello }));
  try {
    return await secure(wire, options);
  } finally {
    await stall.end();
  }
}

/** What was seen, in one sentence, for the fault that leads. */
const sentences: Readonly<
  Record<(typeof faults)[number], (host: string, chain: Secured["chain"]) => string>
> = {
  "tls.expired": (_host, chain) => {
    const one = chain.find(({ validToDate }) => validToDate.getTime() < Date.now());
    return `${shortly(one?.subject)} ended on ${one?.validToDate.toISOString().slice(0, 10)}`;
  },
  "tls.not_yet_valid": (_host, chain) => {
    const one = chain.find(({ validFromDate }) => validFromDate.getTime() > Date.now());
    return `${shortly(one?.subject)} begins on ${one?.validFromDate.toISOString().slice(0, 10)}`;
  },
  "tls.name_mismatch": (host) => `the certificate is not for ${host}`,
  "tls.self_signed": () => "the server presented a self-signed certificate",
  "tls.incomplete_chain": () =>
    "the server sent its own certificate only, and nothing here issued it",
  "tls.untrusted": () => "the chain does not end in a root that is trusted here",
  "tls.weak": () => "the verifier finds a key or signature of the chain too weak",
};

/** The common name, or the whole subject on one line: it is the issuer's to choose. */
function shortly(subject = ""): string {
  const name = /^CN=(.*)$/m.exec(subject)?.[1] ?? subject.split("\n").join(", ");
  return `the certificate of ${name.slice(0, 100) || "nobody"}`;
}
