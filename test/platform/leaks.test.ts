/** Whatever an environment holds, no secret of it is in an answer, in any format, or in a line of the log. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Request } from "../../lib/api/http.ts";
import { routes } from "../../lib/api/routes.ts";
import type { Environment } from "../../lib/here.ts";
import { surfaces } from "../../lib/surfaces/index.ts";
import { localEdge } from "../asking.ts";
import { mark, recorded } from "./environments.ts";

const formats = surfaces.map(({ name }) => name);

/** Questions that send nothing: they are asked on every platform, the refused ones too. */
const questions = [
  ...formats.flatMap((format) => [
    ["vantage", "GET", `?format=${format}`],
    ["echo", "GET", `?format=${format}`],
  ]),
  ["vantage", "GET", "?select=vantage"],
  ["vantage", "GET", "?expect.region=nowhere"],
  ["vantage", "GET", "?nonsense=1"],
  ["check", "GET", "?setting=AzureWebJobsStorag"],
  ["check", "GET", "?setting=WEBSITE_AUTH_SIGNING_KEY"],
  ["policy", "GET", ""],
  ["openapi", "GET", ""],
  ["findings", "GET", ""],
  ["health", "GET", ""],
  ["metrics", "GET", ""],
  ["suites", "GET", ""],
  ["suites", "GET", "?suite=self"],
  ["smoke", "GET", "?suite=nowhere"],
  ["compare", "POST", ""],
  ["compare", "POST", "?format=text"],
  ["compare", "POST", "", "[]"],
] as const;

/** Everything that came back and was written down, by question. */
async function heard(environment: Environment) {
  const edge = localEdge(environment, "nameserver 10.0.0.4\n");
  const pasted = Object.entries(environment).map(([name, value]) => ({ name, value }));
  const all = [];
  // One after the other: the caps of one caller hold here too.
  for (const [name, method, query, body = JSON.stringify(pasted)] of questions) {
    const route = routes.find((one) => one.name === name);
    if (route === undefined) throw new Error(`no route ${name}`);
    const request: Request = {
      method,
      url: `https://sonde.example/${route.route}${query}`,
      headers: [
        ["host", "sonde.example"],
        ["x-functions-key", mark],
        ["cookie", `ARRAffinity=${mark}`],
        ["x-ms-client-principal-id", "00000000-0000-4000-8000-000000000001"],
      ],
      text: async () => (method === "POST" ? body : ""),
    };
    const lines: string[] = [];
    const answer = await route.handle(request, edge, (line) => lines.push(line));
    all.push({ asked: `${method} ${name}${query}`, answer, lines });
  }
  return all;
}

function expectNothingOf(all: Awaited<ReturnType<typeof heard>>): void {
  for (const { asked, answer, lines } of all) {
    expect(JSON.stringify(answer), asked).not.toContain(mark);
    expect(lines.join("\n"), asked).not.toContain(mark);
  }
}

describe.each(recorded.map((each) => [each.name, each] as const))("%s", (_name, each) => {
  test("is shown in every format and logged, and none of its secrets is", async () => {
    const all = await heard(each.environment);
    expectNothingOf(all);
    for (const format of formats) {
      const shown = all.find(({ asked }) => asked === `GET vantage?format=${format}`);
      expect(shown?.answer, format).toMatchObject({ status: 200 });
      expect(shown?.answer.body.length, format).toBeGreaterThan(20);
      expect(shown?.lines, format).toHaveLength(1);
    }
    expect(all.flatMap(({ lines }) => lines).length).toBeGreaterThan(20);
  });
});

describe("a setting of Sonde that holds a secret by mistake", () => {
  const sample: unknown = JSON.parse(
    readFileSync(new URL("../../local.settings.sample.json", import.meta.url), "utf8"),
  );
  const names = JSON.stringify(sample).match(/SONDE_[A-Z_]+/g) ?? [];
  // It is there to be shown.
  const hidden = names.filter((name) => name !== "SONDE_BANNER");

  test.each(hidden)("%s repeats nothing of it", async (name) => {
    const values = [`https://u:${mark}@h/?code=${mark}`, `a=${mark} b=1.2.3.4`, `[${mark}]`];
    // Names of hosts and of the app stand in these, and are shown.
    const isNamed = ["SONDE_TARGETS", "SONDE_BESIDE", "SONDE_CONTROL_HOSTS"].includes(name);
    for (const value of isNamed ? values : [mark, ...values]) {
      const worker = { WEBSITE_INSTANCE_ID: "0123456789abcdef", [name]: value };
      expectNothingOf(await heard(worker));
    }
  });

  test("and all of the sample file are tried", () => {
    expect(hidden.length).toBeGreaterThan(9);
  });
});
