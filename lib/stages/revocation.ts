import { revocationSheet as sheet } from "../facts/revocation.ts";
import { Failure } from "../failure.ts";
import type { Revocation } from "../protocols/x509-extensions.ts";
import type { Stage } from "../stage.ts";
import { parseTarget } from "../target.ts";
import { visit } from "./visit.ts";

/** How many places are tried of each kind. */
const MOST = 3;

const rules = { schemes: { http: 80, https: 443 }, otherwise: "http" };

/**
 * Whether the places that a certificate names for its revocation can be connected to. They are judged as
 * any target is, since it is the server that names them; what cannot be reached is no failure.
 */
export const revocation: Stage<Revocation, void, typeof sheet> = {
  ...sheet,
  silence: "tcp.timeout",

  async run({ crl, ocsp }, at) {
    const places = [
      ...crl.slice(0, MOST).map((url) => ({ kind: "crl" as const, url })),
      ...ocsp.slice(0, MOST).map((url) => ({ kind: "ocsp" as const, url })),
    ];
    const seen = places.map(async ({ kind, url }) => {
      const target = parseTarget(url, rules);
      // LDAP is what private authorities inside a domain use.
      if ("wrong" in target) return { kind, url, reachable: false, code: "sonde.untestable" };
      try {
        using _wire = await visit({ target, kind: "tcp", hop: "referral" }, at);
        return { kind, url, reachable: true };
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        return { kind, url, reachable: false, code: error.code };
      }
    });
    at.note({ places: await Promise.all(seen) });
  },
};
