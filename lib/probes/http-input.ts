/** What a caller may ask of the http probe. */
import * as z from "zod";
import * as field from "../fields.ts";
import { isOrigin } from "../protocols/http/cors.ts";
import { appNames } from "../protocols/http/environment.ts";
import { parseHeader, type Header } from "../protocols/http/offered.ts";
import { proberNames } from "../protocols/http/probers.ts";
import { httpRules, isOpening } from "./http-hop.ts";

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

export const input = z
  .strictObject({
    target: field.target(
      httpRules,
      "A URL, also of a WebSocket or of a gRPC server; without a scheme https, with port 80 http",
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
    calls: z
      .int()
      .min(2)
      .max(20)
      .optional()
      .describe("How often, for affinity and split; 10 when it is not said"),
    aca: z
      .boolean()
      .default(false)
      .describe(
        "Ask a container app by its short name, with .internal. and by its FQDN, and compare",
      ),
    timeoutMs: field.timeoutMs,
  })
  .refine((given) => !given.aca || appNames(given.target.host) !== undefined, {
    path: ["aca"],
    error:
      "the target must be the FQDN of a container app, as in app.name.region.azurecontainerapps.io",
    when: ({ issues }) => issues.length === 0,
  })
  .refine((given) => !given.aca || (given.hostHeader === undefined && !asksMore(given)), {
    path: ["aca"],
    error: "each name is asked with its own Host, by one GET: leave out hostHeader and the like",
    when: ({ issues }) => issues.length === 0,
  })
  .refine((given) => !isOpening(given.target) || !(given.aca || asksMore(given)), {
    path: ["target"],
    error:
      "a WebSocket is only opened, gRPC only called: leave out method, follow, as, cors, aca, affinity and split",
    when: ({ issues }) => issues.length === 0,
  })
  .refine((given) => given.calls === undefined || given.affinity || given.split !== undefined, {
    path: ["calls"],
    error: "only affinity=1 and split=header:NAME call more than once: ask for one of them",
    when: ({ issues }) => issues.length === 0,
  })
  .refine((given) => given.version !== "2" || given.target.scheme === "https", {
    path: ["version"],
    error: "HTTP/2 is agreed on inside TLS: use an https target, or leave version out",
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

export type Asked = z.output<typeof input>;
