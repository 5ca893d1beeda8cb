import { curl } from "../curl.ts";
import { Failure } from "../failure.ts";
import type { Probe } from "../probe.ts";
import { urlHost } from "../protocols/authority.ts";
import { preflightOf } from "../protocols/http/cors.ts";
import { probers, type Prober } from "../protocols/http/probers.ts";
import { readyToRequest, urlOf } from "../stages/request.ts";
import { share } from "../stages/share.ts";
import { reported, type Target } from "../target.ts";
import type { Trail } from "../trail.ts";
import { notProvedByHttp, notProvedByUpgrade } from "../walks.ts";
import { callAgain } from "./http-calls.ts";
import { notProvedByCall, reproduceCall } from "../grpc.ts";
import {
  askOnce,
  follow,
  httpStages,
  isCall,
  isOpening,
  setOut,
  shownUrl,
  type Asking,
} from "./http-hop.ts";
import { input, type Asked } from "./http-input.ts";
import { askNames } from "./http-names.ts";

export const http: Probe<typeof input> = {
  name: "http",
  title: "HTTP request",
  summary:
    "Sends one request and shows its phases, answer and redirects; each hop is judged again.",
  input,
  stages: [...httpStages, share],
  cost: "medium",
  example: "target=http://127.0.0.1:7071/api/health",

  ready: readyToRequest,

  async run(question, trail) {
    const asking = askingOf(question);
    const { target, aca, affinity, calls = 10, split: by } = question;
    if (aca) return askNames(trail, target, asking);
    if (affinity || by !== undefined) {
      const split = by?.slice("header:".length).toLowerCase();
      const again = (own: Trail) => callAgain(own, target, asking, { calls, affinity, split });
      return trail.fork("hops", [target], shownUrl, again);
    }
    const seen = new Set<string>();
    let next: Target | undefined = target;
    while (next !== undefined) {
      seen.add(urlOf(next).href);
      let onward: Target | undefined;
      await trail.fork("hops", [next], shownUrl, async (own, here) => {
        const hop = await setOut(own, here, asking, { redirected: seen.size > 1 });
        let found: ReturnType<typeof follow>;
        const follows = (location: URL) => {
          found = follow(location, here, seen, question.follow);
          return found !== undefined && !(found instanceof Failure);
        };
        await askOnce(own, hop, { follows });
        if (found instanceof Failure) throw found;
        onward = found;
      });
      next = onward;
    }
    return undefined;
  },

  about: (question) => ({
    target: reported(question.target),
    notProved: notProvedBy(question.target),
    reproduce: isCall(question.target)
      ? reproduceCall(question.target)
      : [curl(question.target, optionsOf(question))],
  }),
};

function notProvedBy(target: Target): readonly string[] {
  if (isCall(target)) return notProvedByCall;
  return isOpening(target) ? notProvedByUpgrade : notProvedByHttp;
}

function askingOf({ target, as, ...rest }: Asked): Asking {
  const prober: Prober | undefined = as === undefined ? undefined : probers[as];
  const { method = rest.cors === undefined ? rest.method : "OPTIONS" } = prober ?? {};
  return { ...rest, method, prober, origin: urlOf(target).origin };
}

/** The same request by curl. Values of headers stay out: some prove who sent them. */
function optionsOf(question: Asked): string[] {
  const { target, connectTo, proxy, header: headers, follow: most } = question;
  const { method, prober, cors } = askingOf(question);
  return [
    ...curlMethods[method],
    ...(most > 0 ? ["-L"] : []),
    // In full: whatever begins with two colons is a command to some build agents, and not shown as it is.
    ...given(connectTo, (place) => `--connect-to '${curlPlace(target)}:${curlPlace(place)}'`),
    ...given(proxy, (place) => `--proxytunnel -x http://${curlPlace(place)}`),
    ...given(question.hostHeader ?? prober?.host, (host) => `-H 'Host: ${host}'`),
    ...given(prober?.userAgent, (agent) => `-A '${agent}'`),
    ...preflight(cors),
    ...headers.map(([name]) => `-H '${name}: …'`),
  ];
}

const curlMethods = { GET: [], HEAD: ["-I"], OPTIONS: ["-X OPTIONS"] } as const;

function given<T>(value: T | undefined, write: (value: T) => string): string[] {
  return value === undefined ? [] : [write(value)];
}

/** An origin is scheme, host and port: nothing in it ends a quotation. */
function preflight(cors: string | undefined): string[] {
  const sent = cors === undefined ? {} : preflightOf(cors);
  return Object.entries(sent).map(([name, value]) => `-H '${name}: ${value}'`);
}

/** An empty port is the URL's own to curl. */
function curlPlace({ host, port }: Target): string {
  return `${urlHost(host)}:${port === 0 ? "" : port}`;
}
