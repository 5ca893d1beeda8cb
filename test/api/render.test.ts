import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import type { Request } from "../../lib/api/http.ts";
import { answerRender } from "../../lib/api/render.ts";
import { readReport } from "../../lib/api/saved.ts";
import { http } from "../../lib/probes/http.ts";
import { tcp } from "../../lib/probes/tcp.ts";
import { report as reportSchema, type Report } from "../../lib/report.ts";
import { ask, localEdge } from "../asking.ts";
import { closedPort, portOf } from "../servers/ports.ts";
import { tcpServer } from "../servers/tcp.ts";
import { error, fail, pass, suite } from "../surfaces/reports.ts";

async function render(body: unknown, query = "", text = JSON.stringify(body)) {
  const request: Request = {
    method: "POST",
    url: `http://localhost/api/render${query}`,
    headers: [["content-type", "application/json"]],
    text: async () => text,
  };
  return answerRender(request, localEdge(), () => {});
}

/** Only what the real sheets can read. */
const bare = (report: Report): Report => ({ ...report, result: {} });
const [good, bad, refused] = [bare(pass), bare(fail), bare(error)];
const of = (...checks: readonly Report[]): Report => ({ ...suite, checks: [...checks] });

const reported = ({ body }: { readonly body: string }) => reportSchema.parse(JSON.parse(body));
const codeIn = ({ body }: { readonly body: string }) =>
  z.looseObject({ detail: z.string() }).parse(JSON.parse(body)).detail;

describe("a saved report", () => {
  test("is read back as it was, whatever was learned", async () => {
    const server = createServer((_, response) => void response.end("hello")).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const open = `127.0.0.1:${(await tcpServer((socket) => socket.end())).port}`;
    const reports = [
      await ask(tcp, [
        ["target", open],
        ["count", 2],
        ["intervalMs", 0],
      ]),
      await ask(tcp, [["target", `127.0.0.1:${await closedPort()}`]]),
      await ask(http, [
        ["target", `http://127.0.0.1:${portOf(server)}`],
        ["expect.status", "200"],
      ]),
    ];
    for (const report of reports) {
      const saved: unknown = JSON.parse(JSON.stringify(report));
      expect(readReport(saved, "body")).toEqual(saved);
    }
  });

  test("is shown in every format", async () => {
    expect((await render(good)).status).toBe(200);
    expect((await render(bad, "?format=short")).body).toMatch(/^FAIL tcp\.timeout/);
    const answer = await render(suite.checks?.map(bare), "?format=junit");
    expect(answer.headers["content-type"]).toBe("application/xml");
    expect(answer.body).toContain('<testsuites name="sonde smoke" tests="3" failures="1"');
  });

  test("of several places becomes one JUnit with a suite for each", async () => {
    const { status, body } = await render([of(good, bad), refused], "?format=junit");
    expect(status).toBe(200);
    expect(body.match(/<testsuite /g)).toHaveLength(2);
    expect(body.match(/<testcase /g)).toHaveLength(3);
  });

  test("of several places says which check was measured where", async () => {
    const elsewhere = { ...good, vantage: { ...good.vantage, app: "elsewhere" } };
    const reports = [of(good, bad), of(elsewhere), good];
    const { body } = await render(reports, "?format=text");
    expect(body).toMatch(/^1-2, 4: measured from app orders-diag .*\n/m);
    expect(body).toMatch(/^3: measured from app elsewhere /m);
    expect((await render([of(good, bad), good], "?format=text")).body).toMatch(/^measured from /m);
    const { body: list } = await render(reports, "?format=markdown");
    expect(list).toMatch(/^- 1-2, 4: measured from .*\n- 3: measured from app elsewhere/m);
  });

  test("of several suites has the names of all, and what none of them proved", async () => {
    const first = { ...of(good), name: "orders", notProved: ["a"] };
    const second = { ...of(bad), name: "payments", notProved: ["a", "b"] };
    const report = reported(await render([{ ...good, name: "a check" }, first, second, first]));
    expect(report.name).toBe("orders, payments");
    expect(report.notProved).toEqual(["a", "b"]);
  });

  test.each([
    ["no report", { hello: 1 }, "body.schema: use 1"],
    ["a number", [5], "reports.0: an object is needed"],
    ["no verdict", { ...good, verdict: "fial" }, "body.verdict: did you mean fail? use one of"],
  ])("with %s is told in words", async (_, body, why) => {
    expect(codeIn(await render(body))).toContain(why);
  });

  test.each([
    ["facts of another shape", { ...good, result: { connect: { localPort: "x" } } }],
    ["facts that are a list", { ...good, result: { addresses: [{ connect: [] }] } }],
    ["a fork that is no list", { ...good, result: { addresses: { on: "a" } } }],
    ["no report", { hello: 1 }],
    ["a verdict that is none", { ...good, verdict: "maybe" }],
    ["nothing", []],
    ["a check of a check that is wrong", of({ ...good, result: { resolve: 1 } })],
    ["something beside the reports", { reports: [good], more: 1 }],
    ["too many", Array.from({ length: 51 }, () => good)],
  ])("with %s is 400", async (_, body) => {
    const answer = await render(body);
    expect(answer.status).toBe(400);
    expect(codeIn(answer)).not.toBe("");
  });

  test("that is nested without end, or is no JSON, or far too long is refused unread", async () => {
    expect((await render(0, "", `{"a":`.repeat(200_000))).status).toBe(400);
    expect((await render(0, "", "[".repeat(1_000_000))).status).toBe(400);
    expect((await render(0, "", "{")).status).toBe(400);
    expect((await render(0, "", `"${"x".repeat(9_000_000)}"`)).status).toBe(413);
  });

  test("may hold brackets in its text", async () => {
    expect((await render({ ...good, summary: `PASS ${'[{"'.repeat(100)}` })).status).toBe(200);
  });
});

