/**
 * Who is asked from which address this host leaves: a fixed list of independent operators, which
 * `SONDE_OUTBOUND_PROVIDERS` narrows by name or replaces by URL. Never anything that a caller sent.
 */
import type { Environment } from "../here.ts";
import { defined } from "./values.ts";

export type Method = "https" | "dns" | "stun" | "echo";
export const methods = ["https", "dns", "stun", "echo"] as const satisfies readonly Method[];

export interface Provider {
  readonly name: string;
  /** Several providers of one operator count as one voice. */
  readonly operator: string;
  readonly method: Method;
  readonly families: readonly (4 | 6)[];
  /** `https`, `http`, `dns` or `stun`. */
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** Path and query: those of an echo may hold a key, and are never shown. */
  readonly path: string;
  /** What is asked over DNS; over HTTPS too (RFC 8484). */
  readonly question?: { readonly name: string; readonly type: string; readonly class: string };
}

/** The operator of `SONDE_OUTBOUND_ECHO`. */
export const OWN_ECHO = "own echo";

const defaultPorts: Readonly<Record<string, number>> = {
  https: 443,
  http: 80,
  dns: 53,
  stun: 3478,
};
const both = [4, 6] as const;
const four = [4] as const;
const six = [6] as const;

type Row = readonly [name: string, operator: string, url: string, families: Provider["families"]];

const rows: readonly Row[] = [
  ["ipify", "ipify", "https://api.ipify.org/", four],
  ["icanhazip", "cloudflare", "https://ipv4.icanhazip.com/", four],
  ["amazon", "amazon", "https://checkip.amazonaws.com/", four],
  ["cloudflare", "cloudflare", "https://www.cloudflare.com/cdn-cgi/trace", both],
  ["ipify6", "ipify", "https://api6.ipify.org/", six],
  ["icanhazip6", "cloudflare", "https://ipv6.icanhazip.com/", six],
  ["opendns", "opendns", "dns://208.67.222.222/myip.opendns.com?type=A", four],
  ["opendns6", "opendns", "dns://[2620:119:35::35]/myip.opendns.com?type=AAAA", six],
  ["google-dns", "google", "dns://216.239.32.10/o-o.myaddr.l.google.com?type=TXT", four],
  ["cloudflare-dns", "cloudflare", "dns://1.1.1.1/whoami.cloudflare?type=TXT&class=CH", four],
  ["cloudflare-doh", "cloudflare", "https://cloudflare-dns.com/dns-query#whoami.cloudflare", four],
  ["cloudflare-stun", "cloudflare", "stun://stun.cloudflare.com", both],
];

const fixed: readonly Provider[] = rows.flatMap(([name, operator, url, families]) => {
  const read = fromUrl(url);
  return read === undefined ? [] : [{ ...read, name, operator, families }];
});

/** The providers in force, or the word of a setting that cannot be read. */
export function providersOf(
  environment: Environment,
): { readonly providers: readonly Provider[] } | { readonly wrong: string } {
  const words = (environment["SONDE_OUTBOUND_PROVIDERS"] ?? "").split(/\s+/).filter(Boolean);
  const named = words.map(fromWord);
  const unread = words[named.indexOf(undefined)];
  // The word itself may hold a key.
  if (unread !== undefined) {
    const place = named.indexOf(undefined) + 1;
    return { wrong: `word ${place} of SONDE_OUTBOUND_PROVIDERS is neither a known name nor a URL` };
  }
  const providers = words.length === 0 ? fixed : named.filter((one) => one !== undefined);
  const echo = environment["SONDE_OUTBOUND_ECHO"] ?? "";
  if (echo === "") return { providers };
  const other = fromUrl(echo);
  if (other === undefined || !other.scheme.startsWith("http")) {
    return { wrong: "SONDE_OUTBOUND_ECHO is no URL of another Sonde's echo" };
  }
  const asked = { ...other, name: "echo", operator: OWN_ECHO, method: "echo" as const };
  return { providers: [asked, ...providers] };
}

function fromWord(word: string): Provider | undefined {
  const known = fixed.find(({ name }) => name === word);
  if (known !== undefined) return known;
  const [, name, url = ""] = /^(?:([\w-]{1,32})=)?([a-z]+:\/\/.+)$/.exec(word) ?? [];
  const read = fromUrl(url);
  return read && name !== undefined ? { ...read, name, operator: name } : read;
}

/** `https://host/path`, `dns://server/name?type=A&class=IN`, `stun://host`; `#name` asks a DNS name over HTTPS. */
function fromUrl(text: string): Provider | undefined {
  const url = URL.parse(text);
  if (url === null) return undefined;
  const scheme = url.protocol.slice(0, -1);
  const implied = defaultPorts[scheme];
  const host = url.hostname.replace(/^\[|\]$/g, "");
  // Nobody is signed in to, so credentials can only be a mistake.
  if (host === "" || implied === undefined || `${url.username}${url.password}` !== "") {
    return undefined;
  }
  const question = questionOf(url, scheme);
  if (question === "unknown") return undefined;
  return {
    name: host,
    operator: host,
    method: question === undefined ? methodOf(scheme) : "dns",
    families: familiesOf(host),
    scheme,
    host,
    port: Number(url.port) || implied,
    path: scheme.startsWith("http") ? `${url.pathname}${url.search}` : "/",
    ...defined("question", question),
  };
}

function methodOf(scheme: string): Method {
  return scheme === "stun" ? "stun" : "https";
}

function familiesOf(host: string): Provider["families"] {
  if (host.includes(":")) return six;
  return /^[\d.]+$/.test(host) ? four : both;
}

/** `unknown` for a type or class that a slip of the pen made. */
function questionOf(url: URL, scheme: string): Provider["question"] | "unknown" {
  if (scheme === "https" && url.hash !== "") {
    return { name: `${url.hash.slice(1)}.`, type: "TXT", class: "CH" };
  }
  if (scheme !== "dns") return undefined;
  const { searchParams, pathname } = url;
  const type = searchParams.get("type") ?? "A";
  const kind = searchParams.get("class") ?? "IN";
  const isKnown = ["A", "AAAA", "TXT"].includes(type) && ["IN", "CH"].includes(kind);
  return isKnown ? { name: `${pathname.slice(1)}.`, type, class: kind } : "unknown";
}
