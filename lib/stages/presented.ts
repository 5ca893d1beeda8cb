import { presentedSheet as sheet, type PresentedCertificate } from "../facts/presented.ts";
import { Failure } from "../failure.ts";
import { dial } from "../net/dial.ts";
import { secure } from "../net/secure.ts";
import type { SocketWire } from "../net/wire.ts";
import type { Peer } from "../policy/peer.ts";
import { describeCertificate } from "../protocols/x509.ts";
import type { Stage } from "../stage.ts";

export interface Door {
  readonly wire: SocketWire;
  readonly peer: Peer;
  readonly name: string;
}

/**
 * Looks at the certificates of an address in passing: with the name as SNI over the wire that is there, and
 * without SNI over another. Nothing is judged; what is refused is a fact.
 */
export const presented: Stage<Door, void, typeof sheet> = {
  ...sheet,
  silence: "tls.timeout",

  async run({ wire, peer, name }, { signal, note }) {
    note({ servername: name });
    const withName = await look(wire, name, name, signal);
    note({ withName });
    const withoutName = await look(() => dial(peer, signal), name, "", signal);
    const same =
      withName.sha1 === undefined || withoutName.sha1 === undefined
        ? {}
        : { same: withName.sha1 === withoutName.sha1 };
    note({ withoutName, ...same });
  },
};

async function look(
  over: SocketWire | (() => Promise<SocketWire>),
  name: string,
  servername: string,
  signal: AbortSignal,
): Promise<PresentedCertificate> {
  try {
    using wire = typeof over === "function" ? await over() : over;
    const options = { name, isAddress: false, servername, alpn: ["http/1.1"], signal };
    const secured = await secure(wire, options);
    using _secured = secured.wire;
    const [leaf] = secured.chain;
    if (leaf === undefined) return {};
    const { subject, issuer, names, sha1, daysLeft } = describeCertificate(leaf, Date.now());
    return { subject, issuer, names, sha1, daysLeft, isForName: secured.nameMatches };
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    return { refused: error.code };
  }
}
