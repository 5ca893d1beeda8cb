/** Runs inside the network that opened.test.ts makes: two ways that lose packets of more than 1300 octets. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type ServerOptions } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { describe, expect, onTestFinished, test } from "vitest";
import { tcp } from "../../lib/probes/tcp.ts";
import type { Report } from "../../lib/report.ts";
import { ask } from "../asking.ts";
import { certificates } from "../servers/certificates.ts";
import { portOf } from "../servers/ports.ts";
import { silent } from "../servers/tcp.ts";

/** Sends back what it is sent, as /api/echo does. */
const echo: RequestListener = (request, response) => response.end(JSON.stringify(request.headers));
const terse: RequestListener = (_request, response) => response.end("ok");

async function serving(host: string, answer: RequestListener, options: ServerOptions = {}) {
  const server = createServer(options, answer).listen(0, host);
  onTestFinished(() => server.close().closeAllConnections());
  await once(server, "listening");
  return `http://${host}:${portOf(server)}/api/echo`;
}

const sizes = (target: string) =>
  ask(tcp, [
    ["target", target],
    ["size", "ladder"],
    ["timeoutMs", 1000],
  ]);

const codes = ({ findings }: Report) => findings.map(({ code }) => code);
const ladder = (report: Report): unknown => {
  const [first] = [report.result["addresses"]].flat();
  return Reflect.get(Object(first), "ladder");
};

describe("a way that loses large packets", () => {
  test("shows by the sizes that meet silence", async () => {
    const report = await sizes(await serving("10.9.1.3", terse));
    expect(codes(report)).toEqual(["tcp.mtu_hole", "http.timeout"]);
    expect(report).toMatchObject({ verdict: "fail" });
    expect(ladder(report)).toMatchObject({ passedOctets: 1000, stalledOctets: 1150 });
    expect(report.findings[0]?.evidence).toContain("silent with 1150");
  });

  test("shows on the way back where the target sends back what it is sent", async () => {
    expect(codes(await sizes(await serving("10.9.1.4", echo)))).toContain("tcp.mtu_hole");
    expect(codes(await sizes(await serving("10.9.1.4", terse)))).toEqual([]);
  });

  test("shows after TLS, whatever its certificate is", async () => {
    const made = await certificates();
    const { key, cert } = made("selfSigned");
    const server = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, terse);
    onTestFinished(() => server.close().closeAllConnections());
    server.listen(0, "10.9.1.3");
    await once(server, "listening");
    const report = await sizes(`https://10.9.1.3:${portOf(server)}/`);
    expect(codes(report)).toEqual(["tcp.mtu_hole", "http.timeout"]);
    expect(JSON.stringify(report.result)).toContain('"protocol":"TLSv1.3"');
  });
});

describe("what looks alike and is no hole", () => {
  test("a way that passes everything", async () => {
    const report = await sizes(await serving("127.0.0.1", echo));
    expect(report).toMatchObject({ verdict: "pass", findings: [] });
    expect(report.summary).toContain("answered with up to 3000 octets more");
  });

  test("a server that declines long headers: that is an answer", async () => {
    const report = await sizes(await serving("127.0.0.1", terse, { maxHeaderSize: 1024 }));
    expect(codes(report)).toEqual([]);
    expect(JSON.stringify(report.result)).toContain('"status":431');
  });

  test("a server that is silent beyond what takes two packets anyway", async () => {
    const stalling: RequestListener = (request, response) => {
      if (String(request.headers["x-sonde-padding"]).length < 2000) response.end("ok");
    };
    expect(codes(await sizes(await serving("127.0.0.1", stalling)))).toEqual(["http.timeout"]);
  });

  test("a server that is silent whatever it is asked", async () => {
    const { port } = await silent();
    const report = await sizes(`http://127.0.0.1:${port}`);
    expect(codes(report)).toEqual(["http.timeout"]);
    expect(ladder(report)).not.toHaveProperty("passedOctets");
  });

  test("a target that answers nothing by itself is not taken at all", async () => {
    await expect(sizes("tcp://127.0.0.1:9")).rejects.toThrow("https:// or http://");
  });
});
