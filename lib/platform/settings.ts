/**
 * The network settings of an app as its app settings tell them: what two apps are compared by. Of a proxy
 * only host and port are kept, of a path only that there is one, and nothing at all of other settings.
 */
import { createHash } from "node:crypto";
import { isAddress } from "./values.ts";

export type Aspect = "dns" | "routing" | "certificates" | "proxies";

type Keep = (value: string) => string;

const list: Keep = (value) =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter(isAddress)
    .join(",");
const digits: Keep = (value) => /^\d{1,4}/.exec(value)?.[0] ?? SET;
const truth: Keep = (value) => String(["1", "true"].includes(value.toLowerCase()));
const SET = "set";
const isSet: Keep = () => SET;
const thumbprints: Keep = (value) =>
  value
    .split(",")
    .map((part) => part.trim().toUpperCase())
    .filter((part) => part === "*" || /^[0-9A-F]{40}$/.test(part))
    .toSorted()
    .join(",");

/** A proxy may be given with or without a scheme, and with credentials. */
const place: Keep = (value) => {
  const url = URL.parse(value.includes("://") ? value : `http://${value}`);
  return url === null || url.hostname === ""
    ? SET
    : `${url.hostname}:${url.port || (url.protocol === "https:" ? "443" : "80")}`;
};

const table: Readonly<Record<string, readonly [Aspect, Keep]>> = {
  WEBSITE_DNS_SERVER: ["dns", list],
  WEBSITE_DNS_ALT_SERVER: ["dns", list],
  WEBSITE_DNS_TIMEOUT: ["dns", digits],
  WEBSITE_DNS_ATTEMPTS: ["dns", digits],
  WEBSITE_DNS_MAX_CACHE_TIMEOUT: ["dns", digits],
  WEBSITE_VNET_ROUTE_ALL: ["routing", truth],
  WEBSITE_CONTENTOVERVNET: ["routing", truth],
  WEBSITE_PULL_IMAGE_OVER_VNET: ["routing", truth],
  WEBSITE_LOAD_CERTIFICATES: ["certificates", thumbprints],
  NODE_EXTRA_CA_CERTS: ["certificates", isSet],
  SSL_CERT_FILE: ["certificates", isSet],
  SSL_CERT_DIR: ["certificates", isSet],
  HTTP_PROXY: ["proxies", place],
  HTTPS_PROXY: ["proxies", place],
  ALL_PROXY: ["proxies", place],
  NO_PROXY: ["proxies", isSet],
};

export interface Setting {
  readonly name: string;
  readonly aspect: Aspect;
  /** What was kept of its value. */
  readonly value: string;
}

/** The network settings among some pairs, by name; names of proxies in upper case. */
export function networkSettings(
  pairs: Iterable<readonly [name: string, value: string | undefined]>,
): readonly Setting[] {
  const found = new Map<string, Setting>();
  for (const [given, value = ""] of pairs) {
    const name = given.endsWith("_proxy") ? given.toUpperCase() : given;
    const row = Object.hasOwn(table, name) ? table[name] : undefined;
    if (row === undefined || value === "") continue;
    const [aspect, keep] = row;
    found.set(name, { name, aspect, value: keep(value) });
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether one of an aspect was kept as set alone: then equal sides may still differ. */
export function isHidden(settings: readonly Setting[], aspect: Aspect): boolean {
  return settings.some((one) => one.aspect === aspect && (one.value === SET || one.value === ""));
}

/** Equal for equal network settings. It tells nothing else, and holds for app settings alone. */
export function fingerprint(settings: readonly Setting[]): string {
  const text = settings.map(({ name, value }) => `${name}=${value}`).join("\n");
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
