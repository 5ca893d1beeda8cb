import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Report } from "../../lib/report.ts";
import { surfaceNamed, surfaces } from "../../lib/surfaces/index.ts";
import { json } from "../../lib/surfaces/json.ts";
import { markdown } from "../../lib/surfaces/markdown.ts";
import { short } from "../../lib/surfaces/short.ts";
import { text } from "../../lib/surfaces/text.ts";
import { hostile, poisoned } from "./hostile.ts";
import { bareMarkdown, obeysAzure, obeysGitHub } from "./renderers.ts";
import { error, fail, pass, suite, warn } from "./reports.ts";
import { sheets } from "./sheets.ts";

const reports: readonly Report[] = [pass, fail, warn, error, suite];
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

test("surfaces are found by name, and by no other", () => {
  expect(surfaces.map(({ name }) => name)).toEqual([
    "json",
    "text",
    "short",
    "markdown",
    "junit",
    "tap",
    "prometheus",
  ]);
  expect(surfaceNamed("short")).toBe(short);
  expect(surfaceNamed("toString")).toBeUndefined();
});

test("whatever a report holds, every surface prints lines that nothing obeys", () => {
  fc.assert(
    fc.property(hostile, fc.constantFrom(...reports), (poison, report) => {
      for (const surface of surfaces) {
        const written = surface.write(poisoned(report, poison), sheets);
        expect(written.endsWith("\n")).toBe(true);
        const lines = written.split("\n");
        expect(lines.filter((line) => unprintable.test(line))).toEqual([]);
        expect(lines.filter((line) => obeysGitHub(line) || obeysAzure(line))).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

test("no line of text passes 100 columns but for one word that cannot be broken", () => {
  fc.assert(
    fc.property(hostile, fc.constantFrom(...reports), (poison, report) => {
      const bad = withoutCommands(poisoned(report, poison));
      const long = text
        .write(bad, sheets)
        .split("\n")
        .filter((line) => line.length > 100);
      // The widest lead is that of a step; whatever sticks out behind it is the first word there.
      expect(long.filter((line) => line.lastIndexOf(" ") > 85)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

/** Quoted parts of a command are not broken either, and may hold spaces. */
function withoutCommands(report: Report): Report {
  return {
    ...report,
    reproduce: [],
    findings: report.findings.map((finding) => ({ ...finding, commands: [] })),
    ...(report.checks === undefined ? {} : { checks: report.checks.map(withoutCommands) }),
  };
}

test("a long command is broken where a shell puts it together again", () => {
  const words = Array.from({ length: 9 }, (_, index) => `--option-${index} 'a value'`).join(" ");
  const written = text.write({ ...pass, reproduce: [`az thing ${words}`] }, sheets);
  const lines = written.split("\n").filter((line) => /^(?:Repeat)? {2,}.*--option/.test(line));
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.every((line) => line.length <= 100)).toBe(true);
  const joined = lines.map((line) => line.replace(/\\$/, "").trim()).join(" ");
  expect(joined).toBe(`Repeat  az thing ${words}`);
});

test("Markdown holds no markup but its own, whatever a report holds", () => {
  fc.assert(
    fc.property(hostile, fc.constantFrom(...reports), (poison, report) => {
      const lines = outsideFences(markdown.write(poisoned(report, poison), sheets).split("\n"));
      expect(lines.filter((line) => bareMarkdown(withoutOwnMarkup(line)) === undefined)).toEqual(
        [],
      );
    }),
    { numRuns: 300 },
  );
});

/** Lines outside code blocks, which end at a fence as long as the one that opened them. */
function outsideFences(lines: readonly string[]): string[] {
  let fence = "";
  return lines.filter((line) => {
    const [opening = ""] = /^`{3,}(?=sh$)/.exec(line) ?? [];
    if (fence === "" && opening === "") return true;
    if (fence === "") fence = opening;
    else if (line === fence) fence = "";
    return false;
  });
}

function withoutOwnMarkup(line: string): string {
  return line
    .replace(/^#{2,3} (?:\d+\. )?/, "")
    .replace(/^\| #(?= )/, "| ")
    .replace(/(?<![^ ])\|(?= |$)/g, "")
    .replace(
      /\*\*(?:FAIL|WARN|Evidence:|Blame:|Or else:|Docs:|Next|Repeat|Timing|Not proved:)\*\*/g,
      "",
    )
    .replace(/^\*\*(.*)\*\*$/, "$1");
}

test("a result that is not what its sheets expect is left out", () => {
  const odd: Report = { ...pass, result: { resolve: null, connect: 7, unknown: { a: 1 } } };
  for (const surface of [text, short, markdown]) {
    expect(surface.write(odd, sheets)).toContain("PASS");
  }
  for (const surface of surfaces) expect(() => surface.write(odd, sheets)).not.toThrow();
  expect(text.write(odd, sheets)).not.toContain("resolve\n");
});

test("a line is silent while a fact it needs is missing", () => {
  const partial: Report = { ...pass, result: { handshake: { protocol: "TLSv1.2" } } };
  const written = text.write(partial, sheets);
  expect(written).toContain("TLS  TLSv1.2");
  expect(written).not.toContain("Trusted");
});

test("a branch within a branch names both", () => {
  const nested: Report = {
    ...pass,
    result: {
      addresses: [{ on: "10.20.1.5", attempts: [{ on: "2", handshake: { protocol: "TLSv1.2" } }] }],
    },
  };
  expect(text.write(nested, sheets)).toContain("\naddress 10.20.1.5, attempt 2\n");
});

test("json is the report itself", () => {
  for (const report of reports) expect(JSON.parse(json.write(report, sheets))).toEqual(report);
});

test("short is the summary, and what a pass leaves open", () => {
  expect(short.write(pass, sheets)).toBe(
    "PASS https://orders.example.test:443 TLSv1.3, certificate: 61 days left (not proved: that the application behind it is well; that a login works)\n",
  );
  expect(short.write(fail, sheets)).toBe(
    "FAIL tcp.timeout sql://orders.example.test:1433 no answer within 5.0 s\n",
  );
});

test("a vantage says how far it can speak for the app", () => {
  expect(textFrom("unknown")).toContain(
    "; how far this stands for orders-api is unknown; differs:",
  );
  expect(textFrom("same-subnet")).toContain(
    "; stands for orders-api (same subnet); differs: WEBSITE_DNS_SERVER; unknown: routeAll",
  );
});

/** The text of a report measured from such a place, long lines put together again. */
function textFrom(basis: Report["vantage"]["represents"]["basis"]): string {
  const { represents, ...vantage } = pass.vantage;
  const shifted = { ...vantage, represents: { ...represents, basis, unknown: ["routeAll"] } };
  return text.write({ ...pass, vantage: shifted }, sheets).replaceAll(/\n +/g, " ");
}
