/** Servers that mean no good, or no TLS: each ends in time, with the right word, and leaves nothing behind. */
import { readFileSync } from "node:fs";
import { X509Certificate } from "node:crypto";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { createServer } from "node:tls";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { tls } from "../../lib/probes/tls.ts";
import { ask } from "../asking.ts";
import { inTime } from "../in-time.ts";
import { certificates } from "../servers/certificates.ts";
import { closing } from "../servers/closing.ts";
import { circle, enormousKey, manyNames } from "../servers/odd-certificates.ts";
import { needs } from "../servers/needs.ts";
import { openTo, portOf } from "../servers/ports.ts";
import { sServer } from "../servers/sserver.ts";
import { plainHttp, resettingOnData, silent } from "../servers/tcp.ts";
import {
  alert,
  answering,
  certificateMessage,
  derOf,
  endingOnData,
  endlessFragments,
  serverHello,
  swallowingLargeHellos,
  tlsRecord,
} from "../servers/tls.ts";
import { memoryOf } from "./zoo.ts";

const DEADLINE_MS = 1000;

const judged = (port: number, timeoutMs = DEADLINE_MS) =>
  inTime(timeoutMs, () =>
    ask(tls, [
      ["target", `127.0.0.1:${port}`],
      ["timeoutMs", timeoutMs],
    ]),
  );

const rsaRequest = tlsRecord(22, Buffer.of(0, 0, 0, 0));

/** A HelloRetryRequest for P-256, RFC 8446 §4.1.4, with no session. */
const helloRetry = tlsRecord(
  22,
  Buffer.concat([
    Buffer.of(2, 0, 0, 52, 3, 3),
    Buffer.from("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c", "hex"),
    Buffer.of(0, 0x13, 0x01, 0, 0, 12, 0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 23),
  ]),
);

const rows: readonly (readonly [string, () => Promise<{ port: number }>, string])[] = [
  ["is silent after the ClientHello", silent, "tls.timeout"],
  ["resets after the ClientHello", resettingOnData, "tls.closed"],
  ["ends the connection after the ClientHello", endingOnData, "tls.closed"],
  ["declines with alert 40", () => answering(alert(40)), "tls.alert"],
  ["speaks plain HTTP", plainHttp, "tls.not_tls"],
  [
    "announces a record of 65,535 octets",
    () => answering(Buffer.concat([Buffer.of(22, 3, 3, 0xff, 0xff), Buffer.alloc(0xffff)])),
    "tls.failed",
  ],
  ["never ends a message", endlessFragments, "tls.failed"],
  [
    "sends 201 certificates",
    async () => {
      const der = await derOf("good");
      const chain = Array.from({ length: 201 }, () => der);
      return answering(Buffer.concat([serverHello, certificateMessage(chain)]));
    },
    "tls.failed",
  ],
  [
    "asks for another hello again and again",
    () => answering(Buffer.concat([helloRetry, helloRetry])),
    "tls.failed",
  ],
  [
    "asks to begin anew in mid-handshake",
    () => answering(Buffer.concat([rsaRequest, rsaRequest, alert(100)])),
    "tls.",
  ],
];

describe.skipIf(process.platform !== "linux")("a server that", () => {
  test("is connected to is seen in the table of sockets", async () => {
    const { port } = await silent();
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    expect(openTo(port)).toBe(1);
    socket.destroy();
  });

  test.each(rows)("%s", async (_what, start, code) => {
    const { port } = await start();
    const report = await judged(port);
    expect(report.findings[0]?.code).toMatch(new RegExp(`^${code.replace(".", "\\.")}`));
    await pause(50);
    expect(openTo(port)).toBe(0);
  });

  test("shows 91 certificates is heard out, and ten of them are shown", async () => {
    const der = await derOf("good");
    const made = await certificates();
    const chain = Array.from({ length: 91 }, () => der);
    const report = await judged(
      (await servingChain(made("good").key, made("good").cert, chain.length)).port,
    );
    const [first] = Object.values(report.result["addresses"] ?? {});
    expect(first).toMatchObject({
      handshake: { chain: { sentCount: 91, oddities: ["duplicate"] } },
    });
    expect(JSON.stringify(first).match(/"serial"/g)?.length).toBeLessThan(24);
  });
});

