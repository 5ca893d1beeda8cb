/** What docs/settings.md says is what is read, and every page is found from the README. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { limitTable } from "../../lib/api/settings.ts";
import { kinds, parseRules } from "../../lib/policy/rules.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(`${root}/${path}`, "utf8");
const page = read("docs/settings.md");

/** The rows of a section's table below its head, cell by cell. */
function rows(heading: string): readonly (readonly string[])[] {
  const section = page.split(/^#+ /m).find((one) => one.startsWith(`${heading}\n`)) ?? "";
  const table = section.split("\n").filter((line) => line.startsWith("|"));
  return table.slice(2).map((line) => line.split(/ *(?<!\\)\| */).slice(1, -1));
}

test("every setting of the sample has its row, with its default", () => {
  const { Values }: { Values: Record<string, string> } = JSON.parse(
    read("local.settings.sample.json"),
  );
  const known = Object.keys(Values).filter((name) => name.startsWith("SONDE_"));
  const named = rows("Settings").flatMap(([name = ""]) => name.match(/SONDE_\w+/g) ?? []);
  expect(named.toSorted()).toEqual(known.toSorted());
  for (const [name = "", otherwise] of rows("Settings")) {
    const value = Values[name.replaceAll("`", "")];
    if (value) expect(otherwise).toBe(`\`${value}\``);
  }
});

test("every rule can be read, and every kind is named", () => {
  const rules = rows("What may be probed").map(([rule = ""]) =>
    rule.replaceAll("`", "").replaceAll("\\|", "|"),
  );
  expect(rules.length).toBeGreaterThan(8);
  for (const rule of rules) expect([rule, parseRules(rule)]).toEqual([rule, [expect.anything()]]);
  for (const kind of kinds) expect(page).toContain(`\`${kind}\``);
});

test("every limit stands there with its default and its ceiling", () => {
  const limits = Object.entries(limitTable).map(([name, { value, most, says }]) => [
    `\`${name}\``,
    String(value),
    String(most),
    says,
  ]);
  expect(rows("How much")).toEqual(limits);
});

test("the README leads to every page", () => {
  const readme = read("README.md");
  for (const path of globSync("docs/*.md", { cwd: root })) {
    expect(readme).toContain(`](${path})`);
  }
});
