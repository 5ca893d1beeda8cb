/**
 * The URL that the client asked for, where a hop in front asks for another one. What an app builds from the
 * inner URL (redirects, links, cookies) leads its clients to a place that they may not reach.
 */
import { parseForwarded } from "./forwarded.ts";
import { type Headers, valueOf } from "./headers.ts";
import { maskText } from "./mask.ts";
import type { Hop, HopConfidence, HopKind } from "./seen.ts";

export interface PublicUrl {
  /** Without a query. */
  readonly url: string;
  /** The headers it was read from. */
  readonly evidence: readonly string[];
  readonly confidence: HopConfidence;
}

/** Which hop writes which, so that its confidence holds for what was read. */
const writers: Readonly<Record<string, readonly HopKind[]>> = {
  "x-ms-original-url": ["static-web-apps"],
  "x-forwarded-host": ["front-door", "container-apps-envoy"],
  "x-original-host": ["application-gateway"],
};

/** Nothing where the headers tell of no other URL than the one that arrived. Never throws. */
export function publicUrlOf(
  headers: Headers,
  between: readonly Hop[],
  arrived: { readonly url: string; readonly scheme: string | undefined },
): PublicUrl | undefined {
  const inner = URL.parse(arrived.url);
  if (inner === null) return undefined;
  const whole = URL.parse(valueOf(headers, "x-ms-original-url") ?? "");
  if (whole !== null) return told(whole.origin + whole.pathname, ["x-ms-original-url"], between);
  const [host, hostFrom] = hostOf(headers) ?? [inner.host, ""];
  const prefix = prefixOf(headers, inner.pathname);
  if (hostFrom + prefix === "") return undefined;
  const scheme = arrived.scheme ?? inner.protocol.replace(":", "");
  const port = portOf(headers, scheme, host);
  const evidence = [hostFrom, port && "x-forwarded-port", prefix && "x-forwarded-prefix"].filter(
    (name) => name !== "",
  );
  const url = `${scheme}://${host}${port}${prefix}${inner.pathname}`;
  return url === inner.origin + inner.pathname ? undefined : told(url, evidence, between);
}

function told(url: string, evidence: readonly string[], between: readonly Hop[]): PublicUrl {
  const by = between.find(({ kind }) => writers[evidence[0] ?? ""]?.includes(kind) === true);
  // A prefix and a port are written by proxies of the owner's alone.
  const known = evidence.length === 1 ? by?.confidence : undefined;
  return { url: maskText(url), evidence, confidence: known ?? "claimed" };
}

/** The outermost name, where it has the shape of one, with a port of its own. */
function hostOf(headers: Headers): readonly [host: string, from: string] | undefined {
  const [first] = parseForwarded(valueOf(headers, "forwarded") ?? "");
  const candidates = [
    [valueOf(headers, "x-forwarded-host")?.split(",")[0], "x-forwarded-host"],
    [valueOf(headers, "x-original-host"), "x-original-host"],
    [first?.host, "forwarded"],
  ] as const;
  for (const [written = "", from] of candidates) {
    const host = written.trim().toLowerCase();
    if (/^(?:[a-z0-9_.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/.test(host)) return [host, from];
  }
  return undefined;
}

const usual: Readonly<Record<string, string>> = { http: "80", https: "443" };

function portOf(headers: Headers, scheme: string, host: string): string {
  const port = valueOf(headers, "x-forwarded-port")?.trim() ?? "";
  const isTold = /:\d+$/.test(host) || !/^\d{1,5}$/.test(port) || port === usual[scheme];
  return isTold ? "" : `:${port}`;
}

/** What a proxy took away in front of the path; nothing where the path still begins with it. */
function prefixOf(headers: Headers, path: string): string {
  const written = valueOf(headers, "x-forwarded-prefix")?.split(",")[0]?.trim() ?? "";
  const prefix = written.replace(/\/+$/, "");
  const isPath = /^(?:\/[A-Za-z0-9_.~-]{1,64}){1,8}$/.test(prefix);
  return isPath && !`${path}/`.startsWith(`${prefix}/`) ? prefix : "";
}
