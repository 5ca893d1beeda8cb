/** The OpenAPI document is valid, true to the product, and its examples are true to it. */
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { answerDocument, documents } from "../../lib/api/documents.ts";
import { fieldsOf } from "../../lib/api/fields.ts";
import type { Request } from "../../lib/api/http.ts";
import { openapi } from "../../lib/api/openapi.ts";
import { problems } from "../../lib/api/openapi/problems.ts";
import { routes } from "../../lib/api/routes.ts";
import { sheets } from "../../lib/facts/index.ts";
import { leavesOf } from "../../lib/leaves.ts";
import { probes } from "../../lib/probes/index.ts";
import { report as reportSchema, type Branch } from "../../lib/report.ts";
import { localEdge } from "../asking.ts";

/** As it is served: through JSON. */
const record = z.record(z.string(), z.unknown());
const document = record.parse(JSON.parse(JSON.stringify(openapi(documents))));

/** Follows a path of keys; a reference on the way is followed too. */
function at(...keys: readonly string[]): Record<string, unknown> {
  return keys.reduce((node, key) => resolved(record.parse(node[key])), document);
}

function resolved(node: Record<string, unknown>): Record<string, unknown> {
  const ref = node["$ref"];
  return typeof ref === "string" ? at(...ref.slice(2).split("/")) : node;
}

const list = (value: unknown) => z.array(record).parse(value).map(resolved);

