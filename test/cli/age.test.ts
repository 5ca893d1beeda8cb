import { expect, test } from "vitest";
import { OLDEST, whyTooOld } from "../../cli/age.ts";
import manifest from "../../package.json" with { type: "json" };

test("the oldest Node is the one of package.json", () => {
  expect(manifest.engines.node).toBe(`>=${OLDEST.replace(/\.0$/, "")}`);
});

test.each([
  ["20.20.2", true],
  ["22.9.0", true],
  ["22.18.9", true],
  ["22.19.0", false],
  ["22.101.0", false],
  ["24.1.0", false],
])("%s: %s", (version, old) => expect(whyTooOld(version) !== undefined).toBe(old));
