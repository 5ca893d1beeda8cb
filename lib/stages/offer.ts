import { offerSheet as sheet } from "../facts/offer.ts";
import { Failure } from "../failure.ts";
import { versionContext, type Version } from "../net/contexts.ts";
import { dial } from "../net/dial.ts";
import { secure } from "../net/secure.ts";
import type { Peer } from "../policy/peer.ts";
import type { Flight } from "../protocols/tls/flight.ts";
import type { Stage } from "../stage.ts";
import type { Reach } from "./reach.ts";

export interface Offer {
  readonly peer: Peer;
  readonly version: Version;
  readonly name: string;
  readonly isAddress: boolean;
  readonly servername: string;
  readonly reach?: Reach | undefined;
}

export const offers: readonly Version[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/** As they stand in a ServerHello. */
const numbers: Readonly<Record<Version, number>> = {
  TLSv1: 0x0301,
  "TLSv1.1": 0x0302,
  "TLSv1.2": 0x0303,
  "TLSv1.3": 0x0304,
};

/**
 * Offers one version and no other, on a connection of its own. A no is a fact here and not a failure, and
 * a handshake that ends later, for want of a client certificate, has still agreed on the version.
 */
export const offer: Stage<Offer, void, typeof sheet> = {
  ...sheet,
  silence: "tls.timeout",

  async run({ peer, version, reach = dial, ...names }, { signal, note }) {
    let flight: Flight | undefined;
    const overheard = (seen: Flight) => (flight = seen);
    using wire = await reach(peer, signal);
    try {
      const context = versionContext(version);
      const options = { ...names, alpn: [], context, overheard, signal };
      const { wire: secured } = await secure(wire, options);
      secured[Symbol.dispose]();
      note({ accepted: true });
    } catch (error) {
      if (!(error instanceof Failure) || isOurs(error)) throw error;
      const accepted = flight?.version === numbers[version];
      const { alert } = error.detail;
      note({
        accepted,
        ...(typeof alert === "number" && !accepted ? { alert } : {}),
        ...(accepted ? {} : { whyNot: error.message }),
      });
      if (signal.aborted) throw error;
    }
  },
};

/** OpenSSL here may be told not to offer a version at all: that says nothing of the server. */
function isOurs({ detail }: Failure): boolean {
  return detail["openssl"] === "ERR_SSL_NO_PROTOCOLS_AVAILABLE";
}