describe("beside a baseline", () => {
  const named = (report: Report, name: string): Report => ({ ...report, name });

  test("nothing that is the same is shown", async () => {
    const before = of(named(good, "a"), named(bad, "b"));
    const answer = await render({ reports: [before], baseline: before });
    expect(answer.status).toBe(200);
    expect(reported(answer)).toMatchObject({ ok: true, checks: [] });
  });

  test("what is worse is 424, or what fail says", async () => {
    const reports = [of(named(bad, "a"), named(good, "b"))];
    const baseline = of(named(good, "a"), named(good, "b"));
    const answer = await render({ reports, baseline });
    expect(answer.status).toBe(424);
    expect(reported(answer)).toMatchObject({
      summary: "FAIL 1 of 2 checks fail that did not before, 1 differ",
      checks: [{ name: "a", verdict: "fail", was: "pass" }],
    });
    expect((await render({ reports, baseline }, "?fail=503")).status).toBe(503);
  });

  test("what is better, as bad, gone or new and good is told, and is 200", async () => {
    const other = {
      ...bad,
      findings: bad.findings.map((one) => ({ ...one, code: "tcp.refused" })),
    };
    const reports = [of(named(good, "better"), named(other, "as bad"), named(good, "new"))];
    const baseline = of(named(bad, "better"), named(bad, "as bad"), named(bad, "gone"));
    const answer = await render({ reports, baseline });
    expect(answer.status).toBe(200);
    expect(reported(answer).checks).toMatchObject([
      { name: "better", verdict: "pass", was: "fail" },
      { name: "as bad", verdict: "warn", was: "fail" },
      { name: "new", verdict: "pass" },
      { name: "gone", verdict: "skip", was: "fail" },
    ]);
    const { body } = await render({ reports, baseline }, "?format=markdown");
    expect(body).toContain("0 of 3 checks fail that did not before, 3 differ, 1 gone");
    for (const said of ["better: ", "as bad: tcp.timeout ", "gone: no longer among the checks: "]) {
      expect(body).toMatch(new RegExp(`\\| ${said}.* \\(was fail\\) \\|`));
    }
  });

  test("what is new and bad is worse", async () => {
    const answer = await render({ reports: [of(good, bad)], baseline: of(good) });
    expect(answer.status).toBe(424);
  });
});
