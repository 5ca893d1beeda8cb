import { handshakeSheet as sheet } from "../facts/handshake.ts";
import type { faults } from "../facts/session.ts";
import { Failure } from "../failure.ts";
import { contextWith, type Identity } from "../net/contexts.ts";
import { secure, type SecureOptions } from "../net/secure.ts";
import type { Securable, SocketWire } from "../net/wire.ts";
import type { Flight } from "../protocols/tls/flight.ts";
import { faultsOf } from "../protocols/x509.ts";
import type { At, Stage } from "../stage.ts";
import type { Target } from "../target.ts";
import { factsOfFlight, factsOfSession } from "./session.ts";
import { watchForStall } from "./small-hello.ts";

export interface Handshake {
  readonly wire: Securable;
  readonly target: Pick<Target, "host" | "isAddress">;
  readonly alpn: readonly string[];
  readonly manner?: Manner;
}

/** What a caller may want otherwise than a client would do by itself. */
export interface Manner {
  /** Sent as SNI, and looked for in the certificate, instead of the host; empty for none. */
  readonly servername?: string | undefined;
  /** Looked for in the certificate, whatever was sent. */
  readonly checkName?: string | undefined;
  /** Authorities in PEM that are trusted beside Node's own. */
  readonly authorities?: readonly string[];
  readonly identity?: Identity | undefined;
  /** Shows certificates whole. */
  readonly pem?: boolean;
}

/**
 * Completes TLS without verifying, notes everything, and only then judges: a bad certificate ends the
 * branch with its own code, and all of its facts stay.
 */
export const handshake: Stage<Handshake, SocketWire, typeof sheet> = {
  ...sheet,
  silence: "tls.timeout",

  async run(from, { signal, note }) {
    const { authorities = [], identity, pem = false } = from.manner ?? {};
    const names = namesFor(from);
    note({ servername: names.servername, checkedName: names.name });
    const shown = identity !== undefined;
    const context =
      shown || authorities.length > 0 ? { context: contextWith(authorities, identity) } : {};
    let flight: Flight | undefined;
    const overheard = (seen: Flight) => {
      flight = seen;
      note(factsOfFlight({ flight, shown, pem }, Date.now()));
    };
    const options = { ...names, alpn: from.alpn, ...context, overheard, signal };
    const secured = await patiently(from.wire, options, note).catch((error: unknown) => {
      throw blamed(error, flight, shown, note);
    });
    if (flight === undefined) throw new Error("a handshake was completed and not overheard");
    note(factsOfSession(secured, { flight, shown, pem }, authorities, Date.now()));
    const found = faultsOf({ ...secured, now: Date.now() });
    note({ faults: found, trusted: found.length === 0 });
    const [leading] = found;
    if (leading !== undefined) {
      secured.wire[Symbol.dispose]();
      throw new Failure(leading, sentences[leading](names.name), { checkedName: names.name });
    }
    return secured.wire;
  },
};

function namesFor({ target, manner = {} }: Handshake) {
  const { servername = target.isAddress ? "" : target.host, checkName } = manner;
  const name = checkName ?? (servername === "" ? target.host : servername);
  return { name, isAddress: target.isAddress, servername };
}

/** On a wire that nothing was said on before, a stall is looked into beside the wait. */
async function patiently(wire: Securable, options: SecureOptions, note: At<typeof sheet>["note"]) {
  const { socket } = wire;
  // What takes the place of a socket is only made in mid-conversation.
  const isFresh = "bytesWritten" in socket && socket.bytesWritten === 0;
  if (!isFresh) return secure(wire, options);
  const stall = watchForStall(wire.peer, options, (smallHello) => note({ smallHello }));
  try {
    return await secure(wire, options);
  } finally {
    await stall.end();
  }
}

/** Alerts about the client's certificate, or the lack of one: RFC 8446 §6.2. */
const CERTIFICATE_REQUIRED = 116;
const aboutCertificates = new Set([40, 42, 43, 44, 45, 46, 48, 49, 51, CERTIFICATE_REQUIRED]);

/** An alert after a CertificateRequest is about the certificate that was asked for. */
function blamed(
  error: unknown,
  flight: Flight | undefined,
  shown: boolean,
  note: At<typeof sheet>["note"],
): unknown {
  if (!(error instanceof Failure) || error.code !== "tls.alert") return error;
  const { alert = 0, name = "" } = error.detail;
  const asked = flight?.certificateRequest;
  const about = asked !== undefined && aboutCertificates.has(Number(alert));
  if (!about && alert !== CERTIFICATE_REQUIRED) return error;
  const said = `with alert ${alert} (${name})`;
  if (shown) {
    const message = `the server refused the client certificate ${said}`;
    return new Failure("tls.client_certificate_refused", message, error.detail);
  }
  const acceptableCAs = [...(asked?.authorities ?? [])];
  note({ clientCertificate: { demand: "required", acceptableCAs, shown } });
  const message = `the server ended the handshake for want of a client certificate, ${said}`;
  return new Failure("tls.client_certificate_required", message, error.detail);
}

/** What was seen, in one sentence, for the fault that leads. */
const sentences: Readonly<Record<(typeof faults)[number], (host: string) => string>> = {
  "tls.expired": () => "a certificate of the chain is past its end of validity",
  "tls.not_yet_valid": () => "a certificate of the chain is not valid yet",
  "tls.name_mismatch": (host) => `the certificate is not for ${host}`,
  "tls.self_signed": () => "the server presented a self-signed certificate",
  "tls.incomplete_chain": () =>
    "the server sent its own certificate only, and nothing here issued it",
  "tls.untrusted": () => "the chain does not end in a root that is trusted here",
  "tls.weak": () => "the verifier finds a key or signature of the chain too weak",
};
