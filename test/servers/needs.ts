/** Says which programs a group of tests needs, and what happens when they are not there. */
import { describe } from "vitest";
import { missing, type Program } from "./packages.ts";

/**
 * `needs("named", "dig")("a name server", () => …)` is `describe`, skipped when a program is missing:
 * the name then says which Debian package would bring it. Where servers are required nothing is
 * skipped, and the tests fail by themselves.
 */
export function needs(...programs: readonly Program[]) {
  const absent = missing(programs);
  const required = process.env["SONDE_REQUIRE_SERVERS"] === "1";
  return (name: string, tests: () => void): void => {
    if (absent.length === 0 || required) describe(name, tests);
    else describe.skip(`${name} [needs ${absent.join(", ")}]`, tests);
  };
}
