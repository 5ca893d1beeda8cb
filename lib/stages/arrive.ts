import { arriveSheet as sheet } from "../facts/arrive.ts";
import type { Arrival } from "../here.ts";
import { clientCertificateOf } from "../ingress/certificates.ts";
import { clientOf } from "../ingress/client.ts";
import { hopsBetween, schemeOf, wayOf } from "../ingress/hops.ts";
import { maskText } from "../ingress/mask.ts";
import { forwardedIn, headersIn } from "../ingress/shown.ts";
import { detect } from "../platform/detect.ts";
import type { Stage } from "../stage.ts";

/** Reads the arriving request. Nothing is sent, and nothing can fail. */
export const arrive: Stage<Arrival, void, typeof sheet> = {
  ...sheet,
  silence: "sonde.deadline",

  async run({ method, url, headers }, { here, note }) {
    const platform = detect(here.environment);
    const scheme = /^(https?):/.exec(url)?.[1];
    const seen = { headers, platform, ...(scheme === undefined ? {} : { scheme }) };
    const between = hopsBetween(seen);
    const client = clientOf(seen, between);
    const arrivedBy = schemeOf(seen, between);
    const clientCertificate = clientCertificateOf(headers, Date.now());
    note({
      method,
      url: maskText(url).value,
      ...(arrivedBy === undefined ? {} : { scheme: arrivedBy }),
      headers: headersIn(headers),
      forwarded: forwardedIn(headers),
      client,
      hops: wayOf(seen, between, client),
      ...(clientCertificate === undefined ? {} : { clientCertificate }),
    });
  },
};
