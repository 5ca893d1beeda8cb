/** One hop of an HTTP request: by which way, with what, and whether the next one may be taken. */
import { Failure } from "../failure.ts";
import { defined } from "../platform/values.ts";
import { judgePreflight, preflightOf } from "../protocols/http/cors.ts";
import type { Header } from "../protocols/http/offered.ts";
import { healthBy, type Prober } from "../protocols/http/probers.ts";
import { connectFirst } from "../stages/connect-first.ts";
import { handshake } from "../stages/handshake.ts";
import { request, urlOf, type Head, type HttpRequest } from "../stages/request.ts";
import { resolve } from "../stages/resolve.ts";
import { tunnel, type Proxy } from "../stages/tunnel.ts";
import { grpcAlpn } from "../grpc.ts";
import { grpc } from "../stages/grpc.ts";
import { upgrade } from "../stages/upgrade.ts";
import { timesOf } from "../phases.ts";
import { parseTarget, type Target, type TargetRules } from "../target.ts";
import type { Trail } from "../trail.ts";
import { alpnOf } from "../walks.ts";

export const httpRules: TargetRules = {
  schemes: { https: 443, http: 80, wss: 443, ws: 80, grpcs: 443, grpc: undefined },
  otherwise: "https",
};

export const httpStages = [
  resolve,
  connectFirst,
  tunnel,
  handshake,
  request,
  upgrade,
  grpc,
] as const;

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
  const { host, pathname } = urlOf(target);
  return `${target.scheme}://${host}${pathname}`;
}

/** One URL, and what is to be known before it is asked, once or several times. */
export interface Hop {
  readonly target: Target;
  readonly asking: Asking;
  readonly peers: Awaited<ReturnType<typeof resolve.run>>;
  readonly times: ReturnType<typeof timesOf>;
}

/** What one call of several has of its own. */
export interface Call {
  readonly cookie?: string;
  /** Shown the head of the answer, as it came. */
  hear?(head: Head): void;
  /** Asked where a redirect points: whether that is where the walk goes on. */
  readonly follows?: (location: URL) => boolean;
}

// What the caller said of one origin is not carried to another: a redirect is somebody else's word.
const isOwn = (target: Target, { origin }: Asking) => urlOf(target).origin === origin;
const isSecured = ({ scheme }: Target) => ["https", "wss", "grpcs"].includes(scheme);

/** Whether HTTP only opens what comes then: a WebSocket, or a call of gRPC. */
export const isOpening = ({ scheme }: Pick<Target, "scheme">) => /^(ws|grpc)s?$/.test(scheme);
export const isCall = ({ scheme }: Pick<Target, "scheme">) => scheme.startsWith("grpc");

/** What is asked of the last stage, and by which stage. */
function lastOf(target: Target) {
  if (!isOpening(target)) return request;
  return isCall(target) ? grpc : upgrade;
}

/** Finds the addresses of a URL, or of what stands in for them, and has them judged. */
export async function setOut(
  trail: Trail,
  target: Target,
  asking: Asking,
  how: { readonly redirected: boolean; readonly connections?: number },
): Promise<Hop> {
  const { connectTo, proxy } = asking;
  trail.plan([
    resolve,
    proxy === undefined ? connectFirst : tunnel,
    ...(isSecured(target) ? [handshake] : []),
    lastOf(target),
  ]);
  const times = timesOf();
  const dialled =
    connectTo !== undefined && isOwn(target, asking) ? instead(target, connectTo) : target;
  const { redirected, connections = 1 } = how;
  const hop = redirected ? ("redirect" as const) : ("first" as const);
  const wanted = { target: dialled, kind: "http" as const, hop, connections };
  return { target, asking, times, peers: await times.resolve(trail.take(resolve, wanted)) };
}

/** Connects and asks. */
export async function askOnce(
  trail: Trail,
  { target, asking, peers, times }: Hop,
  call: Call = {},
): Promise<void> {
  using wire = await times.connect(reach(trail, peers, asking));
  const sent = { target, before: times.spent, ...sentWith(asking, isOwn(target, asking), call) };
  // Awaited here: the wire is disposed of when this function ends.
  const last = async (over: HttpRequest["wire"]) => {
    const opening = { wire: over, ...sent };
    if (isCall(target)) return trail.take(grpc, opening);
    if (isOpening(target)) return trail.take(upgrade, opening);
    const more = { method: asking.method, ...defined("follows", call.follows) };
    return trail.take(request, { ...opening, ...more });
  };
  if (!isSecured(target)) return await last(wire);
  const alpn = alpnFor(target, asking);
  using tls = await times.secure(trail.take(handshake, { wire, target, alpn }));
  return await last(tls);
}

function alpnFor(target: Target, { version }: Asking): readonly string[] {
  if (!isOpening(target)) return alpnOf(version);
  return isCall(target) ? grpcAlpn : alpnOf("1.1");
}

function instead({ port }: Target, connectTo: Target): Target {
  return { ...connectTo, port: connectTo.port === 0 ? port : connectTo.port };
}

function reach(trail: Trail, peers: Hop["peers"], { proxy, timeoutMs }: Asking) {
  const [peer] = peers;
  if (proxy !== undefined && peer !== undefined) return trail.take(tunnel, { proxy, peer });
  const waitMs = Math.max(1, Math.floor((timeoutMs * 0.9) / peers.length));
  return trail.take(connectFirst, { peers, waitMs });
}

/** What this hop sends beyond Sonde's own headers, and how its answer is judged. */
function sentWith({ prober, cors, header, hostHeader }: Asking, own: boolean, call: Call) {
  const agent = prober?.userAgent;
  const host = (own ? hostHeader : undefined) ?? prober?.host;
  const headers = {
    ...(agent === undefined ? {} : { "user-agent": agent }),
    ...(cors === undefined ? {} : preflightOf(cors)),
    ...(own ? Object.fromEntries(header) : {}),
    ...(call.cookie === undefined ? {} : { cookie: call.cookie }),
  };
  const judge = (head: Head) => {
    call.hear?.(head);
    return {
      ...(prober === undefined ? {} : healthBy(prober, head.status)),
      ...(cors === undefined ? {} : { cors: judgePreflight(cors, head.status, head.headers) }),
    };
  };
  return { headers, judge, ...(host === undefined ? {} : { hostHeader: host }) };
}

/** Where a redirect leads, when it may be followed, or why it must not be. */
export function follow(
  location: URL,
  from: Target,
  seen: ReadonlySet<string>,
  most: number,
): Target | Failure | undefined {
  if (most === 0) return undefined;
  if (seen.has(location.href)) {
    return new Failure(
      "http.redirect_loop",
      `the redirect leads back to ${location.origin}${location.pathname}`,
    );
  }
  if (seen.size > most) {
    return new Failure("http.too_many_redirects", `after ${most} redirects comes another one`);
  }
  if (from.scheme === "https" && location.protocol === "http:") {
    return new Failure("http.redirect_downgrade", `from https to ${location.origin}`);
  }
  const target = parseTarget(location.href, httpRules);
  return "wrong" in target
    ? new Failure("policy.redirect", `the redirect cannot be followed: ${target.wrong}`)
    : target;
}
