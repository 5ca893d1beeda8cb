/** The formats that programs read: JUnit, TAP and Prometheus. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sheets as real } from "../../lib/facts/index.ts";
import type { Report } from "../../lib/report.ts";
import { junit } from "../../lib/surfaces/junit.ts";
import { prometheus } from "../../lib/surfaces/prometheus.ts";
import { tap } from "../../lib/surfaces/tap.ts";
import { hostile, poisoned } from "./hostile.ts";
import { error, fail, pass, suite, warn } from "./reports.ts";
import { sheets } from "./sheets.ts";

const all: readonly Report[] = [pass, fail, warn, error, suite];

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const head = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Elements with their attributes, in order; throws for what is not well-formed XML 1.0. */
function elements(document: string): Element[] {
  expect(document.startsWith(head)).toBe(true);
  expect(document).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  expect(document).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39);)/);
  const open: string[] = [];
  const tags = [...document.slice(head.length).matchAll(/<[^<>]*>|[<>]/g)].map(([tag]) =>
    tagIn(tag),
  );
  for (const { name, ends, empty } of tags) {
    if (ends) expect(open.pop()).toBe(name);
    else if (!empty) open.push(name);
  }
  expect(open).toEqual([]);
  return tags.filter(({ ends }) => !ends);
}

function tagIn(token: string) {
  const found = /^<(\/?)([a-z-]+)((?: [a-z]+="[^"]*")*)(\/?)>$/.exec(token);
  if (found === null) throw new Error(`not a tag: ${token}`);
  const [, end, name = "", attributes = "", empty] = found;
  return { name, ends: end === "/", empty: empty === "/", attributes: attributesIn(attributes) };
}

function attributesIn(text: string): Element["attributes"] {
  const pairs = [...text.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(
    ([, key = "", value = ""]) => [key, value] as const,
  );
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error("twice");
  return Object.fromEntries(pairs);
}

describe("JUnit", () => {
  const named = (report: Report, name: string) =>
    elements(junit.write(report, sheets)).filter((one) => one.name === name);

  test("counts what failed, what is an error and what was skipped", () => {
    const mixed = { ...suite, name: "orders", checks: [...(suite.checks ?? []), error] };
    const [whole] = named(mixed, "testsuites");
    expect(whole?.attributes).toMatchObject({
      name: "orders",
      tests: "4",
      failures: "1",
      errors: "1",
    });
    expect(named(mixed, "testcase")).toHaveLength(4);
    expect(named(mixed, "skipped")).toHaveLength(1);
    expect(named(mixed, "failure")[0]?.attributes).toEqual({
      type: "tcp.timeout",
      message: "FAIL tcp.timeout sql://orders.example.test:1433 no answer within 5.0 s",
    });
    expect(named(mixed, "error")).toHaveLength(1);
  });

  test("has a suite for every place that was measured from", () => {
    const [first, second] = named(
      { ...suite, checks: [pass, error, fail].map((one) => ({ ...one })) },
      "testsuite",
    );
    expect(first?.attributes).toMatchObject({ tests: "2", failures: "1", hostname: "0f3a" });
    expect(second?.attributes).toMatchObject({ tests: "1", errors: "1", hostname: "local" });
  });

  test("names a check as its suite does, and says when it held late", () => {
    const flaky = { ...suite, checks: [{ ...pass, name: "the <web>", tries: 3, flaky: true }] };
    expect(named(flaky, "testcase")[0]?.attributes).toMatchObject({
      classname: "sonde.https",
      name: "the &lt;web&gt;",
      time: "0.023",
    });
    expect(junit.write(flaky, sheets)).toContain("<system-out>held at try 3</system-out>");
  });

  test("is a single test for a report that is no suite", () => {
    expect(named(fail, "testcase")).toHaveLength(1);
  });

  test("is well-formed, whatever a report holds", () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom(...all), (poison, report) => {
        const found = elements(junit.write(poisoned({ ...report, name: "x" }, poison), sheets));
        const names = ["testsuites", "testsuite", "properties", "property", "testcase", "failure"];
        const more = ["error", "skipped", "system-out"];
        expect([...names, ...more]).toEqual(expect.arrayContaining(found.map((one) => one.name)));
      }),
      { numRuns: 300 },
    );
  });

  test("the check of well-formedness would see what is not", () => {
    for (const bad of [
      "<a>",
      "<a></b>",
      "<a>&</a>",
      "<a>\u0001</a>",
      '<a b="1" b="2"/>',
      "<a b=1/>",
    ]) {
      expect(() => elements(`${head}${bad}\n`), bad).toThrow();
    }
  });
});

