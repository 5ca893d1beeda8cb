/** Header dumps of real ingresses, anonymised, each with what must be read from it. */
import { readdirSync, readFileSync } from "node:fs";
import * as z from "zod";
import type { Environment } from "../../lib/here.ts";

const dump = z.object({
  name: z.string(),
  diagnosis: z.string(),
  headers: z.record(z.string(), z.string()),
  expected: z.object({
    on: z.enum(["app-service", "elsewhere"]),
    client: z.object({
      address: z.string().optional(),
      port: z.number().optional(),
      confidence: z.string(),
    }),
    hops: z.array(z.string()),
    confidences: z.array(z.string()).optional(),
    tls: z.array(z.string()),
    tlsEnd: z.string(),
    judged: z.string().nullable(),
    purpose: z.string().optional(),
    findings: z.array(z.string()),
    tlsVersion: z.string().optional(),
    scheme: z.string().optional(),
    /** Where the client asked another name than the app was asked by. */
    publicHost: z.string().optional(),
    zone: z.string().optional(),
    embedded: z.string().optional(),
    detail: z.record(z.string(), z.record(z.string(), z.string())).optional(),
    certificate: z.record(z.string(), z.unknown()).optional(),
    masked: z.array(z.string()),
    secrets: z.array(z.string()).default([]),
  }),
});

export type Dump = z.infer<typeof dump>;

const folder = new URL("dumps/", import.meta.url);

export const dumps: readonly Dump[] = readdirSync(folder)
  .toSorted()
  .map((file) => dump.parse(JSON.parse(readFileSync(new URL(file, folder), "utf8"))));

/** A process on App Service, and one that shows no sign of any platform. */
export const environments: Readonly<Record<Dump["expected"]["on"], Environment>> = {
  "app-service": { WEBSITE_INSTANCE_ID: "f".repeat(64), WEBSITE_SITE_NAME: "contoso" },
  elsewhere: {},
};
