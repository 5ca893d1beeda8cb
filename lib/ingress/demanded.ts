/**
 * How far a certificate in a header is to be believed. Whether the platform demands one is a property of the
 * site, which neither a request nor a variable shows: a command reads it.
 */
import type { Platform } from "../platform/detect.ts";
import type { Hop, HopKind } from "./seen.ts";
import { siteIn } from "./site.ts";

export interface Standing {
  /** One sentence. */
  readonly standing: string;
  /** That reads whether a certificate is demanded. */
  readonly command?: string;
}

interface Row {
  readonly header: string;
  readonly hop: HopKind;
  readonly standing: string;
  command(site: string): string;
}

const rows: readonly Row[] = [
  {
    header: "x-arr-clientcert",
    hop: "app-service-front-end",
    standing:
      "a claim unless the site demands a certificate: App Service passes on what it was shown and validates nothing",
    command: (site) => `az webapp show ${site} --query '[clientCertEnabled, clientCertMode]'`,
  },
  {
    header: "x-forwarded-client-cert",
    hop: "container-apps-envoy",
    standing: "a claim unless the ingress demands a certificate",
    command: (site) => `az containerapp ingress show ${site} --query clientCertificateMode`,
  },
];

/** `way` is the whole way. Never throws. */
export function standingOf(
  header: string,
  way: readonly Hop[],
  platform: Platform,
  group?: string,
): Standing {
  const row = rows.find((one) => one.header === header && way.some(({ kind }) => kind === one.hop));
  if (row !== undefined)
    return { standing: row.standing, command: row.command(siteIn(platform, group)) };
  return {
    standing: "a claim unless the proxy that writes this header removes what clients send under it",
  };
}
