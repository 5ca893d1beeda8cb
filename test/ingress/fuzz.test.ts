/** Anything may stand in a header: whatever arrives is read, bounded, and shown without its secrets. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { arriveSheet } from "../../lib/facts/arrive.ts";
import { headerRows } from "../../lib/ingress/headers.ts";
import { terminal } from "../../lib/surfaces/safe.ts";
import { containerApp, site } from "./walking.ts";
import { arriveWith } from "../stages/arriving.ts";
import { dumps } from "./dump.ts";

const seeds = dumps.flatMap(({ headers }) => Object.entries(headers));
const names = headerRows.map(({ name }) => name.replace("*", "x"));

/** Recorded values, whole, cut, joined and repeated, and what nobody ever sent. */
const value = fc.oneof(
  fc.constantFrom(...seeds.map(([, text]) => text)),
  fc
    .tuple(fc.constantFrom(...seeds.map(([, text]) => text)), fc.nat(400))
    .map(([text, end]) => text.slice(0, end)),
  fc
    .array(fc.constantFrom(...seeds.map(([, text]) => text)), { maxLength: 4 })
    .map((all) => all.join(",")),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.constantFrom(
    '"',
    '\\"',
    ";;;===",
    "a=b;".repeat(500),
    "%".repeat(999),
    "__proto__=1",
    "for=[",
    "(((",
  ),
);
const headers = fc.array(
  fc.tuple(fc.oneof(fc.constantFrom(...names, "__proto__", "constructor"), fc.string()), value),
  { maxLength: 12 },
);
const environment = fc.constantFrom(site, containerApp, {}, { ...site, WEBSITE_AUTH_ENABLED: "1" });

test("every combination is read, whole under the sheet's schema, and its lines can be printed", async () => {
  await fc.assert(
    fc.asyncProperty(headers, environment, async (sent, place) => {
      const facts = await arriveWith({ headers: sent }, place);
      const read = arriveSheet.facts.safeParse(facts);
      expect(read.error).toBeUndefined();
      expect(facts.headers?.map(({ name }) => name)).toEqual(sent.map(([name]) => name));
      for (const line of arriveSheet.lines) {
        if (!line.needs.every((need) => need in facts)) continue;
        for (const said of [line.say(facts)].flat()) {
          if (said !== undefined) expect(terminal(terminal(said))).toBe(terminal(said));
        }
      }
      expect(Object.hasOwn(Object.prototype, "1")).toBe(false);
    }),
    { numRuns: 200 },
  );
}, 120_000);

/** Twice as much as the Functions host takes of headers in all. */
const MOST = 64 * 1024;

/** Generous: a busy machine is slow, and what grows with the square would take minutes. */
const BOUND_MS = 3_000;

/** One name for each way of reading and masking. */
const kinds = Object.values(
  Object.groupBy(headerRows, ({ grammar, mask }) => `${grammar} ${mask}`),
).map((rows) => rows?.[0]?.name.replace("*", "x") ?? "");

test.each([...kinds, "x-unknown"])(
  "the longest %s takes no more than it should",
  async (name) => {
    const patterns = [
      "a",
      ",",
      '"',
      "%3D",
      "[",
      "sig=",
      "key%3D ",
      "eyJa.",
      "1.1.1.1,",
      "://u@",
      "://u@1,",
      "\\",
    ];
    for (const pattern of patterns) {
      const text = pattern.repeat(Math.ceil(MOST / pattern.length)).slice(0, MOST);
      const start = performance.now();
      const facts = await arriveWith({ headers: [[name, text]] }, site);
      expect(performance.now() - start, pattern).toBeLessThan(BOUND_MS);
      expect(JSON.stringify(facts).length, pattern).toBeLessThan(64 * MOST);
    }
  },
  60_000,
);

test("a planted secret is shown under no name and in no shape", async () => {
  const secret = "PLANTED0SECRET0VALUE0123456789";
  const shapes = [
    `Bearer ${secret}`,
    `https://a.example/x?code=${secret}&a=1`,
    `https://a.example/x?next=https%3A%2F%2Fb.example%2F%3Fsig%3D${secret}`,
    `Server=db;Password=${secret}`,
    `https://user:${secret}@a.example/`,
    `AccountKey=${secret}`,
  ];
  const place = fc.constantFrom(
    "x-original-url",
    "referer",
    "x-waws-unencoded-url",
    "x-ms-original-url",
    "x-unknown",
    "origin",
  );
  await fc.assert(
    fc.asyncProperty(
      place,
      fc.constantFrom(...shapes),
      fc.string({ maxLength: 20 }),
      async (name, shape, more) => {
        const facts = await arriveWith({ headers: [[name, `${shape} ${more}`]] }, site);
        expect(JSON.stringify(facts)).not.toContain(secret);
      },
    ),
    { numRuns: 60 },
  );
});
