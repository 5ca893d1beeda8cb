/** Answers keep within their size, and what is within it stays as it is. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { fit, fitSuite } from "../../lib/api/fit.ts";
import type { Report } from "../../lib/report.ts";
import { pass, suite } from "../surfaces/reports.ts";

const with200 = (result: Report["result"]): Report => ({
  ...suite,
  checks: [{ ...pass, result }, ...Array.from({ length: 199 }, () => pass)],
});

/** An equal part of four megabytes. */
const SHARE = (4 * 1024 * 1024) / 200;

test("a check of a suite never takes more than its part, whatever it learned", () => {
  const value = fc.oneof(
    fc.string({ unit: "binary", maxLength: 6000 }),
    fc.array(fc.double(), { maxLength: 1500 }),
    fc.dictionary(fc.string({ unit: "binary" }), fc.constantFrom("\u0000\u0001", -1.5e-300, null)),
    fc.object({ maxDepth: 3 }),
  );
  fc.assert(
    fc.property(value, value, (one, other) => {
      const [first] = fitSuite(with200({ connect: { one, other } })).checks ?? [];
      expect(JSON.stringify(first).length).toBeLessThanOrEqual(SHARE);
    }),
  );
});

test("one that is small stays as it is, and one that is not says that something went", () => {
  const small = with200({ connect: { address: "10.0.0.4" } });
  expect(fitSuite(small).checks?.[0]).toBe(small.checks?.[0]);
  const large = { text: { said: "\u0001".repeat(5000) } };
  expect(fitSuite(with200(large)).checks?.[0]?.result).toMatchObject({ truncated: true });
  // Escaped it is too large; the same in letters is not.
  const letters = with200({ text: { said: "a".repeat(5000) } });
  expect(fitSuite(letters).checks?.[0]?.result).toEqual(letters.checks?.[0]?.result);
});

test("a single report is written again with ever shorter lists", () => {
  const list = Array.from({ length: 5000 }, (_, index) => `record ${index} `.repeat(10));
  const shown = fit({ ...pass, result: { query: { list } } }, (one) => JSON.stringify(one));
  expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(256 * 1024);
  expect(JSON.parse(shown).result).toMatchObject({ truncated: true });
});
