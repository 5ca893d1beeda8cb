/** Input fields that several probes share, so that a name means the same everywhere. */
import * as z from "zod";
import { connectionIn, placesIn } from "./platform/connection-string.ts";
import { defined } from "./platform/values.ts";
import { canonicalHost, formatAddress, type Host } from "./policy/address.ts";
import { placeOf, urlHost } from "./protocols/authority.ts";
import { parseTarget, type Target, type TargetRules, type Wrong } from "./target.ts";

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

/** A host that somebody typed, in the form that is meant here, or what is wrong with it. */
function hostAs(summary: string, read: (host: Host, text: string) => string | Wrong) {
  return z
    .string()
    .describe(summary)
    .transform((text, check): string => {
      const found = read(canonicalHost(text), text);
      if (typeof found === "string") return found;
      check.addIssue({ code: "custom", message: found.wrong });
      return z.NEVER;
    });
}

/** What a certificate may be for: a name as DNS has it, or an address. */
export function certifiedName(summary: string) {
  return hostAs(summary, (host) => {
    if (host.kind === "wrong") return { wrong: host.why };
    return host.kind === "name" ? host.name : formatAddress(host.address);
  });
}

/** What is sent as SNI: a name and never an address (RFC 6066 §3), or nothing at all. */
export function serverName(summary: string) {
  return hostAs(summary, (host, text) => {
    if (text === "") return text;
    if (host.kind === "wrong") return { wrong: host.why };
    if (host.kind === "name") return host.name;
    return { wrong: "an address is never sent as SNI: leave it empty, and say it as checkName" };
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
