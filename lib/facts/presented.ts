/** Which certificate an address answers with, asked for a name and asked for none. */
import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { validity } from "./certificate.ts";
import { line } from "./read.ts";

const shown = z.object({
  subject: z.string().optional(),
  issuer: z.string().optional(),
  names: z.array(z.string()).optional(),
  sha1: z.string().optional(),
  daysLeft: z.number().optional(),
  isForName: z.boolean().optional().describe("Whether it is for the name that was looked up"),
  refused: z.string().optional().describe("The code, where no handshake was completed"),
});

const facts = z.object({
  servername: z.string().describe("Sent as SNI the first time"),
  withName: shown,
  withoutName: shown.describe("Without SNI: what the address answers by default"),
  same: z.boolean().optional().describe("Both are the same certificate"),
});

type Shown = z.infer<typeof shown>;

function sentence({ subject, issuer, isForName, refused, daysLeft }: Shown): string {
  if (refused !== undefined) return `no certificate: ${refused}`;
  const fits = isForName === true ? "for this name" : "not for this name";
  const ends = daysLeft === undefined ? [] : [validity(daysLeft)];
  return [subject ?? "nobody", `issued by ${issuer ?? "nobody"}`, ...ends, fits].join(", ");
}

export const presentedSheet = {
  name: "presented",
  proves: "the address answers TLS",
  facts,
  lines: [
    line(facts, "With SNI", ["withName", "servername"], (seen) => sentence(seen.withName)),
    line(facts, "Without SNI", ["withName", "withoutName"], ({ withName, withoutName }) =>
      withName.sha1 !== undefined && withName.sha1 === withoutName.sha1
        ? "the same certificate"
        : sentence(withoutName),
    ),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"presented", typeof facts>;

export type PresentedCertificate = Shown;
