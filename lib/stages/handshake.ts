import { handshakeSheet as sheet, type faults } from "../facts/handshake.ts";
import { roundMs } from "../clock.ts";
import { Failure } from "../failure.ts";
import { secure, type Secured } from "../net/secure.ts";
import type { SocketWire } from "../net/wire.ts";
import { describeCertificate, faultsOf } from "../protocols/x509.ts";
import type { At, Stage } from "../stage.ts";
import type { Target } from "../target.ts";

export interface Handshake {
  readonly wire: SocketWire;
  readonly target: Pick<Target, "host" | "isAddress">;
  readonly alpn: readonly string[];
}

/**
 * Completes TLS without verifying, notes everything, and only then judges: a bad certificate ends the
 * branch with its own code, and all of its facts stay.
 */
export const handshake: Stage<Handshake, SocketWire, typeof sheet> = {
  ...sheet,
  silence: "tls.timeout",

  async run({ wire, target, alpn }, { signal, note }) {
    const { host, isAddress } = target;
    note({ servername: isAddress ? "" : host, checkedName: host });
    const start = performance.now();
    const secured = await secure(wire, { name: host, isAddress, alpn, signal });
    note({ handshakeMs: roundMs(performance.now() - start) });
    noteSession(secured, note);
    const found = faultsOf({ ...secured, now: Date.now() });
    note({ faults: found, trusted: found.length === 0 });
    const [leading] = found;
    if (leading !== undefined) {
      secured.wire[Symbol.dispose]();
      throw new Failure(leading, sentences[leading](host), { checkedName: host });
    }
    return secured.wire;
  },
};

function noteSession(secured: Secured, note: At<typeof sheet>["note"]): void {
  const { protocol, cipher, group, alpn, verifier } = secured;
  note({
    protocol,
    cipher,
    ...(group === undefined ? {} : { group }),
    ...(alpn === undefined ? {} : { alpn }),
    ...(verifier === undefined ? {} : { whyNot: verifier }),
  });
  const now = Date.now();
  const built = secured.chain.map((one) => describeCertificate(one, now));
  const [leaf] = built;
  if (leaf === undefined) return;
  const earliestDaysLeft = Math.min(...built.map((one) => one.daysLeft));
  note({ leaf, daysLeft: leaf.daysLeft, earliestDaysLeft, chain: { built } });
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
