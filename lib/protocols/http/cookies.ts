/** The cookies that one chain of redirects is given, and is asked for again. RFC 6265 §5. */

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** Only for the host that set it. */
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
}

export interface Jar {
  /** Takes what an answer sets. */
  keep(url: URL, lines: readonly string[]): void;
  /** What a request to this URL sends; nothing when there is nothing. */
  cookiesFor(url: URL): string | undefined;
}

/** A server may set any number; a chain of redirects needs few. */
const MOST = 50;
const LONGEST = 4096;

export function cookieJar(): Jar {
  const kept: Cookie[] = [];
  return {
    keep(url, lines) {
      for (const line of lines) {
        const cookie = line.length > LONGEST ? undefined : read(line, url);
        if (cookie === undefined) continue;
        const before = kept.findIndex((one) => same(one, cookie));
        if (before >= 0) kept.splice(before, 1);
        if (kept.length < MOST && !isGone(line)) kept.push(cookie);
      }
    },
    cookiesFor(url) {
      const fit = kept.filter((cookie) => fits(cookie, url));
      return fit.length === 0 ? undefined : fit.map((one) => `${one.name}=${one.value}`).join("; ");
    },
  };
}

function read(line: string, url: URL): Cookie | undefined {
  const [pair = "", ...attributes] = line.split(";");
  const [, name = "", value = ""] = /^\s*([^=\s][^=]*?)\s*=\s*(.*?)\s*$/s.exec(pair) ?? [];
  // What is not printable ASCII would not fit into a request's head.
  if (name === "" || !/^[\x21-\x7e]*$/.test(name + value)) return undefined;
  const said = new Map(attributes.map((one) => attribute(one)));
  const place = placeOf(said.get("domain") ?? "", url.hostname);
  if (place === undefined) return undefined;
  return { name, value, ...place, path: pathOf(said.get("path"), url), secure: said.has("secure") };
}

function placeOf(said: string, hostname: string): Pick<Cookie, "domain" | "hostOnly"> | undefined {
  const domain = said.replace(/^\./, "").toLowerCase();
  if (domain === "" || domain === hostname) return { domain: hostname, hostOnly: true };
  return below(hostname, domain) ? { domain, hostOnly: false } : undefined;
}

/** RFC 6265 §5.1.4: up to the last slash of where it came from, unless it says so itself. */
function pathOf(said: string | undefined, { pathname }: URL): string {
  return said?.startsWith("/") === true ? said : pathname.replace(/\/[^/]*$/, "") || "/";
}

function attribute(text: string): [name: string, value: string] {
  const [name = "", ...rest] = text.split("=");
  return [name.trim().toLowerCase(), rest.join("=").trim()];
}

function same(one: Cookie, other: Cookie): boolean {
  return one.name === other.name && one.domain === other.domain && one.path === other.path;
}

/** How a server takes a cookie back. */
function isGone(line: string): boolean {
  const age = /;\s*max-age\s*=\s*(-?\d+)/i.exec(line)?.[1];
  if (age !== undefined) return Number(age) <= 0;
  const date = Date.parse(/;\s*expires\s*=\s*([^;]+)/i.exec(line)?.[1] ?? "");
  return date < Date.now();
}

/** A name below a domain of at least two labels; addresses are below nothing. */
function below(host: string, domain: string): boolean {
  if (host === domain) return true;
  return domain.includes(".") && /[a-z]/i.test(host) && host.endsWith(`.${domain}`);
}

function fits({ domain, hostOnly, path, secure }: Cookie, url: URL): boolean {
  if (hostOnly ? url.hostname !== domain : !below(url.hostname, domain)) return false;
  if (secure && url.protocol !== "https:") return false;
  const inside = path.endsWith("/") ? path : `${path}/`;
  return url.pathname === path || url.pathname.startsWith(inside);
}