/** Every node of the document, with where it is as a JSON pointer (RFC 6901). */
function* nodes(value: unknown, pointer = "#"): Generator<readonly [string, object]> {
  if (typeof value !== "object" || value === null) return;
  yield [pointer, value];
  for (const [key, inner] of Object.entries(value)) {
    yield* nodes(inner, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  }
}

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema(document, "document");

/** What is wrong with a value by the schema that stands at this place of the document. */
function faults(pointer: string, value: unknown) {
  const escaped = pointer.split("/").map(encodeURIComponent).join("/").replace("%23", "#");
  const check = ajv.compile({ $ref: `document${escaped}` });
  check(value);
  return check.errors ?? [];
}

/** Every example, and where the object stands that says by which schema it is made. */
const media = [...nodes(document)].flatMap(([pointer, node]) => {
  if (!("schema" in node && typeof node.schema === "object")) return [];
  const { example, examples = {} } = record.parse(node);
  const named = Object.entries(record.parse(examples)).map(([name, one]) => ({
    name,
    value: record.parse(one)["value"],
  }));
  const all = example === undefined ? named : [...named, { name: "example", value: example }];
  return all.map((one) => ({ ...one, pointer }));
});

const reports = media.flatMap(({ pointer, name, value }) => {
  const found = /^#\/components\/responses\/(\w+)(Measured|Missed)\/content\/application~1json$/;
  const [, probe, kind] = found.exec(pointer) ?? [];
  if (probe === undefined) return [];
  return [{ probe: probe.toLowerCase(), kind, name, report: reportSchema.parse(value), value }];
});

/** A copy in which the object at the end of the keys is changed. */
function changed(
  node: Record<string, unknown>,
  [key, ...rest]: readonly string[],
  change: object,
): Record<string, unknown> {
  if (key === undefined) return { ...node, ...change };
  return { ...node, [key]: changed(record.parse(node[key]), rest, change) };
}

describe("the document", () => {
  test("is valid OpenAPI 3.1", async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe("3.1");
  });

  test.each([
    ["an operation without responses", ["paths", "/api/tcp", "get"], { responses: 1 }],
    ["a parameter in no place", ["components", "parameters", "format"], { in: "somewhere" }],
    ["a header without a schema", ["components", "headers", "Retry-After"], { schema: undefined }],
  ])("would not be valid with %s", async (_what, keys, change) => {
    const broken: unknown = JSON.parse(JSON.stringify(changed(document, keys, change)));
    const { valid } = await new Validator().validate(record.parse(broken));
    expect(valid).toBe(false);
  });

  test("has schemas that are valid JSON Schema, draft 2020-12", () => {
    for (const [name, schema] of Object.entries(at("components", "schemas"))) {
      expect(ajv.validateSchema(record.parse(schema)), name).toBe(true);
    }
    expect(ajv.validateSchema({ properties: { a: { type: "thing" } } })).toBe(false);
  });

  test("has what check takes in place of a target, and demands no target beside it", () => {
    const question = at("components", "schemas", "CheckQuestion");
    expect(question).not.toHaveProperty("required");
    expect(question["properties"]).toMatchObject({
      target: {},
      setting: {},
      suite: {},
      appsettings: {},
    });
    const { parameters } = at("paths", "/api/check", "get");
    for (const name of ["target", "setting", "suite"]) {
      expect(parameters).toContainEqual(expect.objectContaining({ name, required: false }));
    }
  });

  test("refers to nothing that it does not have, and has nothing that it does not refer to", () => {
    const refs = new Set(
      [...nodes(document)].flatMap(([, node]) =>
        "$ref" in node && typeof node.$ref === "string" ? [node.$ref] : [],
      ),
    );
    const kinds = ["schemas", "responses", "parameters", "headers"];
    const components = kinds.flatMap((kind) =>
      Object.keys(at("components", kind)).map((name) => `#/components/${kind}/${name}`),
    );
    expect([...refs].toSorted()).toEqual(components.toSorted());
  });

  test("has a path for every route and no other", () => {
    const paths = Object.keys(at("paths"));
    expect(paths.toSorted()).toEqual(routes.map(({ route }) => `/${route}`).toSorted());
  });

  test("gives every operation a name of its own that does not change", () => {
    const ids = Object.values(at("paths")).flatMap((path) =>
      Object.values(record.parse(path)).map((one) => record.parse(one)["operationId"]),
    );
    const asked = probes.flatMap(({ name }) => [name, `${name}Post`]);
    const suites = [
      "probe",
      "metrics",
      "smoke",
      "smokePost",
      "suites",
      "suitesPost",
      "render",
      "compare",
    ];
    expect(ids).toEqual([...asked, ...suites, ...documents.map(({ name }) => name)]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("asks for a key except where there is no data", () => {
    expect(document["security"]).toEqual([{ functionKey: [] }]);
    for (const { route, anonymous, methods } of routes) {
      const method = methods.includes("GET") ? "get" : "post";
      const { security } = at("paths", `/${route}`, method);
      expect(security, route).toEqual(anonymous ? [] : undefined);
    }
  });

  test("never names a parameter that belongs to the host", () => {
    const names = [...nodes(document)].flatMap(([, node]) =>
      "in" in node && node.in === "query" && "name" in node ? [node.name] : [],
    );
    expect(names).toContain("target");
    for (const taken of ["code", "clientId"]) expect(names).not.toContain(taken);
  });

  test("says what a problem of each status looks like", () => {
    for (const [status, { name }] of Object.entries(problems)) {
      const shown = record.parse(at("components", "responses", name, "content"));
      const { examples } = record.parse(shown["application/problem+json"]);
      for (const one of Object.values(record.parse(examples))) {
        expect(record.parse(one)["value"]).toMatchObject({ status: Number(status) });
      }
    }
  });
});

describe.each(probes.map((probe) => ({ probe, name: probe.name })))(
  "of $name",
  ({ probe, name }) => {
    const { fields, expectable, open } = fieldsOf(probe);
    const demands = [...expectable.keys()];

    test("the query has every parameter and no other, each described", () => {
      const parameters = list(at("paths", `/api/${name}`, "get")["parameters"]);
      const free = open ? ["parameters"] : [];
      expect(parameters.map((one) => one["name"])).toEqual([
        // What is secret is taken from a body alone.
        ...[...fields].flatMap(([key, field]) => (field.bodyOnly ? [] : [key])),
        ...demands.map((key) => `expect.${key}`),
        "format",
        "select",
        ...free,
        ...(name === "check" ? ["suite"] : []),
      ]);
      for (const one of parameters) expect(one["description"]).toMatch(/\w/);
    });

    test("the body has the same names", () => {
      const body = at(
        "paths",
        `/api/${name}`,
        "post",
        "requestBody",
        "content",
        "application/json",
      );
      const { properties, additionalProperties } = resolved(record.parse(body["schema"]));
      const { expect: expected, ...own } = record.parse(properties);
      const names = [...fields.keys()].filter((field) => field !== "expect");
      const more = name === "check" ? ["suite", "appsettings"] : [];
      expect(Object.keys(own)).toEqual([...names, "format", "select", ...more]);
      // Beside a parameter of this name, the object of demands is the other form.
      const { anyOf } = record.parse(expected);
      const demanded = Array.isArray(anyOf) ? anyOf.at(-1) : expected;
      expect(Array.isArray(anyOf)).toBe(fields.has("expect"));
      expect(Object.keys(record.parse(record.parse(demanded)["properties"]))).toEqual(demands);
      expect(additionalProperties === false).toBe(!open);
    });

    test("the result has the facts of its stages and no others", () => {
      const { properties } = at(
        "components",
        "schemas",
        `${name[0]?.toUpperCase()}${name.slice(1)}Result`,
      );
      const stages = new Set(sheets.map((sheet): string => sheet.name));
      const shown = Object.keys(record.parse(properties)).filter((key) => stages.has(key));
      expect(shown.toSorted()).toEqual(
        [...new Set(probe.stages.map((one) => one.name))].toSorted(),
      );
    });

    test("there is an example of each outcome", () => {
      const own = reports.filter((one) => one.probe === name);
      const [passed] = own.filter((one) => one.name === "pass");
      const [missed] = own.filter((one) => one.kind === "Missed");
      expect(passed?.report).toMatchObject({ ok: true, verdict: "pass", findings: [] });
      expect(missed?.report.expected).toMatchObject([{ ok: false }]);
      for (const { report } of own.filter((one) => one.name === "fail")) {
        expect(report).toMatchObject({ ok: false, verdict: "fail" });
        expect(report.summary).toContain(report.findings[0]?.code);
      }
    });
  },
);

describe("an example", () => {
  test.each(media)("$name at $pointer fits its schema", ({ pointer, value }) => {
    expect(faults(`${pointer}/schema`, value)).toEqual([]);
  });

  test("that does not fit would be found", () => {
    const pointer = "#/components/responses/TcpMeasured/content/application~1json/schema";
    const [good] = reports.filter((one) => one.probe === "tcp");
    expect(faults(pointer, good?.value)).toEqual([]);
    expect(faults(pointer, { ...good?.report, probe: "dns" })).not.toEqual([]);
    const result = { addresses: [{ connect: { family: 5 } }] };
    expect(faults(pointer, { ...good?.report, result })).not.toEqual([]);
  });

  test.each(reports)("$name of $probe shows no fact that a sheet does not know", ({ value }) => {
    const closed = new Ajv2020({ strict: false, validateFormats: false });
    const { result, ...rest } = record.parse(value);
    expect(closed.validate(z.toJSONSchema(reportSchema.omit({ result: true })), rest)).toBe(true);
    const leaves = leavesOf(record.parse(result) satisfies Branch);
    for (const { facts } of leaves) {
      for (const [stage, known] of Object.entries(facts)) {
        const sheet = sheets.find((one) => one.name === stage);
        if (sheet === undefined) throw new Error(`${stage} is no stage`);
        const own = Object.keys(known);
        expect(closed.validate(z.toJSONSchema(sheet.facts.partial()), known), stage).toBe(true);
        expect(Object.keys(sheet.facts.shape)).toEqual(expect.arrayContaining(own));
      }
    }
  });

  test("names only what is kept for documentation: RFC 2606, RFC 5737", () => {
    const text = JSON.stringify(reports.map((one) => one.value));
    const addresses = text.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g) ?? [];
    expect(addresses.length).toBeGreaterThan(0);
    for (const one of addresses) expect(one).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\./);
    const hosts = reports.flatMap((one) => one.report.target?.host ?? []);
    for (const one of hosts) expect(one).toMatch(/(^|\.)example\.com$/);
  });
});

describe("served", () => {
  const named = (name: string) => documents.filter((one) => one.name === name);
  const ask = (name: string, environment: Readonly<Record<string, string>>) => {
    const url = "http://localhost/api/document";
    const request: Request = { method: "GET", url, headers: [], text: async () => "" };
    const [asked] = named(name);
    if (asked === undefined) throw new Error(`there is no document ${name}`);
    return answerDocument(asked, request, localEdge(environment));
  };

  test("it is the same text for everybody, also where others must sign in", () => {
    const signIn = { SONDE_AUTH: "easyauth", WEBSITE_AUTH_ENABLED: "true" };
    expect(ask("policy", signIn).status).toBe(401);
    const answer = ask("openapi", signIn);
    expect(answer).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
    expect(JSON.parse(answer.body)).toEqual(document);
    expect(ask("openapi", { SONDE_TARGETS: "@private" }).body).toBe(answer.body);
  });

  test("it closes with Sonde, and only health does not", () => {
    const expired = { SONDE_EXPIRES: "2020-01-01" };
    const statuses = documents.map(({ name }) => [name, ask(name, expired).status]);
    expect(Object.fromEntries(statuses)).toEqual({
      ...Object.fromEntries(documents.map(({ name }) => [name, 410])),
      health: 200,
    });
  });

  test("the schema of a report stands on its own and takes every example", () => {
    const schema: unknown = JSON.parse(ask("reportSchema", {}).body);
    const check = new Ajv2020({ strict: false, validateFormats: false }).compile(
      record.parse(schema),
    );
    for (const { value } of reports) expect(check(value), JSON.stringify(check.errors)).toBe(true);
    expect(check({ ...reports[0]?.report, verdict: "perhaps" })).toBe(false);
  });
});
