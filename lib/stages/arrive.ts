import { arriveSheet as sheet } from "../facts/arrive.ts";
import type { Arrival } from "../here.ts";
import { clientCertificateOf } from "../ingress/certificates.ts";
import { clientOf } from "../ingress/client.ts";
import { contradictionsIn } from "../ingress/contradictions.ts";
import { standingOf } from "../ingress/demanded.ts";
import { hopsBetween, schemeOf, wayOf } from "../ingress/hops.ts";
import { judgedOf } from "../ingress/judged.ts";
import { maskText } from "../ingress/mask.ts";
import { publicUrlOf } from "../ingress/public-url.ts";
import { affinityOf, isColdStart, purposeOf } from "../ingress/purpose.ts";
import { forwardedIn, headersIn, setOnTheWay } from "../ingress/shown.ts";
import { signedInOf } from "../ingress/signed-in.ts";
import { tlsEndOf } from "../ingress/tls-end.ts";
import { traceOf } from "../ingress/trace.ts";
import { detect } from "../platform/detect.ts";
import { defined, named } from "../platform/values.ts";
import type { Stage } from "../stage.ts";

/** The Functions host hands headers over as a map and connects by itself. */
const notShown = [
  "the order of the headers, their case, and which were sent more than once",
  "the socket: its peer, and the TLS of any hop but by what a header says",
];

export interface Arrived extends Arrival {
  /** `proxy`: only the headers that something on the way sets. */
  readonly view: "all" | "proxy";
}

/** Reads the arriving request. Nothing is sent, and nothing can fail. */
export const arrive: Stage<Arrived, void, typeof sheet> = {
  ...sheet,
  silence: "sonde.deadline",

  async run({ method, url, headers, view }, { here, note }) {
    const platform = detect(here.environment);
    const group = named(here.environment, "WEBSITE_RESOURCE_GROUP");
    const scheme = /^(https?):/.exec(url)?.[1];
    const seen = { headers, platform, ...(scheme === undefined ? {} : { scheme }) };
    const between = hopsBetween(seen);
    const client = clientOf(seen, between);
    const way = wayOf(seen, between, client);
    const arrivedBy = schemeOf(seen, between);
    const clientCertificate = clientCertificateOf(headers, Date.now());
    const shown = headersIn(headers);
    note({
      method,
      url: maskText(url),
      ...(arrivedBy === undefined ? {} : { scheme: arrivedBy }),
      ...defined("publicUrl", publicUrlOf(headers, between, { url, scheme: arrivedBy })),
      headers: view === "all" ? shown : shown.filter(setOnTheWay),
      forwarded: forwardedIn(headers),
      client,
      hops: way,
      ...(clientCertificate === undefined
        ? {}
        : {
            clientCertificate: {
              ...clientCertificate,
              ...standingOf(clientCertificate.header, way, platform, group),
            },
          }),
      ...defined("judged", judgedOf(seen, between)),
      tlsEnd: tlsEndOf(way, platform, group),
      ...defined("signedIn", signedInOf(seen, between)),
      ...defined("affinity", affinityOf(seen)),
      ...defined("trace", traceOf(headers)),
      coldStart: isColdStart(headers),
      ...defined("purpose", purposeOf(headers, url)),
      contradictions: contradictionsIn(seen, between),
      notShown,
    });
  },
};