test("all of them together leave less than a megabyte behind", async () => {
  const servers = await Promise.all(rows.map(([, start]) => start()));
  const questions = servers.map(({ port }): [string, string][] => [
    ["target", `127.0.0.1:${port}`],
    ["timeoutMs", "200"],
  ]);
  const { asked, heap, peak } = await memoryOf("tls", questions);
  expect(asked).toBeGreaterThanOrEqual(rows.length);
  expect(heap).toBeLessThan(1);
  expect(peak).toBeLessThan(128);
}, 120_000);

needs("openssl")("a server of OpenSSL that", () => {
  const first = (report: Awaited<ReturnType<typeof judged>>): unknown =>
    Object.values(Object(report.result["addresses"]))[0];

  test("shows 2,000 names: a hundred are shown", async () => {
    const { port } = await sServer(await manyNames(2000));
    const report = await judged(port);
    expect(report.findings[0]).toMatchObject({ code: "tls.name_mismatch" });
    const names = JSON.stringify(first(report)).match(/host-\d+\.example/g) ?? [];
    expect(new Set(names).size).toBe(100);
  });

  test("shows issuers in a circle: the path ends where it began", async () => {
    const { port } = await sServer(await circle(), ["-no-CAfile"]);
    const report = await judged(port);
    expect(report.findings[0]?.code).toMatch(/^tls\./);
    expect(first(report)).toMatchObject({
      handshake: { trusted: false, chain: { sentCount: 3, built: [{}, {}, {}] } },
    });
  });

  test("shows a key of 16,384 bits: it is used once, and no longer than a moment", async () => {
    const pem = readFileSync(await enormousKey(), "utf8");
    const der = new X509Certificate(pem).raw;
    const done = tlsRecord(22, Buffer.of(14, 0, 0, 0));
    const hello = Buffer.concat([serverHello, certificateMessage([der]), done, alert(40)]);
    const { port } = await answering(hello);
    const before = process.threadCpuUsage();
    const report = await judged(port);
    const spent = process.threadCpuUsage(before);
    expect(report.findings[0]).toMatchObject({ code: "tls.alert" });
    expect(first(report)).toMatchObject({
      handshake: { chain: { sent: [{ subject: "CN=enormous", key: "RSA 16384" }] } },
    });
    // Of this thread alone, in microseconds: the key itself takes some ten milliseconds.
    expect(spent.user + spent.system).toBeLessThan(500_000);
  });
});

/** Node's own server, with the same certificate over and over. */
async function servingChain(keyFile: string, certFile: string, count: number) {
  const own = readFileSync(certFile, "utf8");
  const server = createServer({
    key: readFileSync(keyFile),
    cert: Array.from({ length: count }, () => own).join(""),
  });
  server
    .on("tlsClientError", () => {})
    .on("secureConnection", (socket) => socket.on("error", () => {}));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing(() => void server.close());
  return { port: portOf(server) };
}

needs("openssl")("a handshake that stalls", () => {
  test("with a large ClientHello is tried beside it with a small one", async () => {
    const made = await certificates();
    const { port } = await swallowingLargeHellos((await sServer(made("good"))).port);
    const report = await judged(port, 2000);
    expect(report.verdict).toBe("fail");
    expect(report.findings.map((one) => one.code)).toEqual(["tls.large_hello", "tls.timeout"]);
    const [first] = Object.values(report.result["addresses"] ?? {});
    expect(first).toMatchObject({ handshake: { smallHello: { answered: true } } });
  });

  test("with any ClientHello is only silent", async () => {
    const { port } = await silent();
    const report = await judged(port, 1500);
    expect(report.findings.map((one) => one.code)).toEqual(["tls.timeout"]);
    const [first] = Object.values(report.result["addresses"] ?? {});
    expect(first).toMatchObject({ handshake: { smallHello: { answered: false } } });
  });
});
