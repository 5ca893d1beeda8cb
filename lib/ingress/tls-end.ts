/** Where the client's TLS ended, how it went on from there, and what no request can show of it. */
import type { Platform } from "../platform/detect.ts";
import type { Hop, HopKind } from "./seen.ts";
import { siteIn } from "./site.ts";

export interface TlsEnd {
  /** The hop that ended the client's TLS; `nowhere` when the client spoke plain HTTP. */
  readonly at: HopKind | "nowhere" | "unknown";
  /** Hops behind it that were reached over TLS again. */
  readonly again: readonly HopKind[];
  /** Hops behind it that were reached in the clear. */
  readonly clear: readonly HopKind[];
  /** What leaves no trace in a request, and the command that reads it. */
  readonly unseen?: string;
  readonly command?: string;
}

/** `way` is the whole way, the client first. Never throws. */
export function tlsEndOf(way: readonly Hop[], platform: Platform, group?: string): TlsEnd {
  const [first, ...behind] = way.slice(1);
  const over = (tls: Hop["tls"]) => behind.filter((hop) => hop.tls === tls).map((hop) => hop.kind);
  return {
    at: endAt(first),
    again: over("tls"),
    clear: over("plain"),
    ...unseen(way, platform, group),
  };
}

function endAt(outermost: Hop | undefined): TlsEnd["at"] {
  if (outermost?.tls === "tls") return outermost.kind;
  return outermost?.tls === "plain" ? "nowhere" : "unknown";
}

function unseen(way: readonly Hop[], platform: Platform, group = "$GROUP") {
  if (way.some((hop) => hop.kind === "app-service-front-end")) {
    return {
      unseen: "whether the front end encrypts its leg to this worker",
      command: `az webapp show ${siteIn(platform, group)} --query endToEndEncryptionEnabled`,
    };
  }
  if (way.some((hop) => hop.kind === "container-apps-envoy")) {
    return {
      unseen: "whether the environment encrypts the leg from its ingress to this container",
      command:
        `az containerapp env show -g ${group} -n $ENVIRONMENT ` +
        "--query properties.peerTrafficConfiguration.encryption.enabled",
    };
  }
  return {};
}
