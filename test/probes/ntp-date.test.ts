/** The second opinion of a web server, where NTP gets no answer. */
import { readFileSync } from "node:fs";
import { createServer as http, type RequestListener } from "node:http";
import { createServer as https } from "node:https";
import { once } from "node:events";
import { beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { sheets } from "../../lib/facts/index.ts";
import { dateSheet } from "../../lib/facts/date.ts";
import { ntp } from "../../lib/probes/ntp.ts";
import * as surface from "../../lib/surfaces/text.ts";
import { ask } from "../asking.ts";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { closing } from "../servers/closing.ts";
import { closedPort, portOf } from "../servers/ports.ts";
import { answer, startScripted } from "../servers/scripted-ntp.ts";
import { udpServer } from "../servers/scripted-udp.ts";

let made: Certificates;
beforeAll(async () => {
  made = await certificates();
});

/** A web server that answers so, and counts who came. */
async function web(listener: RequestListener, secure = false) {
  let asked = 0;
  const counting: RequestListener = (request, response) => {
    asked += 1;
    expect(request.method).toBe("HEAD");
    listener(request, response);
  };
  const { cert, key } = made("expired");
  const server = secure
    ? https({ cert: readFileSync(cert), key: readFileSync(key) }, counting)
    : http(counting);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: portOf(server), asked: () => asked };
}

const ahead =
  (ms: number, more: Readonly<Record<string, string>> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(200, { date: new Date(Date.now() + ms).toUTCString(), ...more }).end();

const branch = z.object({
  date: dateSheet.facts.optional(),
  stopped: z.object({ stage: z.string(), code: z.string() }).optional(),
});

async function askBoth(port: number, date: string) {
  const pairs = { target: `127.0.0.1:${port}`, date, timeoutMs: "1500" };
  const report = await ask(ntp, Object.entries(pairs));
  const [first] = z.object({ addresses: z.tuple([branch]) }).parse(report.result).addresses;
  return { report, stopped: first.stopped?.code, opinion: first.date };
}

test.each([0, 3_600_000, -90_000])("is asked for when UDP is silent: %i ms ahead", async (ms) => {
  const { port } = await udpServer(() => []);
  const site = await web(ahead(ms));
  const { report, stopped, opinion } = await askBoth(port, `http://127.0.0.1:${site.port}`);
  expect(stopped).toBe("ntp.timeout");
  const { offsetMs, errorMs } = z
    .object({ offsetMs: z.number(), errorMs: z.number() })
    .parse(opinion);
  expect(Math.abs(offsetMs - ms)).toBeLessThanOrEqual(errorMs + 5);
  expect(errorMs).toBeGreaterThanOrEqual(500);
  expect(report.verdict).toBe("fail");
  expect(report.findings[0]?.code).toBe("ntp.timeout");
  expect(report.findings.some((one) => one.code === "ntp.coarse_offset")).toBe(ms !== 0);
  expect(surface.text.write(report, sheets)).toContain("a coarse second opinion");
});

test("is asked for when the port is refused", async () => {
  const site = await web(ahead(0));
  const { stopped, opinion } = await askBoth(await closedPort(), `http://127.0.0.1:${site.port}`);
  expect(stopped).toBe("udp.refused");
  expect(opinion?.offsetMs).toBeTypeOf("number");
});

test("is not asked for when NTP answers, or says no by itself", async () => {
  const site = await web(ahead(0));
  for (const fields of [{}, { stratum: 0, referenceId: "RATE", leap: 3 }]) {
    await using server = await startScripted((request) => [answer(request, fields)]);
    expect((await askBoth(server.port, `http://127.0.0.1:${site.port}`)).opinion).toBeUndefined();
  }
  expect(site.asked()).toBe(0);
});

test("out of a cache counts from when it was made", async () => {
  const site = await web(ahead(-600_000, { age: "600" }));
  const { opinion } = await askBoth(await closedPort(), `http://127.0.0.1:${site.port}`);
  expect(Math.abs(opinion?.offsetMs ?? Number.NaN)).toBeLessThan(2000);
});

test("without a Date there is none, and the no stays", async () => {
  const mute = await web((_request, response) => {
    response.sendDate = false;
    response.end();
  });
  const { stopped, opinion, report } = await askBoth(
    await closedPort(),
    `http://127.0.0.1:${mute.port}`,
  );
  expect(stopped).toBe("udp.refused");
  expect(opinion).toMatchObject({ whyNot: "the answer has no Date to read" });
  expect(report.verdict).toBe("fail");
});

test("behind a certificate that is bad it counts, and says so", async () => {
  const expired = await web(ahead(0), true);
  const { opinion } = await askBoth(await closedPort(), `https://127.0.0.1:${expired.port}`);
  expect(opinion).toMatchObject({ verified: false, offsetMs: expect.any(Number) });
});

test("a web server that may not be probed, or is not there, is a fact", async () => {
  const floor = await askBoth(await closedPort(), "http://169.254.169.254");
  expect(floor.opinion?.whyNot).toMatch(/169\.254\.169\.254/);
  const none = await askBoth(await closedPort(), `http://127.0.0.1:${await closedPort()}`);
  expect(none.opinion?.whyNot).toContain("refused");
});
