/** Input fields that several probes share, so that a name means the same everywhere. */
import * as z from "zod";
import { connectionIn, placesIn } from "./platform/connection-string.ts";
import { defined } from "./platform/values.ts";
import { canonicalHost, formatAddress } from "./policy/address.ts";
import { placeOf, urlHost } from "./protocols/authority.ts";
import { parseTarget, type Target, type TargetRules } from "./target.ts";

export const timeoutMs = z
  .int()
  .min(1)
  .max(30_000)
  .default(5000)
  .describe("How long one stage may wait for the network, in milliseconds");

/** A target in the caller's spelling, read into its parts by the rules of the probe. */
export function target(rules: TargetRules, summary: string) {
  return z
    .string()
    .describe(summary)
    .transform((text, check): Target => {
      const parsed = parseTarget(text, rules);
      if (!("wrong" in parsed)) return parsed;
      check.addIssue({ code: "custom", message: parsed.wrong });
      return z.NEVER;
    });
}

/** The same, or a connection string with one place in it: the rest of that is forgotten here. */
export function targetOrConnection(rules: TargetRules, summary: string) {
  const plain = target(rules, summary);
  return z
    .string()
    .describe(summary)
    .transform((text, check): Target => {
      const connection = connectionIn(text);
      const parsed = plain.safeParse(connection?.place ?? text);
      if (parsed.success) return { ...parsed.data, ...defined("connection", connection) };
      if (placesIn(text)?.length === 0) {
        const message = "no host and port can be read of this connection string: give host:port";
        check.addIssue({ code: "custom", message });
        return z.NEVER;
      }
      for (const { message } of parsed.error.issues) check.addIssue({ code: "custom", message });
      return z.NEVER;
    });
}

/** The port of a place that was named without one: whoever asked knows which is meant. */
const NO_PORT = 0;

/** `host[:port]`, without scheme and path. */
export function place(summary: string, port: "needed" | "optional") {
  const rules = { schemes: { http: NO_PORT }, otherwise: "http" };
  return target(rules, summary)
    .refine(({ path }) => path === "/", {
      error: "only a host and a port are taken here, no path",
    })
    .refine((named) => port === "optional" || named.port !== NO_PORT, {
      error: "a port is needed, as in proxy.example.com:3128",
    });
}

/** The value of a Host header: `host` or `host:port`. */
export function authority(summary: string) {
  return place(summary, "optional").transform(({ host, port }) =>
    port === NO_PORT ? urlHost(host) : placeOf({ host, port }),
  );
}

/** What a certificate may be for: a name as DNS has it, or an address. */
export function certifiedName(summary: string) {
  return z
    .string()
    .describe(summary)
    .transform((text, check): string => {
      const host = canonicalHost(text);
      if (host.kind === "name") return host.name;
      if (host.kind === "address") return formatAddress(host.address);
      check.addIssue({ code: "custom", message: host.why });
      return z.NEVER;
    });
}

/** What is sent as SNI: a name and never an address (RFC 6066 §3), or nothing at all. */
export function serverName(summary: string) {
  return z
    .string()
    .describe(summary)
    .transform((text, check): string => {
      const host = canonicalHost(text);
      if (text === "") return text;
      if (host.kind === "name") return host.name;
      const message =
        host.kind === "wrong"
          ? host.why
          : "an address is never sent as SNI: leave it empty, and say it as checkName";
      check.addIssue({ code: "custom", message });
      return z.NEVER;
    });
}

/** Instances of this deployment, as reports name them. */
export const seen = z
  .string()
  .max(2000)
  .regex(/^[\w.,-]*$/, "names of instances are needed, separated by commas")
  .default("")
  .transform((text) => text.split(",").filter(Boolean))
  .describe("Instances that answered before, separated by commas");
