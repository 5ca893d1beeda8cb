/** The walk of the TLS probe, with everything that may be wished for beside the handshake itself. */
import { connect } from "./stages/connect.ts";
import { greeting } from "./stages/greet.ts";
import { handshake, namesFor, type Manner } from "./stages/handshake.ts";
import { offer, offers, type Offer } from "./stages/offer.ts";
import { agreed, through } from "./stages/reach.ts";
import { revocation } from "./stages/revocation.ts";
import type { Service } from "./services/service.ts";
import { placeOf } from "./target.ts";
import type { Trail } from "./trail.ts";
import type { Revocation } from "./protocols/x509-extensions.ts";
import type { Walk } from "./walk.ts";
import { alpnOf, greet } from "./walks.ts";

export interface Wish {
  readonly manner: Manner;
  /** The service that is talked into TLS first, and the name that its scheme has. */
  readonly upgrade?: { readonly service: Service; readonly scheme: string } | undefined;
  /** Offers every version by itself, each on a connection of its own. */
  readonly versions: boolean;
  /** Connects to the places where the certificate's revocation can be looked up. */
  readonly revocation: boolean;
}

/** Versions are asked for few at a time: a server may count connections. */
const OFFERS_AT_ONCE = 2;

export function greetWith({ manner, upgrade, ...wish }: Wish): Walk {
  const hello = upgrade && greeting(upgrade.service, "tls");
  return {
    ...greet,
    connections: 1 + (wish.versions ? offers.length : 0),
    // What comes after the versions is not announced: each of them would tell it as skipped.
    stages: [connect, ...(hello ? [hello] : []), handshake, ...(wish.versions ? [offer] : [])],
    async walk(trail, peer, target) {
      using wire = await trail.take(connect, peer);
      let places: Revocation | undefined;
      const revocable = (seen: Revocation) => void (places = seen);
      const named = { host: target.host, scheme: upgrade?.scheme ?? target.scheme };
      const reach = upgrade && through(upgrade.service, named);
      const next = hello && (await trail.take(hello, { wire, target: named }));
      try {
        const over = next === undefined ? wire : agreed(wire, next);
        const alpn = upgrade === undefined ? alpnOf("auto") : [];
        const greeted = { wire: over, target, alpn, manner, reach, revocable };
        using _secured = await trail.take(handshake, greeted);
      } finally {
        // Whatever became of the handshake: a version that is not accepted may be the reason.
        const names = namesFor({ target, manner });
        if (wish.versions) await offerEach(trail, { peer, reach, ...names });
      }
      if (wish.revocation) await trail.take(revocation, places ?? { crl: [], ocsp: [] });
    },
    reproduce: (target) =>
      upgrade === undefined
        ? greet.reproduce(target)
        : upgrade.service.reproduce({ ...target, scheme: upgrade.scheme }, placeOf(target)),
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
