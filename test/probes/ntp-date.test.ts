/** The second opinion of the ntp probe: what a web server says of the time where NTP gets no answer. */
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { httpDateSheet } from "../../lib/facts/http-date.ts";
import { ntp } from "../../lib/probes/ntp.ts";
import { sheets } from "../../lib/facts/index.ts";
import { text } from "../../lib/surfaces/text.ts";
import { ask } from "../asking.ts";
import { certificates } from "../servers/certificates.ts";
import { startChrony } from "../servers/chrony.ts";
import { closing } from "../servers/closing.ts";
import { needs } from "../servers/needs.ts";
import { closedPort, portOf } from "../servers/ports.ts";
import { udpServer } from "../servers/scripted-udp.ts";
import { silent, tcpServer } from "../servers/tcp.ts";

const shape = z.object({
  addresses: z.tuple([
    z.object({
      httpDate: httpDateSheet.facts.partial().optional(),
      stopped: z.object({ stage: z.string(), code: z.string() }).optional(),
    }),
  ]),
});

async function askBoth(port: number, httpDate: string, timeoutMs = 2000) {
  const pairs = { target: `127.0.0.1:${port}`, httpDate, timeoutMs: `${timeoutMs}` };
  const report = await ask(ntp, Object.entries(pairs));
  const [branch] = shape.parse(report.result).addresses;
  return { report, ...branch, codes: report.findings.map(({ code }) => code) };
}

/** A web server whose clock is so many seconds ahead. */
const webServer = (aheadS: number, more = "") =>
  tcpServer((socket) =>
    socket.once("data", () => {
      const date = new Date(Date.now() + 1000 * aheadS).toUTCString();
      socket.end(`HTTP/1.1 200 OK\r\nDate: ${date}\r\n${more}Content-Length: 0\r\n\r\n`);
    }),
  );

describe("a time server that is shut", () => {
  test("beside a web server that agrees: the fact stands, and the no of NTP leads", async () => {
    const { port } = await webServer(0);
    const { report, httpDate, stopped, codes } = await askBoth(
      await closedPort(),
      `http://127.0.0.1:${port}`,
    );
    expect(stopped).toEqual({ stage: "ntp", code: "udp.refused" });
    expect(httpDate).toMatchObject({ server: `http://127.0.0.1:${port}`, cached: false });
    const { offsetMs = Number.NaN, errorMs = 0 } = httpDate ?? {};
    expect(Math.abs(offsetMs)).toBeLessThanOrEqual(errorMs + 1);
    expect(codes).toEqual(["udp.refused"]);
    expect(report.verdict).toBe("fail");
    expect(text.write(report, sheets)).toContain("a coarse second opinion");
  });

  test.each([300, -300])("beside one whose clock is %d s ahead", async (aheadS) => {
    const { port } = await webServer(aheadS);
    const { report, codes } = await askBoth(await closedPort(), `http://127.0.0.1:${port}`);
    expect(codes).toEqual(["udp.refused", "ntp.clock_off"]);
    const side = aheadS > 0 ? "behind" : "ahead of";
    expect(report.findings[1]?.evidence).toMatch(
      new RegExp(`^this clock is (?:300|299|301)\\d{3} ± 5\\d\\d ms ${side}`),
    );
  });

  test("beside a cache: its date is old and says nothing", async () => {
    const { port } = await webServer(-300, "Age: 300\r\n");
    const { httpDate, codes } = await askBoth(await closedPort(), `http://127.0.0.1:${port}`);
    expect(httpDate).toMatchObject({ cached: true });
    expect(codes).toEqual(["udp.refused"]);
  });

  test("over HTTPS, whatever the certificate", async () => {
    const { cert, key } = (await certificates())("expired");
    const pair = { cert: readFileSync(cert), key: readFileSync(key) };
    const server = createServer(pair, (_request, response) => void response.end());
    await once(server.listen(0, "127.0.0.1"), "listening");
    closing(() => void server.close());
    const { httpDate } = await askBoth(await closedPort(), `127.0.0.1:${portOf(server)}`);
    expect(httpDate).toMatchObject({ server: `https://127.0.0.1:${portOf(server)}` });
    expect(httpDate?.date).toBeTypeOf("string");
  });

  test("and a web server that is silent, closed or has no date: a fact, and no verdict", async () => {
    const undated = await tcpServer((socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\n\r\n")),
    );
    for (const [port, problem] of [
      [undated.port, "http.malformed"],
      [await closedPort(), "tcp.refused"],
      [(await silent()).port, "http.timeout"],
    ] as const) {
      const asked = await askBoth(await closedPort(), `http://127.0.0.1:${port}`, 500);
      expect(asked.httpDate).toMatchObject({ problem });
      expect(asked.codes).toEqual(["udp.refused"]);
    }
  });

  test("silent as well: there is time left to ask", async () => {
    const { port } = await webServer(0);
    const mute = await udpServer(() => []);
    const { stopped, httpDate } = await askBoth(mute.port, `http://127.0.0.1:${port}`, 1000);
    expect(stopped?.code).toBe("ntp.timeout");
    expect(httpDate?.date).toBeTypeOf("string");
  });
});

needs("chronyd")("a time server that answers", () => {
  test("is asked alone", async () => {
    await using chrony = await startChrony("local stratum 3", "allow 127.0.0.1");
    const web = await webServer(300);
    const { report, httpDate } = await askBoth(chrony.port, `http://127.0.0.1:${web.port}`);
    expect(report.verdict).toBe("pass");
    expect(httpDate).toBeUndefined();
    expect(web.accepted()).toBe(0);
  });
});
