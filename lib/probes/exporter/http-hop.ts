/** One request of a chain: by which way, with what, and where its answer leads. */
import type { Jar } from "../../protocols/http/cookies.ts";
import { agree, type Agreement, type Session } from "../../stages/agree.ts";
import { connect } from "../../stages/connect.ts";
import { fetch, type Fetch, type Fetched } from "../../stages/fetch.ts";
import { resolve } from "../../stages/resolve.ts";
import { tunnel } from "../../stages/tunnel.ts";
import type { Target } from "../../target.ts";
import type { Trail } from "../../trail.ts";
import { choose, pick } from "./choose.ts";
import type { Answered, HttpManner } from "./http.ts";
import { seconds, type Gauges, type Scrape } from "./recipe.ts";
import { countSession } from "./session.ts";

export interface Hop {
  readonly target: Target;
  readonly url: URL;
  /** Where the module's own headers are meant for: scheme, host and port of the first request. */
  readonly origin: string;
  readonly method: string;
  readonly body: Uint8Array | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** How many redirects led here. */
  readonly number: number;
}

export const DURATION = "probe_http_duration_seconds";
const durations = ["resolve", "connect", "tls", "processing", "transfer"].map((phase) => ({
  phase,
}));
const [resolving, ...afterwards] = durations;
const [connecting, securing, processing, transferring] = afterwards;

/** What a request needs beside where it goes. */
export interface Asking {
  readonly jar: Jar;
  readonly manner: HttpManner;
  readonly scrape: Scrape;
  /** Told of an answer that breaks off after its head, as far as it came. */
  readonly broken: (answered: Answered) => void;
}

/** Asks once. Rejects with the no of a stage; what was counted by then stays. */
export async function ask(trail: Trail, hop: Hop, asking: Asking): Promise<Answered> {
  const { manner, scrape } = asking;
  const isSecured = hop.url.protocol === "https:";
  const { proxy } = manner;
  const way = proxy === undefined ? connect : tunnel;
  trail.plan([resolve, way, ...(isSecured ? [agree] : []), fetch]);
  const peer = await peerOf(trail, hop, manner, scrape);
  const { gauges } = scrape;
  const reached =
    proxy === undefined ? trail.take(connect, peer) : trail.take(tunnel, { proxy, peer });
  using wire = await timed(gauges, connecting, reached);
  if (!isSecured) return await sent(trail, wire, hop, asking);
  const secured = securedOver(trail, { ...agreementOf(hop, manner), wire }, gauges);
  const session = await timed(gauges, securing, secured);
  using over = session.wire;
  return await sent(trail, over, hop, asking, session);
}

/** Of a session that is refused nothing else will be told. */
async function securedOver(trail: Trail, agreement: Omit<Agreement, "told">, gauges: Gauges) {
  let known: Session | undefined;
  try {
    return await trail.take(agree, { ...agreement, told: (session) => (known = session) });
  } catch (error) {
    if (known !== undefined) countSession(gauges, known);
    throw error;
  }
}

async function peerOf(trail: Trail, { target, number }: Hop, manner: HttpManner, scrape: Scrape) {
  const { preference } = manner;
  if (number > 0) {
    const wanted = { target, kind: "http", hop: "redirect" } as const;
    return timed(scrape.gauges, resolving, pick(trail, wanted, preference));
  }
  const { gauges } = scrape;
  const resolved = (lookupSeconds: number) => gauges.set(DURATION, lookupSeconds, resolving);
  const peer = await choose(trail, target, "http", preference, { ...scrape, resolved });
  for (const phase of afterwards) gauges.set(DURATION, 0, phase);
  return peer;
}

async function timed<T>(
  gauges: Gauges,
  phase: (typeof durations)[number] | undefined,
  stage: Promise<T>,
): Promise<T> {
  const start = performance.now();
  const result = await stage;
  gauges.add(DURATION, seconds(start), phase);
  return result;
}

/** The first request is to be for the Host that it names, later ones for where they were sent. */
function agreementOf(hop: Hop, { terms, termsElsewhere, http2 }: HttpManner) {
  const { host: named } = hop.headers;
  const own = hop.number === 0 ? named?.replace(/:\d+$/, "") : undefined;
  return {
    name: own ?? hop.target.host,
    alpn: http2 ? ["h2", "http/1.1"] : ["http/1.1"],
    terms: hop.url.origin === hop.origin ? terms : termsElsewhere,
  };
}

async function sent(
  trail: Trail,
  wire: Fetch["wire"],
  hop: Hop,
  asking: Asking,
  session?: Session,
): Promise<Answered> {
  const { jar, manner, scrape } = asking;
  const { mostBytes, compression: undo } = manner;
  let begun: Begun | undefined;
  const told = (now: Begun["now"]) => {
    if (now.status !== undefined) begun = { now, at: begun?.at ?? performance.now() };
  };
  const { url, method, body } = hop;
  const asked = { wire, url, method, body, headers: headersOf(hop, jar), mostBytes, undo, told };
  try {
    const fetched = await trail.take(fetch, asked);
    const { firstByteAt = 0, endAt = firstByteAt } = fetched;
    timedAnswer(scrape.gauges, hop, fetched, (endAt - firstByteAt) / 1000);
    return conclude(hop, fetched, jar, session);
  } catch (error) {
    if (begun !== undefined) {
      const { now, at } = begun;
      timedAnswer(scrape.gauges, hop, now, seconds(at));
      // Half of a compressed body is no measure of the whole.
      const content = undo === undefined ? now.body : Buffer.alloc(0);
      asking.broken(conclude(hop, { ...now, content, cut: true }, jar, session));
    }
    throw error;
  }
}

/** An answer of which the head is there, and when it came. */
interface Begun {
  readonly now: Parameters<Fetch["told"]>[0];
  readonly at: number;
}

/** As with the exporter, the body of a redirect that can be followed is not timed. */
function timedAnswer(gauges: Gauges, { url }: Hop, answer: Begun["now"], transferSeconds: number) {
  gauges.add(DURATION, (answer.firstByteAt ?? 0) / 1000, processing);
  if (locationOf(answer, url) === undefined) gauges.add(DURATION, transferSeconds, transferring);
}

function headersOf({ url, headers, origin, number }: Hop, jar: Jar): Hop["headers"] {
  const cookie = jar.cookiesFor(url);
  const own = url.origin === origin ? headers : harmless(headers);
  const { host, ...rest } = own;
  const first = number === 0 && host !== undefined ? { host } : {};
  return { ...rest, ...first, ...(cookie === undefined ? {} : { cookie }) };
}

/** What another origin may see of a module's headers: none of them can hold a secret. */
function harmless(headers: Hop["headers"]): Hop["headers"] {
  const kinds = /^(accept|accept-encoding|accept-language|cache-control|pragma|user-agent)$/;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => kinds.test(name)));
}

function conclude(hop: Hop, fetched: Fetched, jar: Jar, session?: Session): Answered {
  jar.keep(hop.url, [fetched.headers?.["set-cookie"] ?? []].flat());
  return { hop, fetched, session, onward: locationOf(fetched, hop.url) };
}

/** RFC 9110 §10.2.2. Without a Location that can be read there is nowhere to go. */
function locationOf({ status = 0, headers = {} }: Begun["now"], base: URL): URL | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== "string") return undefined;
  const url = location.length > 2048 ? null : URL.parse(location, base.href);
  return url !== null && /^https?:$/.test(url.protocol) ? url : undefined;
}
