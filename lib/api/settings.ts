/** Sonde's own settings, read once. What cannot be read closes everything, and says so. */
import type { Environment } from "../here.ts";
import { bannerOf } from "../platform/banner.ts";
import { parseTarget } from "../target.ts";

export const authModes = ["key", "easyauth", "anonymous"] as const;

/** How much one caller and one instance may ask: default and compiled ceiling. */
export const limitTable = {
  inFlight: { value: 64, most: 128, says: "probes under way on this instance" },
  perCaller: { value: 8, most: 64, says: "probes under way for one caller" },
  scrapes: { value: 48, most: 128, says: "scrapes of /probe under way for one caller" },
  light: { value: 60, most: 600, says: "light probes a minute for one caller" },
  medium: { value: 40, most: 400, says: "connecting probes a minute for one caller" },
  heavy: { value: 20, most: 200, says: "heavy probes a minute for one caller" },
  targets: { value: 50, most: 500, says: "different targets in ten minutes for one caller" },
  connects: { value: 30, most: 100, says: "connections a minute to one public address and port" },
} as const;

export type Limits = Readonly<Record<keyof typeof limitTable, number>>;

export interface Settings {
  readonly auth: (typeof authModes)[number];
  /** Afterwards only health answers: a forgotten scanner closes itself. */
  readonly expires: Date | undefined;
  readonly limits: Limits;
  /** Served by the embedded local host, and no sign of a platform. */
  readonly local: boolean;
  /** What is wrong with the settings, if anything; nothing is probed then. */
  readonly problem: string | undefined;
}

export function readSettings(environment: Environment, hosted: boolean): Settings {
  const auth = authModes.find((mode) => mode === (environment["SONDE_AUTH"] || "key"));
  const expires = dateIn(environment["SONDE_EXPIRES"] ?? "");
  const { limits, wrong } = readLimits(environment["SONDE_LIMITS"] ?? "");
  const problems = [
    auth === undefined ? `SONDE_AUTH must be one of ${authModes.join(", ")}` : undefined,
    Number.isNaN(expires?.getTime()) ? "SONDE_EXPIRES must be an ISO 8601 date" : undefined,
    wrong,
    wrongControlHost(environment["SONDE_CONTROL_HOSTS"] ?? ""),
    ...wrongLooks(environment),
  ];
  return {
    auth: auth ?? "key",
    expires,
    limits,
    local: environment["SONDE_LOCAL_HOST"] === "1" && !hosted,
    problem: problems.find((one) => one !== undefined),
  };
}

/** What is wrong with how and where Sonde shows itself. */
function wrongLooks(environment: Environment): readonly string[] {
  const banner = bannerOf(environment);
  return [
    ...("wrong" in banner ? [banner.wrong] : []),
    ...(pathPrefixOf(environment) === undefined
      ? ["SONDE_PATH_PREFIX is no path such as /tools/sonde"]
      : []),
  ];
}

/**
 * `SONDE_PATH_PREFIX`: the path below which a gateway publishes Sonde, `/tools/sonde`, without its slashes at
 * the ends; empty for none, undefined for what is no path.
 */
export function pathPrefixOf(environment: Environment): string | undefined {
  const path = (environment["SONDE_PATH_PREFIX"] ?? "").replace(/^\/+|\/+$/g, "");
  return /^(?:[A-Za-z0-9_~-]{1,64}(?:\/[A-Za-z0-9_~-]{1,64}){0,7})?$/.test(path) ? path : undefined;
}

function dateIn(text: string): Date | undefined {
  return text === "" ? undefined : new Date(text);
}

/** `host[:port]`, separated by spaces or commas. */
function wrongControlHost(text: string): string | undefined {
  const rules = { schemes: { tls: 443 }, otherwise: "tls" };
  const hosts = text.split(/[\s,]+/).filter((host) => host !== "");
  const place = hosts.findIndex((host) => "wrong" in parseTarget(host, rules));
  // What cannot be read may hold a secret, so its place is told and not its text.
  return place < 0 ? undefined : `SONDE_CONTROL_HOSTS: word ${place + 1} is no host[:port]`;
}

function defaults(): Record<keyof typeof limitTable, number> {
  const { inFlight, perCaller, scrapes, light, medium, heavy, targets, connects } = limitTable;
  return {
    inFlight: inFlight.value,
    perCaller: perCaller.value,
    scrapes: scrapes.value,
    light: light.value,
    medium: medium.value,
    heavy: heavy.value,
    targets: targets.value,
    connects: connects.value,
  };
}

/** `inFlight=32 light=120`: separated by spaces or commas, each from 1 to its compiled ceiling. */
function readLimits(text: string): { limits: Limits; wrong?: string } {
  const limits = defaults();
  const pairs = text.split(/[\s,;]+/).filter((one) => one !== "");
  for (const [index, pair] of pairs.entries()) {
    const [name = "", digits = ""] = pair.split("=");
    if (!isLimit(name)) {
      const known = Object.keys(limitTable).join(", ");
      return {
        limits: defaults(),
        wrong: `SONDE_LIMITS: word ${index + 1} is not one of ${known}`,
      };
    }
    const { most } = limitTable[name];
    const value = /^\d{1,6}$/.test(digits) ? Number(digits) : 0;
    if (value < 1 || value > most) {
      return { limits: defaults(), wrong: `SONDE_LIMITS: ${name} goes from 1 to ${most}` };
    }
    limits[name] = value;
  }
  return { limits };
}

function isLimit(name: string): name is keyof typeof limitTable {
  return Object.hasOwn(limitTable, name);
}

/** The limits in force, each with its ceiling and what it bounds. */
export function describeLimits(limits: Limits) {
  return Object.entries(limits).flatMap(([name, value]) => {
    if (!isLimit(name)) return [];
    const { most, says } = limitTable[name];
    return [{ name, value, ceiling: most, says }];
  });
}
