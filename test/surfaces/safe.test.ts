import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ci, clip, html, json, logLine, markdown, terminal } from "../../lib/surfaces/safe.ts";
import { hostile } from "./hostile.ts";
import { bareMarkdown } from "./renderers.ts";

/** Written as ranges, so that the list is not taken from where the code takes it. */
const dangerous = new RegExp(
  String.raw`[\0-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164` +
    String.raw`\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\ud800-\udfff]`,
  "u",
);

const allCharacters = Array.from({ length: 0x11_00_00 }, (_, point) => String.fromCodePoint(point));

test("every code point is harmless in a terminal, and the others are as they were", () => {
  const wrong = allCharacters.filter((character) => {
    const shown = terminal(character);
    if (shown === character) return dangerous.test(shown);
    return !/^\\(?:u[\da-f]{4}|u\{[\da-f]{5,6}\}|[nrt])$/.test(shown);
  });
  expect(wrong).toEqual([]);
  const shown = terminal(allCharacters.join(""));
  expect(dangerous.test(shown)).toBe(false);
  expect(shown).toContain(" !\"#$%&'()*+,-./0123456789:;<=>?@ABC");
  expect(shown).toContain("äåæç");
  expect(shown).toContain("一丁丂");
  expect(shown).toContain("😀😁");
});

test("every code point is harmless in JSON and the same when read back", () => {
  const wrong = allCharacters.filter((character) => {
    const written = json(character);
    return dangerous.test(written) || JSON.parse(written) !== character;
  });
  expect(wrong).toEqual([]);
});

test("every code point is only itself in Markdown", () => {
  const wrong = allCharacters.filter((character) => {
    const written = markdown(character);
    if (written === character) return dangerous.test(written) || /[@#<>[\]`*|]/.test(written);
    return bareMarkdown(written) === undefined;
  });
  expect(wrong).toEqual([]);
});

test("what a terminal is shown stays readable", () => {
  expect(terminal("220 mail\r\n\u001b[31m\u009b2J\u202e\ud800\u{e0041}")).toBe(
    String.raw`220 mail\r\n\u001b[31m\u009b2J\u202e\ud800\u{e0041}`,
  );
});

test("JSON reads back equal, indented or not", () => {
  fc.assert(
    fc.property(fc.jsonValue(), hostile, fc.constantFrom(0, 2), (value, text, indent) => {
      const written = json({ value, text, [text]: [text] }, indent);
      expect(JSON.parse(written)).toEqual(
        JSON.parse(JSON.stringify({ value, text, [text]: [text] })),
      );
      expect(dangerous.test(written.replaceAll("\n", ""))).toBe(false);
      expect(written).not.toMatch(/##\w*\[/);
    }),
  );
});

test("a value that JSON does not know is null", () => {
  expect(json(undefined)).toBe("null");
});

test.each([
  ["##vso[task.complete result=Failed;]", String.raw`#\u0023vso[task.complete result=Failed;]`],
  ["banner ##[error]x", String.raw`banner #\u0023[error]x`],
  ["::error::x", String.raw`:\u003aerror::x`],
  ["  ::stop-commands::t", String.raw`  :\u003astop-commands::t`],
])("a build agent does not obey %j", (text, shown) => {
  expect(ci(text)).toBe(shown);
});

test.each([
  "::1",
  "::ffff:10.0.0.1",
  "::1/128",
  "from :: to ::",
  "[::1]:443",
  "# heading",
  "std::error::Error",
])("%j is no command", (text) => {
  expect(ci(text)).toBe(text);
});

test("a log line is one line, its fields are short, nothing in it is set on a prototype", () => {
  const record = { event: "a\nb", long: "x".repeat(600), missing: undefined, ["__proto__"]: "p" };
  const line = logLine(record);
  expect(line).not.toContain("\n");
  expect(Object.entries(JSON.parse(line))).toEqual([
    ["event", "a\nb"],
    ["long", `${"x".repeat(509)}...`],
    ["__proto__", "p"],
  ]);
});

test("clipping never leaves half a character", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", minLength: 5 }),
      fc.integer({ min: 3, max: 20 }),
      (text, limit) => {
        const cut = clip(text, limit);
        expect(cut.length).toBeLessThanOrEqual(limit);
        expect(cut.isWellFormed()).toBe(true);
        expect(cut === text || text.startsWith(cut.slice(0, -3))).toBe(true);
      },
    ),
  );
  expect(clip("ab😀cd", 6)).toBe("ab😀cd");
  expect(clip("ab😀cdef", 6)).toBe("ab...");
});

test("HTML shows markup instead of obeying it", () => {
  expect(html(`<a href="x" onclick='y'>&\u202e`)).toBe(
    String.raw`&lt;a href=&quot;x&quot; onclick=&#39;y&#39;&gt;&amp;\u202e`,
  );
});

test("Markdown shows any text as it is, without markup, links or mentions", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(bareMarkdown(markdown(text))).toBe(ci(text).replaceAll("|", "(pipe)"));
    }),
    { numRuns: 500 },
  );
});

test("a line of Markdown does not become a list, a heading or a rule", () => {
  expect(["1. a", "- a", "+ a", "* a", "--- ", "===", "# a", "> a"].map(markdown)).toEqual([
    String.raw`1\. a`,
    String.raw`\- a`,
    String.raw`\+ a`,
    String.raw`\* a`,
    String.raw`\--- `,
    String.raw`\===`,
    "`#` a",
    "&gt; a",
  ]);
});
