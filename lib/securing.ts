/** The walk of the TLS probe, with everything that may be wished for beside the handshake itself. */
import { Failure } from "./failure.ts";
import { placeOf } from "./protocols/authority.ts";
import { connect } from "./stages/connect.ts";
import { greeting } from "./stages/greet.ts";
import { handshake, namesFor, type Handshake, type Manner } from "./stages/handshake.ts";
import { offer, offers, type Offer } from "./stages/offer.ts";
import { agreed, through } from "./stages/reach.ts";
import { revocation } from "./stages/revocation.ts";
import type { Service } from "./services/service.ts";
import type { Trail } from "./trail.ts";
import type { Revocation } from "./protocols/x509-extensions.ts";
import type { Walk } from "./walk.ts";
import { alpnOf, greet, sClient } from "./walks.ts";

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
      const named = { host: target.host, scheme: upgrade?.scheme ?? target.scheme };
      const reach = upgrade && through(upgrade.service, named);
      const next = hello && (await trail.take(hello, { wire, target: named }));
      const over = next === undefined ? wire : agreed(wire, next);
      const alpn = upgrade === undefined ? alpnOf("auto") : [];
      const offered = { peer, reach, ...namesFor({ target, manner }) };
      await handshakeAndMore(trail, { wire: over, target, alpn, manner, reach }, offered, wish);
    },
    reproduce: (target, address) =>
      upgrade === undefined
        ? [sClient(target, namesFor({ target, manner }), { address, more: filesOf(manner) })]
        : upgrade.service.reproduce({ ...target, scheme: upgrade.scheme }, placeOf(target)),
  };
}

/** What came with the question is no file here: whoever repeats it has to name theirs. */
function filesOf({ authorities = [], identity }: Manner): string[] {
  return [
    ...(authorities.length === 0 ? [] : ["-CAfile ca.pem"]),
    ...(identity === undefined ? [] : ["-cert client.pem -key client.key"]),
  ];
}

type More = Pick<Wish, "versions" | "revocation">;

/** Whatever becomes of the handshake, the rest is looked at: a version may be why, and a bad certificate names places. */
async function handshakeAndMore(
  trail: Trail,
  greeted: Handshake,
  offered: Omit<Offer, "version">,
  wish: More,
): Promise<void> {
  let places: Revocation | undefined;
  const revocable = (seen: Revocation) => void (places = wish.revocation ? seen : undefined);
  const shaken = trail.take(handshake, { ...greeted, revocable });
  const no = await kept(shaken.then((wire) => wire[Symbol.dispose]()));
  if (wish.versions) await offerEach(trail, offered);
  const spent = places && (await kept(trail.take(revocation, places)));
  const leading = no ?? spent;
  if (leading !== undefined) throw leading;
}

/** The no that ended it, for later: what is still to be learned does not depend on it. */
async function kept(stage: Promise<void>): Promise<Failure | undefined> {
  try {
    await stage;
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
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
