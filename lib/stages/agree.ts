import { handshakeSheet as sheet } from "../facts/handshake.ts";
import { roundMs } from "../clock.ts";
import { Failure } from "../failure.ts";
import { contextOn, type Terms as ContextTerms } from "../net/contexts.ts";
import { trustOnly } from "../net/roots.ts";
import { secure, type Secured } from "../net/secure.ts";
import type { Securable } from "../net/wire.ts";
import type { Flight } from "../protocols/tls/flight.ts";
import { faultsOf } from "../protocols/x509.ts";
import type { Stage } from "../stage.ts";
import { blamed } from "./client-certificate.ts";
import { judged } from "./handshake.ts";

/** What a module of the deployment says of TLS. One object for a module: what is made of it is kept. */
export interface Terms extends ContextTerms {
  /** Sent as SNI and looked for in the certificate, instead of the host. */
  readonly servername?: string;
  /** `false`: whatever is wrong with the certificate is no trouble. */
  readonly verify: boolean;
}

export interface Agreement {
  readonly wire: Securable;
  /** What the certificate must be for, unless the terms name another. */
  readonly name: string;
  readonly alpn: readonly string[];
  readonly terms: Terms;
  /** Told of the session before its certificate is judged, so that its facts outlive a bad one. */
  readonly told: (session: Session) => void;
}

export interface Session extends Pick<
  Secured,
  "protocol" | "cipher" | "sent" | "chain" | "ms" | "wire"
> {
  /** Its certificate was judged, and nothing is wrong with it. */
  readonly verified: boolean;
}

/**
 * Completes TLS on the terms of a module. Only what is counted is noted: the full facts of a session cost
 * more than the session.
 */
export const agree: Stage<Agreement, Session, typeof sheet> = {
  ...sheet,
  silence: "tls.timeout",

  async run({ wire, name: host, alpn, terms, told }, { signal, note }) {
    const { servername: name = host, authorities, verify } = terms;
    const isAddress = isLiteral(name);
    const servername = isAddress ? "" : name;
    note({ servername, checkedName: name });
    const trust = authorities === undefined ? {} : { trust: trustOnly(authorities) };
    const options = { name, isAddress, servername, alpn, context: contextOn(terms), ...trust };
    let verified = false;
    let flight: Flight | undefined;
    const completed = (secured: Secured) => {
      const { protocol, cipher, ms } = secured;
      note({ protocol, cipher, handshakeMs: roundMs(ms) });
      verified = verify && faultsOf({ ...secured, now: Date.now() }).length === 0;
      told({ ...secured, verified });
    };
    const overheard = (heard: Flight) => void (flight = heard);
    try {
      const secured = await secure(wire, { ...options, overheard, completed, signal });
      if (verify && !verified) judged(secured, name, note);
      return { ...secured, verified };
    } catch (error) {
      const shown = terms.identity !== undefined;
      throw error instanceof Failure ? blamed(error, flight, shown) : error;
    }
  },
};

/** RFC 6066 §3: no address is ever sent as a server name. */
function isLiteral(name: string): boolean {
  return name.includes(":") || /^[\d.]+$/.test(name);
}
