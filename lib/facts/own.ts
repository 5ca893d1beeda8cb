/** By which door a name of the app leads in. */
import * as z from "zod";
import { entries, nameRoles } from "../platform/entry.ts";
import type { FactSheet } from "../stage.ts";
import { line, oneOf } from "./read.ts";

const facts = z.object({
  name: z.string(),
  role: z.enum(nameRoles).describe("`scm` is the deployment site, Kudu"),
  entry: z.enum(entries),
  why: z.string(),
  addresses: z
    .array(z.object({ address: z.string(), class: z.string() }))
    .describe("What this app resolves it to"),
  aliases: z.array(z.string()).describe("That any view showed on the way"),
});

export const ownSheet = {
  name: "own",
  proves: "it is known by which door a name of the app leads in",
  facts,
  headline: line(facts, "Entry", ["name", "entry"], ({ name, entry }) => `${name}: ${entry}`),
  lines: [
    line(facts, "Name", ["name", "role"], ({ name, role }) => `${name} (${role})`),
    line(facts, "Leads to", ["entry", "why"], ({ entry, why }) => `${entry}: ${why}`),
    line(facts, "Aliases", ["aliases"], ({ aliases }) =>
      aliases.length === 0 ? undefined : aliases.join(" -> "),
    ),
  ],
  gauges: [],
  expect: {
    entry: oneOf(facts, "entry", "The door that each name leads to, such as private-endpoint"),
  },
} as const satisfies FactSheet<"own", typeof facts>;
