/** What holds for every sheet, probe, finding and surface, whoever adds the next one. */
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { fieldsOf } from "../lib/api/fields.ts";
import { documents } from "../lib/api/documents.ts";
import { limitTable } from "../lib/api/settings.ts";
import { sheets } from "../lib/facts/index.ts";
import { knows } from "../lib/facts/read.ts";
import { codes } from "../lib/failure.ts";
import { meanings } from "../lib/findings/codes.ts";
import { rules } from "../lib/findings/index.ts";
import { probes } from "../lib/probes/index.ts";
import { forks, verdicts } from "../lib/report.ts";
import { surfaces } from "../lib/surfaces/index.ts";
import { walks } from "../lib/walks.ts";

const guid = "00000000-0000-4000-8000-000000000001";

describe.each(sheets.map((sheet) => ({ sheet, name: sheet.name })))(
  "the sheet $name",
  ({ sheet }) => {
    test("says nothing of what it does not know", () => {
      for (const one of [...sheet.lines, ...sheet.gauges]) {
        expect(one.needs.length).toBeGreaterThan(0);
        expect(knows({}, one.needs)).toBe(false);
      }
    });

    test("needs only facts that its schema has", () => {
      const known = Object.keys(sheet.facts.shape);
      const expectations = Object.values(sheet.expect);
      for (const one of [...sheet.lines, ...sheet.gauges, ...expectations]) {
        expect(known).toEqual(expect.arrayContaining([...one.needs]));
      }
    });

    test("holds no expectation against nothing: unknown is a no", () => {
      const wanted = [
        "1",
        "true",
        "2xx",
        "200",
        "NOERROR",
        "$.a=1",
        "192.0.2.1",
        "ab".repeat(20),
        guid,
      ];
      for (const [key, expectation] of Object.entries(sheet.expect)) {
        // Where the words are settled, the refusal of another one tells the first of them.
        const [known = []] = wanted.map((text) => {
          const one = expectation.read(text);
          return "wrong" in one ? (/use one of ([^,]+)/.exec(one.wrong)?.slice(1) ?? []) : [];
        });
        const demands = [...wanted, ...known].map((text) => expectation.read(text));
        const read = demands.flatMap((one) => ("wrong" in one ? [] : [one]));
        expect(read.length, key).toBeGreaterThan(0);
        for (const demand of read) expect(demand.holds({}), key).toBe(false);
      }
    });

    test("can be served as JSON Schema", () => {
      expect(z.toJSONSchema(sheet.facts)).toHaveProperty("properties");
    });
  },
);

describe.each(probes.map((probe) => ({ probe, name: probe.name })))(
  "the probe $name",
  ({ probe }) => {
    test("describes every parameter", () => {
      const { properties = {} } = z.toJSONSchema(probe.input, { io: "input" });
      for (const [name, property] of Object.entries(properties)) {
        expect(property, name).toHaveProperty("description");
      }
    });

    test("never names a parameter that belongs to the host or to every probe", () => {
      const names = [...fieldsOf(probe).fields.keys()];
      for (const taken of ["code", "clientId", "format"]) expect(names).not.toContain(taken);
    });

    test("takes only stages whose sheets are known to text and metrics", () => {
      const known = sheets.map((sheet) => sheet.name);
      expect(known).toEqual(expect.arrayContaining(probe.stages.map((stage) => stage.name)));
    });
  },
);

function unique(names: readonly string[]): void {
  expect(new Set(names).size).toBe(names.length);
}

describe("names", () => {
  test("are unique over stages, expectations, gauges, probes and surfaces", () => {
    unique(sheets.map((sheet) => sheet.name));
    unique(sheets.flatMap((sheet) => Object.keys(sheet.expect)));
    unique(sheets.flatMap((sheet) => sheet.gauges.map((gauge) => gauge.name)));
    unique([...probes, ...documents].map((one) => one.name));
    unique(surfaces.map((surface) => surface.name));
    unique(codes);
  });

  test("of stages and forks do not collide: both are keys of the result", () => {
    unique([...sheets.map((sheet) => sheet.name), ...forks]);
  });

  test("of durations end in ms", () => {
    const numbers = sheets.flatMap((sheet) =>
      Object.entries(sheet.facts.shape).filter(
        ([name]) =>
          z.toJSONSchema(sheet.facts).properties?.[name] !== undefined &&
          /^(?!.*(At|Time)$).*(delay|elapsed|duration|latency)$/i.test(name),
      ),
    );
    expect(numbers.map(([name]) => name)).toEqual([]);
  });
});

describe("findings", () => {
  test.each(Object.entries(meanings))("%s is explained", (code, meaning) => {
    expect(meaning.title, code).not.toMatch(/\.$/);
    expect(meaning.why, code).toMatch(/\.$/);
    expect(meaning.next.length + Number(meaning.severity === "info"), code).toBeGreaterThan(0);
  });

  test("draw nothing from nothing", () => {
    const empty = { facts: {}, depth: 0 };
    for (const rule of rules) expect(rule.when(empty, [empty]), rule.code).toBeUndefined();
  });
});

test("the public surface", () => {
  expect({
    probes: probes.map((probe) => ({
      name: probe.name,
      cost: probe.cost,
      parameters: [...fieldsOf(probe).fields.keys()].join(" "),
      expect: [...fieldsOf(probe).expectable.keys()].join(" "),
    })),
    documents: documents.map((document) => document.name).join(" "),
    schemes: Object.keys(walks).join(" "),
    stages: sheets.map((sheet) => `${sheet.name} {${Object.keys(sheet.facts.shape).join(" ")}}`),
    gauges: sheets.flatMap((sheet) => sheet.gauges.map((gauge) => gauge.name)),
    forks: forks.join(" "),
    verdicts: verdicts.join(" "),
    surfaces: surfaces.map((surface) => `${surface.name} ${surface.contentType}`),
    codes,
    rules: [...new Set(rules.map((rule) => rule.code))].filter(
      (code) => !codes.some((one) => one === code),
    ),
    limits: Object.keys(limitTable).join(" "),
  }).toMatchSnapshot();
});
