/** How the request came into each hop. */
import { parseArrSsl } from "./arrssl.ts";
import { type Headers, valueOf } from "./headers.ts";
import type { HopKind, Leg, Seen } from "./seen.ts";

/**
 * The leg into a hop. X-Forwarded-Proto speaks of the outermost leg; the front end says apart how the
 * last hop before it came in, which shows a gateway that drops TLS on its way to the app.
 */
export function legInto(seen: Seen, kind: HopKind, outermost: boolean): Leg {
  if (kind === "app-service-front-end") return intoFrontEnd(seen.headers, outermost);
  if (!outermost) return { tls: "unknown" };
  const scheme = valueOf(seen.headers, "x-forwarded-proto")?.split(",")[0]?.trim().toLowerCase();
  return { tls: legOf(scheme ?? schemeElsewhere(seen.headers, kind)) };
}

/** Into this process. Behind any hop this shows in no header, end-to-end encryption included. */
export function legIntoWorker(seen: Seen, direct: boolean): Leg {
  return { tls: direct ? legOf(seen.scheme) : "unknown" };
}

function legOf(scheme: string | undefined): Leg["tls"] {
  if (scheme === "https") return "tls";
  return scheme === "http" ? "plain" : "unknown";
}

function schemeElsewhere(headers: Headers, kind: HopKind): string | undefined {
  if (kind === "container-apps-envoy" && valueOf(headers, "x-arr-ssl") === "true") return "https";
  if (kind !== "static-web-apps") return undefined;
  return /^(https?):/.exec(valueOf(headers, "x-ms-original-url") ?? "")?.[1];
}

function intoFrontEnd(headers: Headers, outermost: boolean): Leg {
  const certificate = valueOf(headers, "x-arr-ssl") ?? "";
  const said = legOf(valueOf(headers, "x-appservice-proto"));
  const claimed = outermost ? legOf(valueOf(headers, "x-forwarded-proto")) : "unknown";
  if (said === "plain") return { tls: "plain" };
  if (said === "tls" || parseArrSsl(certificate) !== undefined)
    return { tls: "tls", ...versionIn(headers) };
  // Whether the front end takes the caller's own X-Forwarded-Proto away is not documented.
  return { tls: certificate === "" && claimed !== "tls" ? "plain" : "unknown" };
}

function versionIn(headers: Headers): Pick<Leg, "tlsVersion"> {
  const version = valueOf(headers, "x-forwarded-tlsversion") ?? "";
  return /^\d(?:\.\d)?$/.test(version) ? { tlsVersion: version } : {};
}