describe("TAP", () => {
  test("is a plan and a line for each check, with diagnostics of what is wrong", () => {
    expect(tap.write(suite, sheets).split("\n")).toEqual([
      "TAP version 14",
      "1..3",
      `ok 1 - ${pass.target?.input}`,
      `not ok 2 - ${fail.target?.input}`,
      "  ---",
      '  message: "FAIL tcp.timeout sql://orders.example.test:1433 no answer within 5.0 s"',
      '  severity: "fail"',
      '  code: "tcp.timeout"',
      expect.stringMatching(/^ {2}why: "The packets/),
      expect.stringMatching(/^ {2}next: \["/),
      "  durationMs: 5012.3",
      "  ...",
      `ok 3 - ${suite.checks?.[2]?.target?.input} # SKIP`,
      "",
    ]);
  });

  test("has no directive and no line but its own, whatever a report holds", () => {
    fc.assert(
      fc.property(hostile, (poison) => {
        const lines = tap.write(poisoned(fail, poison), sheets).trimEnd().split("\n");
        expect(lines[2]).toMatch(/^not ok 1 - /);
        expect(lines[2]?.replace(/\\[\\#]/g, "")).not.toContain("#");
        for (const line of lines.slice(3)) expect(line).toMatch(/^ {2}(?:---|\.\.\.|[a-zA-Z]+: )/);
      }),
    );
  });
});

describe("Prometheus", () => {
  const seen = (daysLeft: number) => ({
    connect: { family: 4 },
    handshake: { chain: { built: [{ validTo: new Date(daysLeft * 86_400_000).toISOString() }] } },
  });
  const one = { ...pass, result: { addresses: [{ on: "10.20.1.5", ...seen(1) }] } };

  test("has the names of the exporter, and no labels where there is one branch", () => {
    const lines = prometheus.write(one, real).split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "# TYPE probe_success gauge",
        "probe_success 1",
        "probe_duration_seconds 0.0234",
        "probe_ip_protocol 4",
        "probe_ssl_earliest_cert_expiry 86400",
      ]),
    );
  });

  test("tells branches apart where there are several, and the code of what leads", () => {
    const addresses = [
      { on: "10.20.1.5", ...seen(1) },
      { on: "10.20.1.6", ...seen(2) },
    ];
    const written = prometheus.write({ ...fail, result: { addresses } }, real);
    expect(written).toContain("probe_success 0\n");
    expect(written).toContain('probe_ssl_earliest_cert_expiry{on="10.20.1.6"} 172800\n');
    expect(written).toContain('sonde_finding_info{code="tcp.timeout"} 1\n');
  });

  test("labels the checks of a suite", () => {
    const written = prometheus.write({ ...suite, checks: [{ ...one, name: "web" }, fail] }, real);
    expect(written).toContain(
      'probe_success{check="web",number="1",probe="check",target="https://orders.example.test"} 1\n',
    );
    expect(written.match(/^# TYPE probe_success /gm)).toHaveLength(1);
  });

  test("is lines of the grammar, each series once, whatever a report holds", () => {
    const comment = /^# (?:HELP [a-z_]+ .+|TYPE [a-z_]+ gauge)$/;
    const line = /^([a-z_]+(?:\{(?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)+\})?) [-+.\de]+$/;
    fc.assert(
      fc.property(hostile, fc.constantFrom(...all, one), (poison, report) => {
        const lines = prometheus.write(poisoned(report, poison), sheets).trimEnd().split("\n");
        const series = lines
          .filter((text) => !comment.test(text))
          .map((text) => line.exec(text)?.[1]);
        expect(series).not.toContain(undefined);
        expect(new Set(series).size).toBe(series.length);
      }),
      { numRuns: 300 },
    );
  });
});
