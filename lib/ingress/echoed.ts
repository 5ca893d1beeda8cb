/**
 * What the report of another Sonde's echo says. It is a foreign answer: only addresses, words from
 * closed lists and plain names are taken from it.
 */
import * as z from "zod";
import { formatAddress, parseAddress } from "../policy/address.ts";
import { isName } from "../platform/values.ts";
import { parseJson } from "../protocols/json.ts";
import { ruleKinds, sourceFamilies } from "./judged.ts";
import { hopConfidences, hopKinds } from "./seen.ts";

const address = z
  .string()
  .transform((text, check) => {
    const found = parseAddress(text);
    if (found !== undefined) return formatAddress(found);
    check.addIssue({ code: "custom", message: "no address" });
    return z.NEVER;
  })
  .optional()
  .catch(undefined);
const name = z.string().refine(isName).optional().catch(undefined);

const report = z.object({
  probe: z.literal("echo"),
  result: z.object({
    arrive: z.object({
      scheme: z.enum(["http", "https"]).optional().catch(undefined),
      client: z.object({
        address,
        port: z.int().min(0).max(65_535).optional().catch(undefined),
        confidence: z.enum(hopConfidences),
      }),
      hops: z.array(z.object({ kind: z.enum(hopKinds) })).max(32),
      judged: z
        .object({
          by: z.enum(hopKinds),
          family: z.enum(sourceFamilies),
          address,
          embedded: address,
          rules: z.array(z.enum(ruleKinds)),
        })
        .optional()
        .catch(undefined),
      tlsEnd: z
        .object({ at: z.enum([...hopKinds, "nowhere", "unknown"]) })
        .optional()
        .catch(undefined),
    }),
  }),
  vantage: z.object({ app: name, platform: name, plan: name, region: name, version: name }),
});

/** Undefined when it is not the report of an echo. Never throws. */
export function readEchoed(text: string) {
  const read = report.safeParse(parseJson(text));
  if (!read.success) return undefined;
  const { arrive } = read.data.result;
  const { client, hops, judged, tlsEnd, scheme } = arrive;
  return {
    ...(client.address === undefined ? {} : { seenAs: { ...client, address: client.address } }),
    ...(judged === undefined ? {} : { judged }),
    ...(scheme === undefined ? {} : { scheme }),
    ...(tlsEnd === undefined ? {} : { tlsEnd: tlsEnd.at }),
    way: hops.map(({ kind }) => kind),
    there: read.data.vantage,
  };
}
