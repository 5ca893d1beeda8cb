/** What docs/failure-modes.md promises: every code that it names can be drawn, and every row says something. */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { catalogue } from "../../lib/findings/catalogue.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(`${root}/docs/failure-modes.md`, "utf8");
const rows = page.split("\n").filter((line) => /^\| (?!what is wrong|-)/.test(line));
const areas = new Set(catalogue().map(({ code }) => code.split(".")[0]));
const codes = [...page.matchAll(/`(?<code>[a-z]+\.[a-z0-9_]+)`/g)].map(
  ({ groups }) => groups?.["code"] ?? "",
);

test("every row ends in a code, in a suite that asks, or in the reason why there is none", () => {
  expect(rows.length).toBeGreaterThan(60);
  for (const row of rows) {
    const says = row.split("|").at(-2) ?? "";
    const named = codes.some((code) => says.includes(`\`${code}\``));
    expect(named || /no finding: \w|the suite `/.test(says), row).toBe(true);
  }
});

test("every code on the page is one that Sonde draws, and a test draws it", () => {
  const known = new Set(catalogue().map(({ code }) => code));
  expect(codes.filter((code) => areas.has(code.split(".")[0]) && !known.has(code))).toEqual([]);
  const tests = readdirSync(`${root}/test`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith("modes.test.ts"))
    .map((name) => readFileSync(`${root}/test/${name}`, "utf8"))
    .join("\n");
  const drawn = codes.filter((code) => known.has(code));
  expect(drawn.filter((code) => !tests.includes(code))).toEqual([]);
  expect(drawn.length).toBeGreaterThan(90);
});
