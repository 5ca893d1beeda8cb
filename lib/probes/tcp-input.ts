/** What can be asked of `tcp`. */
import * as z from "zod";
import * as field from "../fields.ts";
import { schemePorts } from "../walks.ts";

/** What all attempts and pauses of a repeated run may take together. */
export const MOST_MS = 55_000;

/** What the parameters for them hold where they are not asked for. */
const unasked = new Set<unknown>([1, false, undefined]);

const place = (summary: string) =>
  field.target({ schemes: schemePorts, otherwise: "tcp" }, summary);

/** Ways to go on once connected, of which one is chosen at most. */
const manners = ["count", "parallel", "banner", "idleMs", "size"] as const;

/** Whoever answers a request of HTTP says that it came through. */
const answering = ["http", "https", "tls"];

export const input = z
  .strictObject({
    target: place("host:port, [v6]:port or a URL; a name is resolved as the application would"),
    count: z.int().min(1).max(100).default(1).describe("How often each address is connected to"),
    parallel: z
      .int()
      .min(1)
      .max(32)
      .default(1)
      .describe("How many connections are opened to each address at once, instead of count"),
    control: z
      .array(place("A target to compare with, host:port"))
      .max(3)
      .default([])
      .describe(
        "Targets connected to once in the same run, to compare with: one private, one public",
      ),
    intervalMs: z
      .int()
      .min(0)
      .max(10_000)
      .default(100)
      .describe("Pause between two attempts, in milliseconds"),
    banner: z
      .boolean()
      .default(false)
      .describe("Listens to what the server says first, up to 1 KiB, and names its protocol"),
    idleMs: z
      .int()
      .min(1000)
      .max(200_000)
      .optional()
      .describe(
        "Keeps a connection silent for so long, in milliseconds, and then sends an empty line: is it still there?",
      ),
    size: z
      .enum(["ladder"])
      .optional()
      .describe(
        "Sends the same request in several sizes: does the path lose large packets? For http:// and https://",
      ),
    timeoutMs: field.timeoutMs
      .unwrap()
      .optional()
      .describe("How long one attempt may wait; 5000, or less when many have to fit into a minute"),
  })
  .superRefine((asked, check) => {
    const [first, second] = manners.filter((name) => !unasked.has(asked[name]));
    if (first === undefined || second === undefined) return;
    const message = `${first} and ${second} exclude each other: ask twice`;
    check.addIssue({ code: "custom", path: [second], message });
  })
  .refine(({ size, target }) => size === undefined || answering.includes(target.scheme), {
    path: ["size"],
    error: "a ladder of sizes needs a target that answers: https:// or http://",
    when: ({ issues }) => issues.length === 0,
  })
  .refine(({ count, intervalMs, timeoutMs = 1 }) => count * (intervalMs + timeoutMs) <= MOST_MS, {
    path: ["count"],
    error: `count × (intervalMs + timeoutMs) must fit into ${MOST_MS} ms`,
    when: ({ issues }) => issues.length === 0,
  });

export type Asked = z.output<typeof input>;
