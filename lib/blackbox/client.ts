/** Options of every HTTP client of Prometheus: credentials, proxy, TLS, redirects. */
import type * as z from "zod";
import { parseTarget } from "../target.ts";
import {
  flag,
  line,
  onlyOff,
  refused,
  refusedWhere,
  section,
  text,
  type ReadFile,
} from "./form.ts";
import { headerValue } from "./headers.ts";
import { tlsConfig, usualTerms } from "./tls.ts";

const noManager = "there is no manager of secrets here";
const noEnvironment = "no proxy is taken from the environment: say proxy_url";

/** The exporter's go to one by other ways as well, and sign in there. */
const isAnotherWay = (given: string) => /^(https|socks5h?):/i.test(given) || given.includes("@");

/** A proxy that is reached by CONNECT, without credentials. */
const proxyUrl = text
  .superRefine(refusedWhere(isAnotherWay, "a proxy is reached by plain http://host:port alone"))
  .transform((given, check) => {
    const rules = { schemes: { http: 80 }, otherwise: "http" };
    const target = given === "" || isAnotherWay(given) ? undefined : parseTarget(given, rules);
    if (target === undefined || !("wrong" in target)) return target;
    check.addIssue({ code: "custom", message: `only plain http://host:port: ${target.wrong}` });
    return undefined;
  });

export function clientKeys(read: ReadFile) {
  return {
    basic_auth: section({
      username: text.default(""),
      username_file: line(read).optional(),
      username_ref: refused(noManager),
      password: text.default(""),
      password_file: line(read).optional(),
      password_ref: refused(noManager),
    }).optional(),
    authorization: section({
      type: headerValue.default("Bearer"),
      credentials: headerValue.default(""),
      credentials_file: line(read).pipe(headerValue).optional(),
      credentials_ref: refused(noManager),
    }).optional(),
    bearer_token: headerValue.optional(),
    bearer_token_file: line(read).pipe(headerValue).optional(),
    oauth2: refused("a module fetches no token: say authorization, with a token of its own"),
    tls_config: tlsConfig(read).default(usualTerms),
    follow_redirects: flag.default(true),
    enable_http2: flag.default(true),
    proxy_url: proxyUrl.optional(),
    no_proxy: refused("a module has one way: leave out proxy_url where none is wanted"),
    proxy_from_environment: onlyOff(noEnvironment),
    proxy_connect_header: refused("no header but Host is sent to a proxy"),
  };
}

type Given = z.output<z.ZodObject<ReturnType<typeof clientKeys>>>;

/** `headers` in the writer's spelling; credentials become one more, as names in lower case. */
export function clientOf(given: Given, headers: Readonly<Record<string, string>>) {
  const said = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const authorization = credentialsOf(given);
  return {
    terms: given.tls_config,
    http2: given.enable_http2,
    follow: given.follow_redirects,
    proxy: given.proxy_url,
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...Object.fromEntries(said),
    },
  };
}

/** RFC 7617 §2, RFC 6750 §2.1. */
function credentialsOf({ basic_auth: basic, authorization, ...bearer }: Given): string | undefined {
  if (basic !== undefined) {
    const name = basic.username_file ?? basic.username;
    const pair = `${name}:${basic.password_file ?? basic.password}`;
    return `Basic ${Buffer.from(pair).toString("base64")}`;
  }
  const token = bearer.bearer_token_file ?? bearer.bearer_token;
  if (authorization === undefined) return token === undefined ? undefined : `Bearer ${token}`;
  const { type, credentials, credentials_file: kept = credentials } = authorization;
  return kept === "" ? undefined : `${type} ${kept}`;
}
