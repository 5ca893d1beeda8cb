/** One hop of an HTTP request: by which way, with what, and whether the next one may be taken. */
import { Failure } from "../failure.ts";
import { judgePreflight, preflightOf } from "../protocols/http/cors.ts";
import type { Header } from "../protocols/http/offered.ts";
import { healthBy, type Prober } from "../protocols/http/probers.ts";
import { connectFirst } from "../stages/connect-first.ts";
import { handshake } from "../stages/handshake.ts";
import { request, urlOf, type Head, type HttpRequest } from "../stages/request.ts";
import { resolve } from "../stages/resolve.ts";
import { tunnel, type Proxy } from "../stages/tunnel.ts";
import { upgrade } from "../stages/upgrade.ts";
import { parseTarget, type Target, type TargetRules } from "../target.ts";
import type { Trail } from "../trail.ts";
import { alpnOf, timesOf } from "../walks.ts";

export const httpRules: TargetRules = {
  schemes: { https: 443, http: 80, wss: 443, ws: 80 },
  otherwise: "https",
};

export const httpStages = [resolve, connectFirst, tunnel, handshake, request, upgrade] as const;

/** What holds for every hop of a run. */
export interface Asking {
  /** Where the caller's own headers and address are meant for: scheme, host and port. */
  readonly origin: string;
  readonly method: HttpRequest["method"];
  readonly version: "auto" | "1.1" | "2";
  readonly timeoutMs: number;
  readonly connectTo?: Target | undefined;
  readonly hostHeader?: string | undefined;
  readonly header: readonly Header[];
  readonly proxy?: Proxy | undefined;
  readonly prober: Prober | undefined;
  /** The origin of a page whose preflight is played. */
  readonly cors?: string | undefined;
}

/** A URL as the label of a hop: without its query, which may hold a secret. */
export function shownUrl(target: Target): string {
  const { origin, pathname } = urlOf(target);
  return origin + pathname;
}

/** Asks one URL. Gives back where it redirects to, if anywhere. */
export async function fetchOne(
  trail: Trail,
  target: Target,
  asking: Asking,
  redirected: boolean,
): Promise<URL | undefined> {
  const secured = target.scheme === "https" || target.scheme === "wss";
  const opens = target.scheme.startsWith("ws");
  // What the caller said of one origin is not carried to another: a redirect is somebody else's word.
  const own = urlOf(target).origin === asking.origin;
  trail.plan([
    resolve,
    asking.proxy === undefined ? connectFirst : tunnel,
    ...(secured ? [handshake] : []),
    opens ? upgrade : request,
  ]);
  const times = timesOf();
  const dialled =
    own && asking.connectTo !== undefined ? instead(target, asking.connectTo) : target;
  using wire = await reach(trail, dialled, asking, redirected, times);
  const sent = { target, before: times.spent, ...sentWith(asking, own) };
  // Awaited here: the wire is disposed of when this function ends.
  const last = async (over: HttpRequest["wire"]) => {
    if (!opens) return trail.take(request, { wire: over, method: asking.method, ...sent });
    await trail.take(upgrade, { wire: over, ...sent });
    return undefined;
  };
  if (!secured) return await last(wire);
  const alpn = alpnOf(opens ? "1.1" : asking.version);
  using tls = await times.take("tls", trail.take(handshake, { wire, target, alpn }));
  return await last(tls);
}

function instead({ port }: Target, connectTo: Target): Target {
  return { ...connectTo, port: connectTo.port === 0 ? port : connectTo.port };
}

async function reach(
  trail: Trail,
  target: Target,
  { proxy, timeoutMs }: Asking,
  redirected: boolean,
  times: ReturnType<typeof timesOf>,
) {
  const hop = redirected ? ("redirect" as const) : ("first" as const);
  const wanted = { target, kind: "http" as const, hop };
  const peers = await times.take("dns", trail.take(resolve, wanted));
  const [peer] = peers;
  if (proxy !== undefined && peer !== undefined) {
    return times.take("connect", trail.take(tunnel, { proxy, peer }));
  }
  const waitMs = Math.max(1, Math.floor((timeoutMs * 0.9) / peers.length));
  return times.take("connect", trail.take(connectFirst, { peers, waitMs }));
}

/** What this hop sends beyond Sonde's own headers, and how its answer is judged. */
function sentWith({ prober, cors, header, hostHeader }: Asking, own: boolean) {
  const agent = prober?.userAgent;
  const host = (own ? hostHeader : undefined) ?? prober?.host;
  const headers = {
    ...(agent === undefined ? {} : { "user-agent": agent }),
    ...(cors === undefined ? {} : preflightOf(cors)),
    ...(own ? Object.fromEntries(header) : {}),
  };
  const judge = ({ status, headers: seen }: Head) => ({
    ...(prober === undefined ? {} : healthBy(prober, status)),
    ...(cors === undefined ? {} : { cors: judgePreflight(cors, status, seen) }),
  });
  return { headers, judge, ...(host === undefined ? {} : { hostHeader: host }) };
}

/** Where a redirect leads, when it may be followed. Throws when it must not. */
export function follow(
  location: URL,
  from: Target,
  seen: ReadonlySet<string>,
  most: number,
): Target | undefined {
  if (most === 0) return undefined;
  if (seen.has(location.href)) {
    throw new Failure(
      "http.redirect_loop",
      `the redirect leads back to ${location.origin}${location.pathname}`,
    );
  }
  if (seen.size > most) {
    throw new Failure("http.too_many_redirects", `after ${most} redirects comes another one`);
  }
  if (from.scheme === "https" && location.protocol === "http:") {
    throw new Failure("http.redirect_downgrade", `from https to ${location.origin}`);
  }
  const target = parseTarget(location.href, httpRules);
  if ("wrong" in target)
    throw new Failure("policy.redirect", `the redirect cannot be followed: ${target.wrong}`);
  return target;
}
