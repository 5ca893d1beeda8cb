import * as z from "zod";
import * as field from "../fields.ts";
import { Failure } from "../failure.ts";
import type { Probe } from "../probe.ts";
import { connectFirst } from "../stages/connect-first.ts";
import { handshake } from "../stages/handshake.ts";
import { request, urlOf } from "../stages/request.ts";
import { resolve } from "../stages/resolve.ts";
import { asked, parseTarget, type Target, type TargetRules } from "../target.ts";
import type { Trail } from "../trail.ts";
import { alpnOf, curl, notProvedByHttp, timesOf } from "../walks.ts";

const rules: TargetRules = { schemes: { https: 443, http: 80 }, otherwise: "https" };

const input = z.strictObject({
  target: field.target(rules, "A URL; without a scheme https, with port 80 http"),
  method: z.enum(["GET", "HEAD", "OPTIONS"]).default("GET").describe("The request method"),
  version: z
    .enum(["auto", "1.1", "2"])
    .default("auto")
    .describe("What is offered by ALPN; HTTP/2 needs https"),
  follow: z.int().min(0).max(10).default(0).describe("How many redirects are followed"),
  timeoutMs: field.timeoutMs,
});

type Asked = z.output<typeof input>;

const stages = [resolve, connectFirst, handshake, request] as const;

export const http: Probe<typeof input> = {
  name: "http",
  title: "HTTP request",
  summary:
    "Sends one request and shows its phases, answer and redirects; each hop is judged again.",
  input,
  stages,
  cost: "medium",
  example: "target=http://127.0.0.1:7071/api/health",

  async run(question, trail) {
    const seen = new Set<string>();
    let next: Target | undefined = question.target;
    while (next !== undefined) {
      seen.add(urlOf(next).href);
      let onward: Target | undefined;
      await trail.fork("hops", [next], shownUrl, async (own, here) => {
        const location = await fetchOne(own, here, question, seen.size > 1);
        onward = location === undefined ? undefined : follow(location, here, seen, question.follow);
      });
      next = onward;
    }
  },

  about: ({ target, method, follow: most }) => ({
    target: asked(target),
    notProved: notProvedByHttp,
    reproduce: [curl(target, [...(method === "HEAD" ? ["-I"] : []), ...(most > 0 ? ["-L"] : [])])],
  }),
};

/** A URL as the label of a hop: without its query, which may hold a secret. */
function shownUrl(target: Target): string {
  const { origin, pathname } = urlOf(target);
  return origin + pathname;
}

async function fetchOne(trail: Trail, target: Target, question: Asked, redirected: boolean) {
  const secured = target.scheme === "https";
  trail.plan(secured ? stages : [resolve, connectFirst, request]);
  const times = timesOf();
  const wanted = {
    target,
    kind: "http" as const,
    hop: redirected ? ("redirect" as const) : ("first" as const),
  };
  const peers = await times.take("dns", trail.take(resolve, wanted));
  const waitMs = Math.max(1, Math.floor((question.timeoutMs * 0.9) / peers.length));
  using wire = await times.take("connect", trail.take(connectFirst, { peers, waitMs }));
  const { method, version } = question;
  // Awaited here: the wire is disposed of when this function ends.
  if (!secured) return await trail.take(request, { wire, target, method, before: times.spent });
  const alpn = alpnOf(version);
  using tls = await times.take("tls", trail.take(handshake, { wire, target, alpn }));
  return await trail.take(request, { wire: tls, target, method, before: times.spent });
}

/** Where a redirect leads, when it may be followed. Throws when it must not. */
function follow(
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
  const target = parseTarget(location.href, rules);
  if ("wrong" in target)
    throw new Failure("policy.redirect", `the redirect cannot be followed: ${target.wrong}`);
  return target;
}
