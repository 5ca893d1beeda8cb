/** What a suite concludes from its checks together, run against servers, and from reports that were saved. */
import { expect, test } from "vitest";
import type { Request } from "../../lib/api/http.ts";
import { answerSmoke } from "../../lib/api/smoke.ts";
import { readReport } from "../../lib/api/saved.ts";
import type { Report } from "../../lib/report.ts";
import { conclude } from "../../lib/suite/conclude.ts";
import { localEdge } from "../asking.ts";
import { refusing, tdsServer } from "../servers/tds.ts";

async function asked(suite: unknown, format = "json"): Promise<string> {
  const request: Request = {
    method: "POST",
    url: `http://localhost/api/smoke?format=${format}`,
    headers: [["content-type", "application/json"]],
    text: async () => JSON.stringify(suite),
  };
  return (await answerSmoke(request, localEdge(), () => {})).body;
}

/** Two servers of Azure SQL, as the answers to a login have it. */
async function suiteOf(...numbers: readonly number[]) {
  const checks = numbers.map(async (number) => {
    const answer = refusing(number, "Cannot open server 'x' requested by the login.");
    const { port } = await tdsServer({ policy: "not-supported", answer });
    return { probe: "sql", target: `127.0.0.1:${port}`, input: { login: "dummy" } };
  });
  return { version: 1, checks: await Promise.all(checks) };
}

function read(body: string): Report {
  const found = readReport(JSON.parse(body), "body");
  if ("problem" in found) throw new Error(body);
  return found;
}

test("a server that wants a rule for the subnet beside one that has it is told by the suite", async () => {
  const suite = await suiteOf(18_456, 40_914);
  const { findings, checks = [] } = read(await asked(suite));
  expect(findings).toMatchObject([
    { code: "sql.vnet_rule_each", on: [suite.checks[1]?.target], basis: "documents" },
  ]);
  expect(checks.map((check) => check.findings[0]?.code)).toEqual(["sql.plain", "sql.vnet_rule"]);
  expect(await asked(suite, "text")).toContain("One SQL server admits this subnet");
});

test("two that both want it, or an address that is refused, are not", async () => {
  for (const numbers of [
    [40_914, 40_914],
    [18_456, 40_615],
  ]) {
    expect(read(await asked(await suiteOf(...numbers))).findings).toEqual([]);
  }
});

test("nor are reports from two places, put together", async () => {
  const whole = read(await asked(await suiteOf(18_456, 40_914)));
  const moved = (whole.checks ?? []).map((check, index) => ({
    ...check,
    vantage: { ...check.vantage, privateIp: `10.0.0.${index}` },
  }));
  expect(conclude(moved, whole).findings).toEqual([]);
});
