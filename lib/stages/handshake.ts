import { handshakeSheet as sheet } from "../facts/handshake.ts";
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
import { sentences } from "./fault-sentences.ts";
import { namedBy } from "./not-tls.ts";
import type { Reach } from "./reach.ts";
import { factsOfFlight, factsOfSession, trustOf } from "./session.ts";
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

  async run(from, at) {
    const { signal, here, note } = at;
    const { authorities = [], pem = false } = from.manner ?? {};
    const identity = identityFrom(from.manner?.identity, here);
    const names = namesFor(from);
    note({ servername: names.servername, checkedName: names.name });
    const shown = identity !== undefined;
    const isUsual = !shown && authorities.length === 0;
    const trust = isUsual ? {} : { context: contextWith(authorities, identity), authorities };
    const heard: Heard = { shown, pem, authorities };
    const overheard = (flight: Flight) => void (heard.flight = flight);
    const completed = (secured: Secured) => void (heard.secured = secured);
    const options = { ...names, alpn: from.alpn, ...trust, overheard, completed, signal };
    try {
      await patiently(from, options, note);
    } catch (error) {
      await noteAll(heard, from, at);
      throw error instanceof Failure ? noted(error, heard, note) : error;
    }
    await noteAll(heard, from, at);
    if (heard.secured === undefined) throw new Error("a handshake was completed and not told");
    return judged(heard.secured, names.name, note);
  },
};

type Note = At<typeof sheet>["note"];

/** What came out while the handshake went on: it stays, however it ends. */
interface Heard {
  flight?: Flight;
  /** Our side was done, and the server may have refused us nonetheless. */
  secured?: Secured;
  readonly shown: boolean;
  readonly pem: boolean;
  readonly authorities: readonly string[];
}

async function noteAll(
  { flight, secured, authorities, ...manner }: Heard,
  { revocable }: Handshake,
  { note, late }: At<typeof sheet>,
): Promise<void> {
  if (flight === undefined) return;
  const reading = { flight, ...manner };
  const known =
    secured === undefined
      ? factsOfFlight(reading, Date.now())
      : factsOfSession(secured, reading, Date.now());
  note(known);
  if (known.revocation !== undefined) revocable?.(known.revocation);
  if (secured === undefined) return;
  late(secured.mostLateMs);
  note(await trustOf(secured, authorities));
}

/** Throws the fault that leads, if there is one. */
export function judged(secured: Secured, name: string, note: Note): SecuredWire {
  const [leading] = faultsNoted(secured, note);
  if (leading === undefined) return { ...secured.wire, handshakeMs: secured.ms };
  secured.wire[Symbol.dispose]();
  throw new Failure(leading, sentences[leading](name, secured), { checkedName: name });
}

function faultsNoted(secured: Secured, note: Note) {
  const faults = faultsOf({ ...secured, now: Date.now() });
  note({ faults, trusted: faults.length === 0 });
  return faults;
}

const noOctets = new Uint8Array();

/** Only the alert tells whether what was requested is required. What is wrong beside that is told as well. */
function noted(error: Failure, { flight, secured, shown }: Heard, note: Note): Failure {
  if (secured !== undefined) faultsNoted(secured, note);
  const failure = namedBy(flight?.opening ?? noOctets, blamed(error, flight, shown));
  if (failure.code === "tls.client_certificate_required") {
    const { authorities = [], signatureSchemes = [] } = flight?.certificateRequest ?? {};
    const asked = { acceptableCAs: [...authorities], signatureSchemes: [...signatureSchemes] };
    note({ clientCertificate: { demand: "required", ...asked, shown: false } });
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
