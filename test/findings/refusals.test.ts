import { readFile } from "node:fs/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { describe, expect, test } from "vitest";
import { conclude } from "../../lib/findings/conclude.ts";
import { refusalCodes, refusalRules } from "../../lib/findings/refusals/index.ts";
import { leavesOf, type Leaf } from "../../lib/leaves.ts";
import { http } from "../../lib/probes/http.ts";
import { ask } from "../asking.ts";
import { certificates } from "../servers/certificates.ts";
import { site } from "../servers/http.ts";
import { needs } from "../servers/needs.ts";
import { nginx } from "../servers/nginx.ts";
import { nearMisses } from "./near-misses.ts";
import { recorded, type Recorded } from "./refused.ts";

/** A server that gives the recorded answer to everybody. */
const replaying = ({ status, statusText, headers = {}, body = "" }: Recorded) =>
  site((_request, response) => {
    response.writeHead(status, statusText ?? "", headers).end(body);
  });

const replay = async (answer: Recorded, ...more: [string, string][]) =>
  ask(http, [["target", await replaying(answer)], ...more]);

const codes = (report: { findings: readonly { code: string }[] }) =>
  report.findings.map(({ code }) => code);

describe("a recorded refusal is recognised", () => {
  test.each(recorded)("$code: $source", async (answer) => {
    const report = await replay(answer);
    expect(report.findings[0]?.code).toBe(answer.code);
    const { hops } = report.result;
    expect(hops).toMatchObject([{ request: { status: answer.status } }]);
    if (answer.seenAs !== undefined) {
      expect(hops).toMatchObject([{ request: { seenAs: answer.seenAs } }]);
      expect(report.findings[0]?.evidence).toContain(answer.seenAs);
    }
  });
});

describe("a near miss is not", () => {
  test.each(nearMisses)("$code: $source", async (answer) => {
    expect(codes(await replay(answer))).not.toContain(answer.code);
  });
});

test("every refusal has a recorded answer or a server of its own, and a near miss", () => {
  const elsewhere = [
    "http.client_certificate_wanted",
    "http.cut_off",
    "http.half_tls",
    "http.login",
  ];
  expect([...new Set(recorded.map(({ code }) => code)), ...elsewhere].toSorted()).toEqual(
    [...refusalCodes].toSorted(),
  );
  expect([...new Set(nearMisses.map(({ code }) => code)), ...elsewhere].toSorted()).toEqual(
    [...refusalCodes].toSorted(),
  );
});

test("what nobody documents is never said to be certain, and says what it rests on", () => {
  const undocumented = refusalRules.filter(({ why }) => why.includes("consistent with"));
  const codesOf = undocumented.map(({ code }) => code);
  expect(codesOf).toContain("http.site_unknown");
  expect(codesOf).not.toContain("http.site_stopped");
  for (const { code, confidence } of undocumented) expect(confidence, code).not.toBe("certain");
});

test("the status of a recognised refusal can be expected like any other", async () => {
  const stopped = recorded.find(({ code }) => code === "http.site_stopped");
  if (stopped === undefined) throw new Error("not recorded");
  expect(await replay(stopped)).toMatchObject({ verdict: "fail" });
  expect(await replay(stopped, ["expect.status", "403"])).toMatchObject({
    verdict: "pass",
    findings: [{ code: "http.site_stopped", severity: "info" }, { code: "http.client_error" }],
  });
});

test("401 with a challenge passes: the path is proved, who we are is not", async () => {
  const asking = recorded.find(({ status }) => status === 401);
  if (asking === undefined) throw new Error("not recorded");
  expect(await replay(asking)).toMatchObject({
    verdict: "pass",
    findings: [{ code: "http.unauthenticated" }],
  });
});

test("a sign-in that comes back to the host that was asked is information", async () => {
  const origin = await site((request, response) => {
    const back = `http://${request.headers.host}/.auth/login/aad/callback`;
    const location = `https://login.example.test/authorize?redirect_uri=${encodeURIComponent(back)}`;
    response.writeHead(302, { location }).end();
  });
  const report = await ask(http, [["target", origin]]);
  expect(codes(report)).toEqual(["http.login"]);
  expect(report.verdict).toBe("pass");
});

needs("nginx", "openssl")("a TLS port that is spoken to in plain HTTP", () => {
  test("is told from a front end that does so behind TLS", async () => {
    const { cert, key } = (await certificates())("good");
    const { port } = await nginx(
      (own) => `server {
  listen 127.0.0.1:${own} ssl;
  ssl_certificate ${cert};
  ssl_certificate_key ${key};
}`,
    );
    const report = await ask(http, [["target", `http://127.0.0.1:${port}/`]]);
    expect(report.findings[0]).toMatchObject({ code: "http.wants_tls" });
    const [leaf] = leavesOf(report.result);
    const request = { ...leaf?.facts.request, url: "https://front.example.test/" };
    const behind = conclude([{ facts: { request }, depth: 4 }]);
    expect(codes({ findings: behind })).toEqual(["http.half_tls", "http.client_error"]);
  });
});

needs("nginx", "openssl")("nginx that wants a client certificate", () => {
  test.each([
    [
      "on",
      ["http.client_certificate_wanted", "tls.client_certificate_requested", "http.client_error"],
    ],
    ["optional", ["tls.client_certificate_requested"]],
  ])("%s: %j", async (demand, expected) => {
    const made = await certificates();
    const { cert, key } = made("good");
    // Before the first handshake of this file: the trust store is read once.
    setDefaultCACertificates([
      ...getCACertificates("default"),
      await readFile(made("ca").cert, "utf8"),
    ]);
    const { port } = await nginx(
      (own) => `server {
  listen 127.0.0.1:${own} ssl;
  ssl_certificate ${cert};
  ssl_certificate_key ${key};
  ssl_client_certificate ${made("ca").cert};
  ssl_verify_client ${demand};
  location / { return 200 "hello"; }
}`,
    );
    const report = await ask(http, [["target", `https://127.0.0.1:${port}/`]]);
    expect(codes(report).toSorted()).toEqual(expected.toSorted());
  });
});

describe("http.cut_off", () => {
  const late = (firstByte: number, status = 504): Leaf => ({
    facts: { request: { status, timings: { firstByte } } },
    depth: 3,
  });
  test.each([20_010, 230_400, 240_020, 300_000, 1_800_900])("%d ms is somebody's limit", (ms) => {
    expect(codes({ findings: conclude([late(ms)]) })).toContain("http.cut_off");
  });
  test.each([19_000, 25_000, 227_000, 262_000, 1_870_000])("%d ms is nobody's", (ms) => {
    expect(codes({ findings: conclude([late(ms)]) })).not.toContain("http.cut_off");
  });
  test("is not drawn for an answer, however late", () => {
    expect(codes({ findings: conclude([late(240_000, 200)]) })).not.toContain("http.cut_off");
  });
});
