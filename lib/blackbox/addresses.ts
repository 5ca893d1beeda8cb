/** Which address of a name is dialled, and from which: the same options for several probers. */
import * as z from "zod";
import { flag } from "./form.ts";

export const preferenceKeys = {
  preferred_ip_protocol: z.enum(["ip4", "ip6"], "use ip4 or ip6").default("ip6"),
  ip_protocol_fallback: flag.default(true),
};

export function preference(given: {
  readonly preferred_ip_protocol: "ip4" | "ip6";
  readonly ip_protocol_fallback: boolean;
}) {
  const family = given.preferred_ip_protocol === "ip4" ? (4 as const) : (6 as const);
  return { family, fallback: given.ip_protocol_fallback };
}

export const oneSource = "the platform gives an app one source address, and no choice of it";
