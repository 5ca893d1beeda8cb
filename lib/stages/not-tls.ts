/** What a port speaks that was asked for TLS and does not speak it. */
import { Failure } from "../failure.ts";
import { printable, speaks, titleOf } from "../protocols/speaks.ts";

/** Octets of an unknown protocol that are shown. */
const SHOWN = 40;

/** A `tls.not_tls` says what came instead, by its first octets; any other failure stays as it is. */
export function namedBy(opening: Uint8Array, failure: Failure): Failure {
  const { code, detail } = failure;
  if (code !== "tls.not_tls" || opening.length === 0) return failure;
  const found = speaks(opening);
  // OpenSSL has the same words for records of TLS that come out of turn.
  if (found === "tls") {
    return new Failure("tls.failed", `OpenSSL says ${detail["openssl"]}`, detail);
  }
  const what = titleOf(found) ?? `begins with "${printable(opening, SHOWN)}"`;
  return new Failure(code, `what came back is not TLS: ${what}`, { ...detail, speaks: found });
}
