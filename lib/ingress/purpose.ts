/** What a request is for besides being answered: affinity, cold starts, and probes of platforms. */
import { type Headers, valueOf } from "./headers.ts";
import type { Seen } from "./seen.ts";

/** Whose cookie ties a client to an instance. The values route requests, so they stay out. */
const affinityCookies = [
  "ARRAffinity",
  "ARRAffinitySameSite",
  "ApplicationGatewayAffinity",
  "ApplicationGatewayAffinityCORS",
  "ASLBSA",
  "ASLBSACORS",
];

export interface Affinity {
  /** Names of the cookies that arrived. */
  readonly cookies: readonly string[];
  /** Whether the cookie begins like this instance's id: a hint, for nobody documents that it must. */
  readonly instance?: "this" | "another";
}

/** Undefined when no such cookie arrived. */
export function affinityOf({ headers, platform }: Seen): Affinity | undefined {
  const jar = cookiesIn(headers);
  const cookies = affinityCookies.filter((name) => jar.has(name));
  if (cookies.length === 0) return undefined;
  const value = jar.get("ARRAffinity") ?? jar.get("ARRAffinitySameSite") ?? "";
  const comparable = platform.platform === "app-service" && /^[0-9a-f]{64}$/i.test(value);
  if (!comparable || platform.instance === undefined) return { cookies };
  const own = value.toLowerCase().startsWith(platform.instance.toLowerCase());
  return { cookies, instance: own ? "this" : "another" };
}

function cookiesIn(headers: Headers): ReadonlyMap<string, string> {
  const pairs = (valueOf(headers, "cookie") ?? "").split(/[;,]\s*/);
  return new Map(
    pairs.map((pair): [string, string] => {
      const at = pair.indexOf("=");
      return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

export const purposes = ["warm-up", "health-check", "front-door-probe"] as const;

/** A request of a platform's own instead of a client's, as it names itself. */
export function purposeOf(headers: Headers, url: string): (typeof purposes)[number] | undefined {
  const agent = valueOf(headers, "user-agent") ?? "";
  // The worker asks for a file that no site has, to see whether the container answers.
  if (/\/robots933456\.txt(?:[?#]|$)/.test(url)) return "warm-up";
  if (/^HealthCheck\/\d/.test(agent)) return "health-check";
  return valueOf(headers, "x-fd-healthprobe") === "1" ? "front-door-probe" : undefined;
}

/** The platform's own mark on the request that waited for a start. */
export function isColdStart(headers: Headers): boolean {
  return valueOf(headers, "x-ms-coldstart") === "1";
}
