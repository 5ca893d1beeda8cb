/** The words of hop inference: what was seen, and what a hop is. */
import type { Platform } from "../platform/detect.ts";
import { type Headers, valueOf } from "./headers.ts";
import { maskText } from "./mask.ts";

export const hopKinds = [
  "client",
  "front-door",
  "application-gateway",
  "api-management",
  "static-web-apps",
  "app-service-front-end",
  "container-apps-envoy",
  "proxy",
  "worker",
] as const;

/**
 * `proven`: said by a header that the last trusted hop overwrites. `likely`: said by a header, and
 * something that cannot be forged agrees. `claimed`: anyone able to reach this process could say it.
 */
export const hopConfidences = ["proven", "likely", "claimed"] as const;

/** How the request came into a hop; `none` for the client, where it began. */
export const legKinds = ["none", "tls", "plain", "unknown"] as const;

export type HopKind = (typeof hopKinds)[number];
export type HopConfidence = (typeof hopConfidences)[number];

export interface Leg {
  readonly tls: (typeof legKinds)[number];
  /** `1.3`, where a header says so. */
  readonly tlsVersion?: string;
}

/** A hop before it is known how the request came into it. */
export interface Found {
  readonly kind: HopKind;
  readonly confidence: HopConfidence;
  /** Names of the headers that say so; for the worker, the platform. */
  readonly evidence: readonly string[];
  /** What the hop says of itself: ids for its logs, the app it routed to. */
  readonly detail?: Readonly<Record<string, string>>;
}

export type Hop = Found & Leg;

export interface Seen {
  readonly headers: Headers;
  readonly platform: Platform;
  /** Of the URL as the runtime gives it: `http` or `https`. */
  readonly scheme?: string;
}

/** Those of the names that arrived with a value. */
export function present(headers: Headers, names: readonly string[]): readonly string[] {
  return names.filter((name) => valueOf(headers, name) !== undefined);
}

/** The parts that are known, as an optional `detail`. Anyone may have written them: secrets go. */
export function detailOf(
  parts: Readonly<Record<string, string | undefined>>,
): Pick<Found, "detail"> {
  const known = Object.entries(parts).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, maskText(value)]],
  );
  return known.length === 0 ? {} : { detail: Object.fromEntries(known) };
}

/** How many passes through front ends are left; IIS and YARP count down from 10. */
export function forwardsLeft(headers: Headers): number | undefined {
  const text = valueOf(headers, "max-forwards");
  return text !== undefined && /^\d{1,2}$/.test(text) ? Number(text) : undefined;
}
