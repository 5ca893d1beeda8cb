import * as z from "zod";
import type { FactSheet } from "../stage.ts";
import { line } from "./read.ts";

const facts = z.object({
  user: z.string().describe("Made up, and meant to be refused"),
  database: z.string().optional(),
  encrypted: z.boolean().describe("Whether the login itself travelled inside TLS"),
  outcome: z.enum(["refused", "accepted", "routed"]),
  errors: z.array(
    z.object({
      number: z.int(),
      state: z.int(),
      severity: z.int(),
      message: z.string(),
      server: z.string(),
    }),
  ),
  seenAs: z.string().optional().describe("The address that the server's firewall saw"),
  route: z
    .object({ host: z.string(), port: z.int(), database: z.string().optional() })
    .optional()
    .describe("Where the server sends the client instead"),
});

const ends = {
  accepted: "the login was accepted",
  routed: "the login is sent on to another place",
} as const;

export const loginSheet = {
  name: "login",
  proves: "a login is read and answered: the whole way to the server works",
  facts,
  headline: line(facts, "Login", ["outcome", "errors"], ({ outcome, errors }) =>
    outcome === "refused"
      ? `the login was read and refused, as it must be (error ${errors[0]?.number})`
      : ends[outcome],
  ),
  lines: [
    line(facts, "Login", ["user", "outcome"], (seen) => `${seen.user}: ${seen.outcome}`),
    line(facts, "Errors", ["errors"], ({ errors }) =>
      errors.map((one) => `${one.number} state ${one.state}: ${one.message}`),
    ),
    line(facts, "Seen as", ["seenAs"], ({ seenAs }) => seenAs),
    line(facts, "Route", ["route"], ({ route }) => `${route.host}:${route.port}`),
  ],
  gauges: [],
  expect: {},
} as const satisfies FactSheet<"login", typeof facts>;
