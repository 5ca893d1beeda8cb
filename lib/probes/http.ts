import * as z from "zod";
import * as field from "../fields.ts";
import type { Probe } from "../probe.ts";
import { isOrigin } from "../protocols/http/cors.ts";
import { parseHeader, type Header } from "../protocols/http/offered.ts";
import { proberNames, probers } from "../protocols/http/probers.ts";
import { urlOf } from "../stages/request.ts";
import { asked, urlHost, type Target } from "../target.ts";
import { curl, notProvedByHttp } from "../walks.ts";
import type { Trail } from "../trail.ts";
import { share } from "../stages/share.ts";
import { callAgain } from "./http-calls.ts";
import {
  askOnce,
  follow,
  httpRules,
  httpStages,
  setOut,
  shownUrl,
  type Asking,
} from "./http-hop.ts";

const header = z
  .string()
  .describe("Name: value, of the headers that may be sent; left out on another origin")
  .transform((text, check): Header => {
    const parsed = parseHeader(text);
    if (!("wrong" in parsed)) return parsed;
    check.addIssue({ code: "custom", message: parsed.wrong });
    return z.NEVER;
  });

interface More {
  readonly method: string;
  readonly follow: number;
  readonly as?: string | undefined;
  readonly cors?: string | undefined;
  readonly affinity: boolean;
  readonly split?: string | undefined;
}

/** Whether more is asked for than one GET. */
function asksMore({ method, follow: most, as, cors, affinity, split }: More): boolean {
  return method !== "GET" || most > 0 || affinity || (as ?? cors ?? split) !== undefined;
}

const input = z
  .strictObject({
    target: field.target(
      httpRules,
      "A URL, also of a WebSocket; without a scheme https, with port 80 http",
    ),
    method: z.enum(["GET", "HEAD", "OPTIONS"]).default("GET").describe("The request method"),
    version: z
      .enum(["auto", "1.1", "2"])
      .default("auto")
      .describe("What is offered by ALPN; HTTP/2 needs https"),
    follow: z.int().min(0).max(10).default(0).describe("How many redirects are followed"),
    connectTo: field
      .place("host[:port] to connect to, instead of what the URL names", "optional")
      .optional(),
    hostHeader: field
      .authority("The Host that is sent, instead of the one in the URL; SNI stays the URL's")
      .optional(),
    header: z.array(header).max(10).default([]).describe("Headers to send along, Name: value"),
    proxy: field
      .place(
        "host:port of a proxy to go through by CONNECT; no environment variable is read",
        "needed",
      )
      .optional(),
    as: z
      .enum(proberNames)
      .optional()
      .describe("Ask as this product's health probe does, and judge by its rule"),
    cors: z
      .string()
      .refine(isOrigin, { error: "use an origin such as https://app.example.com, without a slash" })
      .optional()
      .describe("The origin of a page: plays its browser's preflight and judges each header"),
    affinity: z
      .boolean()
      .default(false)
      .describe(
        "Call several times and send the first answer's cookies along: does one instance answer?",
      ),
    split: z
      .string()
      .regex(/^header:[A-Za-z0-9-]{1,64}$/, "use header:NAME, as in header:x-revision")
      .optional()
      .describe("Call several times and count the values of a header: header:NAME"),
    calls: z.int().min(2).max(20).default(10).describe("How often, for affinity and split"),
    timeoutMs: field.timeoutMs,
  })
  .refine((given) => !given.target.scheme.startsWith("ws") || !asksMore(given), {
    path: ["target"],
    error:
      "a WebSocket is opened and closed: leave out method, follow, as, cors, affinity and split",
    when: ({ issues }) => issues.length === 0,
  })
  .refine((given) => given.follow === 0 || (!given.affinity && given.split === undefined), {
    path: ["follow"],
    error: "repeated calls follow no redirect: leave out follow, or affinity and split",
    when: ({ issues }) => issues.length === 0,
  })
  .refine(
    (given) =>
      given.cors === undefined ||
      (given.as === undefined && given.follow === 0 && given.method === "GET"),
    {
      path: ["cors"],
      error: "a preflight is an OPTIONS that follows no redirect: leave out as, method and follow",
      when: ({ issues }) => issues.length === 0,
    },
  )
  .refine((given) => given.as === undefined || (given.follow === 0 && given.method === "GET"), {
    path: ["as"],
    error: "a health probe has its own method and follows no redirect: leave out method and follow",
    when: ({ issues }) => issues.length === 0,
  });

export const http: Probe<typeof input> = {
  name: "http",
  title: "HTTP request",
  summary:
    "Sends one request and shows its phases, answer and redirects; each hop is judged again.",
  input,
  stages: [...httpStages, share],
  cost: "medium",
  example: "target=http://127.0.0.1:7071/api/health",

  async run(question, trail) {
    const asking = askingOf(question);
    const { target, affinity, calls, split: by } = question;
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
        const location = await askOnce(own, hop);
        onward = location === undefined ? undefined : follow(location, here, seen, question.follow);
      });
      next = onward;
    }
    return undefined;
  },

  about: (question) => ({
    target: asked(question.target),
    notProved: notProvedByHttp,
    reproduce: [curl(question.target, optionsOf(question))],
  }),
};

type Asked = z.output<typeof input>;

function askingOf({ target, as, ...rest }: Asked): Asking {
  const prober = as === undefined ? undefined : probers[as];
  const { method = rest.cors === undefined ? rest.method : "OPTIONS" } = prober ?? {};
  return { ...rest, method, prober, origin: urlOf(target).origin };
}

/** The same request by curl. Values of headers stay out: some prove who sent them. */
function optionsOf(question: Asked): string[] {
  const { connectTo, proxy, header: headers, follow: most } = question;
  const { method, prober } = askingOf(question);
  const host =
    question.hostHeader ?? (prober !== undefined && "host" in prober ? prober.host : undefined);
  return [
    ...(method === "HEAD" ? ["-I"] : method === "GET" ? [] : ["-X", method]),
    ...(most > 0 ? ["-L"] : []),
    ...(connectTo === undefined ? [] : [`--connect-to ::${placeOf(connectTo)}`]),
    ...(proxy === undefined ? [] : [`--proxytunnel -x http://${placeOf(proxy)}`]),
    ...(host === undefined ? [] : [`-H 'Host: ${host}'`]),
    ...headers.map(([name]) => `-H '${name}: …'`),
  ];
}

function placeOf({ host, port }: Target): string {
  return `${urlHost(host)}:${port === 0 ? "" : port}`;
}
