/** The walk of the TLS probe, with everything that may be wished for beside the handshake itself. */
import { connect } from "./stages/connect.ts";
import { handshake, namesFor, type Manner } from "./stages/handshake.ts";
import { offer, offers, type Offer } from "./stages/offer.ts";
import { revocation } from "./stages/revocation.ts";
import type { Trail } from "./trail.ts";
import type { Revocation } from "./protocols/x509-extensions.ts";
import type { Walk } from "./walk.ts";
import { alpnOf, greet } from "./walks.ts";

export interface Wish {
  readonly manner: Manner;
  /** Offers every version by itself, each on a connection of its own. */
  readonly versions: boolean;
  /** Connects to the places where the certificate's revocation can be looked up. */
  readonly revocation: boolean;
}

/** Versions are asked for few at a time: a server may count connections. */
const OFFERS_AT_ONCE = 2;

export function greetWith({ manner, ...wish }: Wish): Walk {
  return {
    ...greet,
    connections: 1 + (wish.versions ? offers.length : 0),
    // What comes after the versions is not announced: each of them would tell it as skipped.
    stages: [...greet.stages, ...(wish.versions ? [offer] : [])],
    async walk(trail, peer, target) {
      using wire = await trail.take(connect, peer);
      let places: Revocation | undefined;
      const revocable = (seen: Revocation) => void (places = seen);
      try {
        const greeting = { wire, target, alpn: alpnOf("auto"), manner, revocable };
        using _secured = await trail.take(handshake, greeting);
      } finally {
        // Whatever became of the handshake: a version that is not accepted may be the reason.
        if (wish.versions) await offerEach(trail, { peer, ...namesFor({ target, manner }) });
      }
      if (wish.revocation) await trail.take(revocation, places ?? { crl: [], ocsp: [] });
    },
  };
}

function offerEach(trail: Trail, ask: Omit<Offer, "version">): Promise<void> {
  return trail.fork(
    "versions",
    offers,
    (version) => version,
    (own, version) => own.take(offer, { ...ask, version }),
    OFFERS_AT_ONCE,
  );
}
