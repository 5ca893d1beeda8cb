/** What a suite demands of the deployment that answers: a version, and so many instances. */
import { describe, expect, test } from "vitest";
import { answerSmoke } from "../../lib/api/smoke.ts";
import { report as reportSchema } from "../../lib/report.ts";
import { localEdge } from "../asking.ts";

/** The suite's own check needs no network: what matters is whether it was asked. */
const suite = JSON.stringify({
  version: 1,
  checks: [{ name: "ours", probe: "vantage", input: { seen: "" } }],
});

async function ask(query: string, instance = "aaaaaaaa") {
  const environment = { WEBSITE_INSTANCE_ID: instance, WEBSITE_SITE_NAME: "here" };
  const request = {
    method: "POST",
    url: `https://sonde.example/api/smoke?${query}`,
    headers: [["content-type", "application/json"]] as const,
    text: async () => suite,
  };
  const { status, body } = await answerSmoke(request, localEdge(environment), () => {});
  const { checks = [], summary } = reportSchema.parse(JSON.parse(body));
  return { status, summary, names: checks.map(({ name }) => name), first: checks[0] };
}

const both = ["the deployment that answers", "ours"];
const alone = ["the deployment that answers"];

describe("expectVersion", () => {
  test("of the version that answers is one more check that holds", async () => {
    const { status, names, summary } = await ask("expectVersion=0.0.0");
    expect({ status, names, summary }).toEqual({
      status: 200,
      names: both,
      summary: "PASS 2 of 2 checks hold",
    });
  });

  test("of another fails at once, and asks nothing", async () => {
    const { status, names, first } = await ask("expectVersion=9.9.9&wait=1m");
    expect({ status, names }).toEqual({ status: 424, names: alone });
    expect(first?.expected).toMatchObject([{ key: "version", wanted: "9.9.9", actual: "0.0.0" }]);
  });
});

describe("instances", () => {
  test("is not reached by the first that answers, which is asked all the same", async () => {
    const { status, names, first } = await ask("instances=2");
    expect({ status, names }).toEqual({ status: 424, names: both });
    expect(first).toMatchObject({
      expected: [{ key: "instances", wanted: "at least 2", actual: "1", ok: false }],
      result: { deployment: { seen: ["aaaaaaaa"] } },
    });
  });

  test("is reached by the second, by what the caller has seen", async () => {
    const { status, names, first } = await ask("instances=2&seen=aaaaaaaa", "bbbbbbbb");
    expect({ status, names }).toEqual({ status: 200, names: both });
    expect(first?.result).toMatchObject({ deployment: { seen: ["aaaaaaaa", "bbbbbbbb"] } });
  });

  test("is no nearer when the same one answers again, and its checks are spared", async () => {
    const { status, names } = await ask("instances=2&seen=aaaaaaaa");
    expect({ status, names }).toEqual({ status: 424, names: alone });
  });

  test("cannot be none, and what was seen are names", async () => {
    for (const query of ["instances=0", "instances=2&seen=a%0ab"]) {
      await expect(ask(query)).rejects.toThrow();
    }
  });
});
