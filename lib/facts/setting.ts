import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";

const facts = z.object({
  name: z.string().describe("The setting, as the app knows it"),
  kind: z
    .enum(["app setting", "connection string"])
    .describe("Among which of its configuration the app has it"),
  targets: z
    .array(z.string())
    .describe("The places it names: scheme, host and port. Nothing else of its value is kept"),
  reference: z
    .enum(["Key Vault", "App Configuration"])
    .optional()
    .describe("Its value is a reference that the platform did not resolve; the place is the store"),
});

export const settingSheet = {
  name: "setting",
  proves: "the setting names a place",
  facts,
  lines: [
    line(facts, "Setting", ["name", "targets"], ({ name, targets }) => [
      `${name} names ${targets.join(", ")}; the rest of its value was not kept`,
    ]),
    line(
      facts,
      "Reference",
      ["reference"],
      ({ reference }) => `to ${reference}, and not resolved: the place is the store`,
    ),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"setting", typeof facts>;
