import { expect, test } from "vitest";
import { matchTemplate, parseTemplate } from "../../local/host/template.ts";

test.each(["{a}{b}", "{a}-{b}", "x{a}", "{a:nosuch}", "{:int}"])(
  "%s is not understood here, and says so",
  (template) => {
    expect(() => parseTemplate(template)).toThrow(/route/);
  },
);

test.each([
  ["{a:int:min(3)}", "/3", true],
  ["{a:int:min(3)}", "/2", false],
  ["{a:bool}", "/True", true],
  ["{a:alpha}", "/a1", false],
  ["{a:double}", "/-1.5e3", true],
  ["{a:datetime}", "/soon", false],
  ["{a:length(2,3)}", "/abcd", false],
  ["{a:maxlength(2)?}", "/", true],
  ["a/{b=x}/{c?}", "/a", true],
  ["a/{b}", "/a", false],
  ["a/{b}", "/a//", false],
  ["{*rest}", "/", true],
  ["", "/", true],
  ["", "/x", false],
])("%s on %s: %s", (template, path, fits) => {
  expect(matchTemplate(parseTemplate(template), path) !== undefined).toBe(fits);
});
