/**
 * Options in the query: a module for one target, without a file. They are few and bounded, and none of
 * them sends anything but a question: methods, bodies, conversations, credentials and files are for the
 * deployment to say.
 */
import { readModule, type Module } from "./module.ts";

const common = ["preferred_ip_protocol", "ip_protocol_fallback"] as const;
const tls = ["server_name", "insecure_skip_verify", "min_version", "max_version"] as const;

/** What can be said in the query, by prober; `tls` is `tcp` with TLS. */
const known: Readonly<Record<string, readonly string[]>> = {
  http: [
    ...common,
    ...tls,
    "method",
    "valid_status_codes",
    "valid_http_versions",
    "follow_redirects",
    "fail_if_ssl",
    "fail_if_not_ssl",
    "fail_if_body_matches_regexp",
    "fail_if_body_not_matches_regexp",
    "enable_http2",
  ],
  tcp: [...common],
  grpc: [...common, ...tls, "service", "tls"],
  websocket: [...common],
  tls: [...common, ...tls],
  dns: [
    ...common,
    ...tls,
    "query_name",
    "query_type",
    "query_class",
    "transport_protocol",
    "dns_over_tls",
    "recursion_desired",
    "valid_rcodes",
  ],
};

const lists = new Set([
  "valid_status_codes",
  "valid_http_versions",
  "valid_rcodes",
  "fail_if_body_matches_regexp",
  "fail_if_body_not_matches_regexp",
]);

/** Separated by commas; an expression may hold one, so there is one of it. */
const separated = /^valid_/;

export const inlineProbers = Object.keys(known);

/** Every name that may stand in a query beside the exporter's own. */
export const inlineNames: readonly string[] = [
  "prober",
  "timeout",
  ...new Set(Object.values(known).flat()),
];

/** A value longer than this is no option but a load. */
const LONGEST = 256;

/** No file is read for whoever asks in a query, and no long chain of redirects is followed. */
const nothing = Object.assign(() => undefined, { mostRedirects: 3 });

const KEPT = 200;
const kept = new Map<string, Promise<Module | Inline>>();

/** What is wrong with the options, and which it is. */
export interface Inline {
  readonly wrong: string;
  readonly parameter: string;
}

/** The module that these options make: read once, and remembered for the next scrape. */
export function inlineModule(
  pairs: readonly (readonly [string, string])[],
): Promise<Module | Inline> {
  const key = JSON.stringify(pairs.toSorted(([one], [other]) => (one < other ? -1 : 1)));
  const found = kept.get(key) ?? readOnce(pairs);
  kept.delete(key);
  kept.set(key, found);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return found;
}

/** A list stands in one value, and of two values one would be passed over. */
async function readOnce(pairs: readonly (readonly [string, string])[]): Promise<Module | Inline> {
  const options = new Map(pairs);
  const again = pairs.find(([name, value]) => options.get(name) !== value)?.[0];
  if (again === undefined) return read(options);
  return { parameter: again, wrong: `${again} was given more than once; it takes one value` };
}

async function read(options: ReadonlyMap<string, string>): Promise<Module | Inline> {
  const prober = options.get("prober") ?? "";
  const names = Object.hasOwn(known, prober) ? known[prober] : undefined;
  if (names === undefined) {
    return { parameter: "prober", wrong: `prober must be one of ${inlineProbers.join(", ")}` };
  }
  const own = [...options].filter(([name]) => name !== "prober" && name !== "timeout");
  const strange = own.find(([name]) => !names.includes(name));
  if (strange !== undefined) {
    const [parameter] = strange;
    const wrong = `${parameter} is not known to ${prober}: known are ${names.join(", ")}`;
    return { parameter, wrong };
  }
  const long = own.find(([, value]) => value.length > LONGEST);
  if (long !== undefined) {
    return { parameter: long[0], wrong: `a value is at most ${LONGEST} characters` };
  }
  if (!["GET", "HEAD", "OPTIONS"].includes(options.get("method") ?? "GET")) {
    const wrong = "only GET, HEAD and OPTIONS are sent for a query: others take a deployed module";
    return { parameter: "method", wrong };
  }
  return made(prober, own, options.get("timeout"));
}

type Option = readonly [name: string, value: string];

async function made(
  prober: string,
  own: readonly Option[],
  timeout: string | undefined,
): Promise<Module | Inline> {
  const options = optionsIn(prober, own);
  const kind = prober === "tls" ? "tcp" : prober;
  const written = { prober: kind, ...(timeout === undefined ? {} : { timeout }), [kind]: options };
  const found = await readModule(`inline ${prober}`, written, nothing);
  if ("recipe" in found) return found;
  if ("refused" in found) return { parameter: named(found.path), wrong: found.refused };
  const [issue] = found.issues;
  const parameter = named(issue?.path ?? []);
  return { parameter, wrong: `${parameter}: ${issue?.message ?? "it is wrong"}` };
}

function named(path: readonly PropertyKey[]): string {
  return path.findLast((part) => typeof part === "string") ?? "prober";
}

/** As they would stand in a file: those of TLS in their own section. */
function optionsIn(prober: string, own: readonly Option[]) {
  const plain = own.filter(([name]) => !isOfTls(name));
  const terms = Object.fromEntries(own.filter(([name]) => isOfTls(name)));
  return {
    ...Object.fromEntries(plain.map(([name, value]) => [name, valueOf(name, value)])),
    ...(prober === "tls" ? { tls: "true" } : {}),
    ...(Object.keys(terms).length > 0 ? { tls_config: terms } : {}),
  };
}

function isOfTls(name: string): boolean {
  return tls.some((one) => one === name);
}

function valueOf(name: string, value: string): unknown {
  if (!lists.has(name)) return value;
  return separated.test(name) ? value.split(",").map((one) => one.trim()) : [value];
}
