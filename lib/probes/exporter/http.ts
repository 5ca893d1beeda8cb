/** `prober: http`: a request, its redirects, and what the last answer must look like. */
import { placeOf } from "../../protocols/authority.ts";
import { cookieJar } from "../../protocols/http/cookies.ts";
import type { Fetched } from "../../stages/fetch.ts";
import type { Session, Terms } from "../../stages/agree.ts";
import type { Proxy } from "../../stages/tunnel.ts";
import { parseTarget, type Target } from "../../target.ts";
import type { Trail } from "../../trail.ts";
import type { Preference } from "./choose.ts";
import { ask, type Hop } from "./http-hop.ts";
import { count, judge, type Demands } from "./http-judge.ts";
import { countChain, countSession } from "./session.ts";
import { badTarget, unmet, type Gauges, type Outcome, type Recipe, type Scrape } from "./recipe.ts";

export interface HttpManner {
  readonly preference: Preference;
  readonly terms: Terms;
  /** Of redirects to another origin: a name that was meant for the first is not looked for there. */
  readonly termsElsewhere: Terms;
  readonly method: string;
  readonly body: Uint8Array | undefined;
  /** Lower-case names; `host` is what the first request asks for. */
  readonly headers: Readonly<Record<string, string>>;
  readonly http2: boolean;
  readonly follow: boolean;
  /** How many redirects are followed at most. */
  readonly mostRedirects: number;
  readonly proxy: Proxy | undefined;
  /** What the body is undone by; nothing leaves it as it came. */
  readonly compression: string | undefined;
  /** Bytes of the body, undone, that may come. */
  readonly mostBytes: number;
  readonly demands: Demands;
}

/** An answer, and over what it came. */
export interface Answered {
  readonly hop: Hop;
  readonly fetched: Fetched;
  readonly session: Session | undefined;
  /** Where it redirects to. */
  readonly onward: URL | undefined;
}

const rules = { schemes: { http: 80, https: 443 } };

export function httpRecipe(manner: HttpManner): Recipe {
  return async (trail, scrape) => {
    begin(scrape.gauges);
    const target = readUrl(scrape.target);
    if ("wrong" in target) return badTarget(target.wrong);
    const { hostname = manner.headers["host"] } = scrape;
    const headers = hostname === undefined ? manner.headers : { ...manner.headers, host: hostname };
    const { method, body } = manner;
    const url = new URL(`${target.scheme}://${placeOf(target)}${target.path}`);
    const first: Hop = { target, url, origin: url.origin, method, body, headers, number: 0 };
    const last = await chase(trail, first, manner, scrape);
    if (last === undefined) return "stopped";
    const outcome = judge(last, manner, scrape);
    return outcome ?? ssl(last.session, manner.demands);
  };
}

/** Without a scheme it is http, whatever the port. */
export function readUrl(text: string): ReturnType<typeof parseTarget> {
  return parseTarget(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`, rules);
}

const zeros = [
  "probe_http_content_length",
  "probe_http_uncompressed_body_length",
  "probe_http_redirects",
  "probe_http_ssl",
  "probe_http_status_code",
  "probe_http_version",
  "probe_failed_due_to_regex",
];

function begin(gauges: Gauges): void {
  for (const name of zeros) gauges.set(name, 0);
}

/** From URL to URL, as far as the module follows. Nothing when a hop came to no answer. */
async function chase(
  trail: Trail,
  first: Hop,
  manner: HttpManner,
  scrape: Scrape,
): Promise<Answered | undefined> {
  const { gauges, say } = scrape;
  const jar = cookieJar();
  let next = first;
  const broken = (answered: Answered) => {
    counted(answered, manner, scrape);
    count(answered, manner, gauges);
  };
  for (;;) {
    let answered: Answered | undefined;
    await trail.fork("hops", [next], shown, async (own, hop) => {
      answered = await ask(own, hop, { jar, manner, scrape, broken });
    });
    if (answered === undefined) return undefined;
    const { onward } = answered;
    if (onward === undefined) return counted(answered, manner, scrape);
    gauges.set("probe_http_redirects", next.number + 1);
    const target = manner.follow ? readUrl(onward.href) : { wrong: "the module follows none" };
    if ("wrong" in target || next.number >= manner.mostRedirects) {
      say(`the redirect to ${onward.origin} is not followed`);
      return counted(answered, manner, scrape);
    }
    next = hopTo(onward, target, next, answered.fetched.status ?? 0);
  }
}

const shown = ({ url }: Hop) => url.origin + url.pathname;

/** RFC 9110 §15.4: 307 and 308 keep what was asked; after the others it becomes a GET without a body. */
function hopTo(url: URL, target: Target, from: Hop, status: number): Hop {
  const keeps = status === 307 || status === 308;
  const isRead = from.method === "GET" || from.method === "HEAD";
  const { method, body } = keeps || isRead ? from : { method: "GET", body: undefined };
  return { ...from, target, url, method, body, number: from.number + 1 };
}

function counted(answered: Answered, { terms }: HttpManner, { gauges }: Scrape): Answered {
  const { session } = answered;
  if (session === undefined) return answered;
  gauges.set("probe_http_ssl", 1);
  gauges.set("probe_tls_cipher_info", 1, { cipher: session.cipher });
  countSession(gauges, session);
  countChain(gauges, session, terms.verify);
  return answered;
}

function ssl(session: Session | undefined, { ifSsl, ifNotSsl }: Demands): Outcome {
  if (session !== undefined && ifSsl) return unmet("fail_if_ssl", "the last request was over TLS");
  if (session === undefined && ifNotSsl) {
    return unmet("fail_if_not_ssl", "the last request was not over TLS");
  }
  return undefined;
}
