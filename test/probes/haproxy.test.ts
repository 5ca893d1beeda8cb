/** HAProxy that refuses in its ways, and whose backend is dead: what each looks like from outside. */
import { beforeAll, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import type { AnyProbe } from "../../lib/probe.ts";
import { http } from "../../lib/probes/http.ts";
import { tcp } from "../../lib/probes/tcp.ts";
import { tls } from "../../lib/probes/tls.ts";
import type { Report } from "../../lib/report.ts";
import { readyToRequest } from "../../lib/stages/request.ts";
import { ask } from "../asking.ts";
import { inTime } from "../in-time.ts";
import { haproxy } from "../servers/haproxy.ts";
import { needs } from "../servers/needs.ts";
import { silent } from "../servers/tcp.ts";

const DEADLINE_MS = 800;

const quick: Pair = ["timeoutMs", `${DEADLINE_MS}`];

const asked = (probe: AnyProbe, target: string, ...more: Pair[]) =>
  inTime(DEADLINE_MS, () => ask(probe, [["target", target], quick, ...more]));

const codesOf = ({ findings }: Report) => findings.map(({ code }) => code);

/** A frontend with these rules, before a server that may be dead. */
async function proxy(rules: readonly string[], server = "127.0.0.1:1"): Promise<string> {
  const { port } = await haproxy(
    (own) => `frontend here
  bind 127.0.0.1:${own}
${rules.map((rule) => `  ${rule}`).join("\n")}
  default_backend there
backend there
  retries 0
${rules.filter((rule) => /^(mode|timeout)/.test(rule)).join("\n")}
  server only ${server}
`,
  );
  return `127.0.0.1:${port}`;
}

needs("haproxy")("HAProxy", () => {
  beforeAll(readyToRequest);

  test.each([
    ["tcp-request content silent-drop", "http.timeout"],
    ["http-request silent-drop", "http.timeout"],
    ["tcp-request content reject", "http.closed"],
    ["http-request reject", "http.closed"],
    ["http-request deny", "http.client_error"],
    ["http-request return status 200", undefined],
  ])("with %s lets connect, and HTTP finds out: %s", async (rule, code) => {
    const place = await proxy([rule]);
    const open = await asked(tcp, place);
    expect(codesOf(open)).toEqual([]);
    expect(open.notProved[0]).toContain("a firewall may have opened it");
    const report = await asked(http, `http://${place}/`);
    expect(codesOf(report)).toEqual(code === undefined ? [] : [code]);
  });

  test("that drops connections in silence is silent, or resets what is sent to it", async () => {
    const place = await proxy(["tcp-request connection silent-drop"]);
    expect(codesOf(await asked(tcp, place))).toEqual([]);
    const [code] = codesOf(await asked(http, `http://${place}/`));
    // It forgets the connection; whether the system still answers what comes for it is the system's affair.
    expect(["http.timeout", "http.closed", "tcp.reset"]).toContain(code);
  });

  test("that rejects connections resets them once they stand", async () => {
    const place = await proxy(["tcp-request connection reject"]);
    expect(codesOf(await asked(tcp, place, ["banner", "1"]))).toEqual(["tcp.reset"]);
    const [code] = codesOf(await asked(http, `http://${place}/`));
    // Whether before or after the request was written.
    expect(["tcp.reset", "http.closed"]).toContain(code);
  });

  test("whose server is dead answers in its place with 503", async () => {
    const place = await proxy([]);
    expect(codesOf(await asked(tcp, place))).toEqual([]);
    const report = await asked(http, `http://${place}/`);
    expect(codesOf(report)).toEqual(["http.status"]);
    expect(report.findings[0]?.evidence).toContain("503");
  });

  test("whose server is silent answers in its place with 504", async () => {
    const { port } = await silent();
    const place = await proxy(["timeout server 200"], `127.0.0.1:${port}`);
    const report = await asked(http, `http://${place}/`);
    expect(codesOf(report)).toEqual(["http.status"]);
    expect(report.findings[0]?.evidence).toContain("504");
  });

  test("that passes octets on to a dead server connects, and says nothing in TLS", async () => {
    const place = await proxy(["mode tcp"]);
    expect(codesOf(await asked(tcp, place))).toEqual([]);
    expect(codesOf(await asked(tls, place))[0]).toBe("tls.closed");
  });
});
