/** Numbers that may shrink and must not grow unseen. */
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** `x as T` in lib/, functions/ and cli/, `as const` aside. Each has a comment that says why it must be. */
const ASSERTIONS = 2;

/** Comments that switch a rule of lint, or the compiler, off. Each gives its reason. */
const DISABLED = 1;

test("type assertions do not become more", () => {
  const found = assertions();
  expect(found.length, found.join("\n")).toBeLessThanOrEqual(ASSERTIONS);
});

test("comments that switch a check off do not become more", () => {
  const found = globSync("{lib,functions,cli,page}/**/*.{ts,tsx}", { cwd: root }).flatMap((file) =>
    readFileSync(join(root, file), "utf8")
      .split("\n")
      .filter((line) =>
        /\b(?:eslint|oxlint)-disable|@ts-(?:ignore|expect-error|nocheck)/.test(line),
      )
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(found.length, found.join("\n")).toBeLessThanOrEqual(DISABLED);
});

test("the trail stays small", () => {
  const lines = readFileSync(join(root, "lib/trail.ts"), "utf8").split("\n").length - 1;
  expect(lines).toBeLessThanOrEqual(150);
});

/** Where `as` is used, as `file:line:column: …`; `x!` is an error of the ordinary lint already. */
function assertions(): string[] {
  const home = mkdtempSync(join(tmpdir(), "sonde-count-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const never = ["error", { assertionStyle: "never" }];
  const rules = { "typescript/consistent-type-assertions": never };
  const config = join(home, "oxlintrc.json");
  writeFileSync(
    config,
    JSON.stringify({ plugins: ["typescript"], categories: { correctness: "off" }, rules }),
  );
  const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
  const { stdout } = spawnSync(
    process.execPath,
    [oxlint, "-c", config, "-f", "unix", "lib", "functions", "cli"],
    { cwd: root, encoding: "utf8" },
  );
  return stdout.split("\n").filter((line) => line.includes("consistent-type-assertions"));
}
