/** What a TLS connection showed of itself, as facts. */
import type { X509Certificate } from "node:crypto";
import type * as z from "zod";
import { roundMs } from "../clock.ts";
import type { sessionFacts } from "../facts/session.ts";
import { parsedChain } from "../net/certificates.ts";
import { storesFor } from "../net/roots.ts";
import type { Secured } from "../net/secure.ts";
import { defined } from "../platform/values.ts";
import { odditiesOf, pathIn } from "../protocols/chain.ts";
import { readOcsp } from "../protocols/ocsp.ts";
import type { Flight } from "../protocols/tls/flight.ts";
import { revocationOf, timestampsIn } from "../protocols/x509-extensions.ts";
import { describeCertificate } from "../protocols/x509.ts";

type Session = z.infer<typeof sessionFacts>;

/** How much of a chain is shown. */
const SHOWN = 10;

export interface Reading {
  readonly flight: Flight;
  /** Whether there was a client certificate to show. */
  readonly shown: boolean;
  /** Whether certificates are shown whole. */
  readonly pem: boolean;
}

/** What is known of a handshake that was not completed. */
export function factsOfFlight(reading: Reading, now: number): Partial<Session> {
  const sent = parsedChain(reading.flight.chain ?? []);
  const [raw] = sent;
  const chain = chainOf(sent, [], reading.pem, now);
  const [leaf] = chain.sent;
  if (raw === undefined || leaf === undefined) return factsOfHello(reading);
  const { daysLeft } = leaf;
  const earliestDaysLeft = Math.min(...chain.sent.map((one) => one.daysLeft));
  const own = { leaf, daysLeft, earliestDaysLeft, ...extensionsOf(raw) };
  return { ...factsOfHello(reading), chain, ...own };
}

function factsOfHello({ flight, shown }: Reading): Partial<Session> {
  const { version, clientHelloBytes, helloRetry, signatureScheme } = flight;
  return {
    clientHelloBytes,
    ...(version === undefined ? {} : { helloRetry }),
    ...(signatureScheme === undefined ? {} : { signatureScheme }),
    ...defined("clientCertificate", demandIn(flight, shown)),
  };
}

function chainOf(
  sent: readonly X509Certificate[],
  built: Session["chain"]["built"],
  pem: boolean,
  now: number,
): Session["chain"] {
  return {
    sent: sent.slice(0, SHOWN).map((one) => describeCertificate(one, now, pem)),
    sentCount: sent.length,
    built,
    oddities: odditiesOf(sent),
  };
}

function demandIn(flight: Flight, shown: boolean): Session["clientCertificate"] | undefined {
  const { certificateRequest, complete } = flight;
  if (certificateRequest !== undefined) {
    const { authorities, signatureSchemes } = certificateRequest;
    return {
      demand: "requested",
      acceptableCAs: [...authorities],
      signatureSchemes: [...signatureSchemes],
      shown,
    };
  }
  // Where the flight was cut off before its end, nobody knows what would have come.
  return complete ? { demand: "none", acceptableCAs: [], shown } : undefined;
}

/** What is known of a handshake that was completed. */
export function factsOfSession(secured: Secured, reading: Reading, now: number): Partial<Session> {
  const { protocol, cipher, group, alpn, verifier } = secured;
  const { pem } = reading;
  const { sent } = secured;
  const built = secured.chain.map((one) => describeCertificate(one, now, pem));
  const [leaf] = built;
  const [raw] = secured.chain;
  return {
    ...factsOfHello(reading),
    protocol,
    cipher,
    handshakeMs: roundMs(secured.ms),
    forwardSecrecy: group !== undefined,
    ...(group === undefined ? {} : { group }),
    ...(alpn === undefined ? {} : { alpn }),
    ...(verifier === undefined ? {} : { whyNot: verifier }),
    ocsp: ocspOf(secured.staple, now),
    ...(leaf === undefined || raw === undefined
      ? {}
      : {
          leaf,
          daysLeft: leaf.daysLeft,
          earliestDaysLeft: Math.min(...built.map((one) => one.daysLeft)),
          ...extensionsOf(raw),
          chain: chainOf(sent, built, pem, now),
        }),
  };
}

/** Which stores know the root that the chain ends in, or would. */
export async function trustOf(
  { chain, sent }: Secured,
  given: readonly string[],
): Promise<Pick<Partial<Session>, "trustedBy">> {
  const end = chain.length > 1 ? chain.at(-1) : (pathIn(sent).at(-1) ?? chain[0]);
  return end === undefined ? {} : { trustedBy: await storesFor(end, given) };
}

type Extensions = Pick<Session, "signedTimestamps" | "revocation">;

/** They say the same every time, and walking DER costs more than looking it up. */
const walked = new WeakMap<X509Certificate, Extensions>();

export function extensionsOf(leaf: X509Certificate): Extensions {
  let found = walked.get(leaf);
  if (found === undefined) {
    found = { signedTimestamps: timestampsIn(leaf.raw), revocation: revocationOf(leaf.raw) };
    walked.set(leaf, found);
  }
  return found;
}

const HOUR_MS = 3_600_000;

function ocspOf(staple: Uint8Array | undefined, now: number): Session["ocsp"] {
  const read = staple === undefined ? undefined : readOcsp(staple);
  if (read === undefined) return { stapled: staple !== undefined };
  const { response, status, thisUpdate, nextUpdate } = read;
  return {
    stapled: true,
    response,
    ...(status === undefined ? {} : { status }),
    ...(thisUpdate === undefined
      ? {}
      : {
          thisUpdate: thisUpdate.toISOString(),
          ageHours: Math.floor((now - thisUpdate.getTime()) / HOUR_MS),
        }),
    ...(nextUpdate === undefined ? {} : { nextUpdate: nextUpdate.toISOString() }),
  };
}
