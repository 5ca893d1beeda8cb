/** What can be asked of `dns`. */
import { domainToASCII } from "node:url";
import * as z from "zod";
import * as field from "../fields.ts";
import { nameFault, reverseName } from "../protocols/dns/name.ts";
import { knownTypes, typeName, typeNumber } from "../protocols/dns/types.ts";

const schemes = { dns: 53, udp: 53, tcp: 53, tls: 853, https: 443 };

/** `30s`, `2m`, `500ms` or seconds, as milliseconds; undefined for anything else. */
function durationMs(text: string): number | undefined {
  const [, digits, unit = "s"] = /^(\d{1,6})(ms|s|m)?$/.exec(text) ?? [];
  const factor = { ms: 1, s: 1000, m: 60_000 }[unit];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

const watch = z
  .union([z.int(), z.string()])
  .transform((given, check) => {
    const ms = durationMs(String(given));
    if (ms !== undefined && ms <= 60_000) return ms;
    check.addIssue({ code: "custom", message: "use 30s, 1m or seconds; a minute at most" });
    return z.NEVER;
  })
  .default(0)
  .describe("Ask again whenever the answer's TTL ends, for so long: `30s`, `1m` or seconds");

const edns = z
  .union([z.int(), z.string()])
  .transform((given, check) => {
    if (given === "off") return given;
    const size = /^\d{3,5}$/.test(String(given)) ? Number(given) : 0;
    if (size >= 512 && size <= 0xffff) return size;
    check.addIssue({ code: "custom", message: "use a size from 512 to 65535, or off" });
    return z.NEVER;
  })
  .default(1232)
  .describe("The size of UDP answers that is offered, or `off` to ask without EDNS");

/** What belongs to a URL or to an address with a port; after a backslash anything may stand. */
function strayIn(text: string): string | undefined {
  const bare = text.replaceAll(/\\./gs, "");
  const stray = /[:@?#%[\]]/.exec(bare)?.[0];
  // RFC 2317 §4: a part of a network has its reverse zone at a name such as 0/25.2.0.192.in-addr.arpa.
  return stray ?? (/\.arpa\.?$/i.test(bare) ? undefined : /\//.exec(bare)?.[0]);
}

/** Why this is no name to ask for, before it is read as one. */
function misreadAs(text: string): string | undefined {
  const stray = strayIn(text);
  if (stray !== undefined) {
    return `a name is needed, without scheme, port or path: a ${stray} that belongs to it is written \\${stray}`;
  }
  // WHATWG URL §3.5, and getaddrinfo as well: 10.1 would be read as 10.0.0.1.
  if (/(?:^|\.)(?:\d+|0x[\da-f]*)$/i.test(text)) {
    return "an address has four numbers from 0 to 255; a name that ends in a number is written with its final dot";
  }
  if (/[^\0-\x7f]/.test(text) && text.includes("\\")) {
    return "a name with letters beyond ASCII holds no escapes";
  }
  return undefined;
}

/** Only letters beyond ASCII are translated: what reads names for URLs would cut and decode the rest. */
function aLabelsOf(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text.toLowerCase() : domainToASCII(text);
}

const name = z
  .string()
  .min(1)
  .max(1024)
  .transform((text, check) => {
    const reverse = reverseName(text.replace(/^\[(.*)\]$/, "$1"));
    if (reverse !== undefined) return reverse;
    const found = aLabelsOf(text);
    const nothing = found === "" ? "it is not a domain name" : undefined;
    const fault = misreadAs(text) ?? nothing ?? misreadAs(found) ?? nameFault(found);
    if (fault !== undefined) check.addIssue({ code: "custom", message: fault });
    return found;
  })
  .describe("The name to ask for; an address asks for its PTR record");

const fields = z.strictObject({
  name,
  type: z
    .array(
      z
        .string()
        .toUpperCase()
        .refine((type) => typeNumber(type) !== undefined, {
          error: `use one of ${knownTypes.join(", ")}, or TYPE followed by a number`,
        })
        // TYPE65 is HTTPS: an answer is compared by the name of its type.
        .transform((type) => typeName(typeNumber(type) ?? 0)),
    )
    .max(4)
    .default([])
    .describe("The record types; A unless the name is an address"),
  class: z.enum(["IN", "CH", "HS"]).default("IN").describe("The class; CH for version.bind"),
  server: z
    .array(field.target({ schemes, otherwise: "dns" }, "A server"))
    .max(8)
    .default([])
    .describe(
      "Ask only these servers: address[:port], udp://, tcp://, tls:// or https://host/path; the default " +
        "is the system resolver and all configured ones",
    ),
  views: z
    .enum(["configured", "all"])
    .default("configured")
    .describe("`all` asks c-ares too, and the configured servers beside those of `server`"),
  azure: z
    .boolean()
    .optional()
    .describe("Ask Azure's own 168.63.129.16 as a second opinion; by itself only on Azure"),
  control: z
    .boolean()
    .optional()
    .describe("Put control questions to each server; by itself when something fails"),
  rd: z.boolean().default(true).describe("Recursion desired"),
  cd: z.boolean().default(false).describe("Checking disabled: answer what does not validate, too"),
  do: z.boolean().default(false).describe("DNSSEC OK: send signatures along"),
  edns,
  nsid: z.boolean().default(false).describe("Ask the server to name itself"),
  cookie: z.boolean().default(false).describe("Send a DNS cookie along"),
  doh: z.enum(["POST", "GET"]).default("POST").describe("How HTTPS carries the question"),
  trace: z
    .boolean()
    .default(false)
    .describe("Go down the tree instead, from `server` or the root, zone by zone"),
  tries: z.int().min(1).max(5).default(2).describe("Questions over UDP before silence is believed"),
  watch,
  timeoutMs: field.timeoutMs,
});

const asksMore = (asked: z.output<typeof fields>) =>
  asked.watch > 0 || asked.views === "all" || asked.control === true;

/** A trace goes down for one type, once, and asks nobody beside the way. */
export const input = fields
  .refine(({ trace, type }) => !trace || new Set(type).size < 2, {
    path: ["type"],
    error: "trace=1 goes down for one type",
  })
  .refine((asked) => !asked.trace || !asksMore(asked), {
    path: ["trace"],
    error: "trace=1 asks nobody beside the way down: leave watch, views and control out",
  });

export type Asked = z.output<typeof input>;
