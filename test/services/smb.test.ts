/** The greeting of SMB against Samba, against answers that are broken, and from where it cannot be tried. */
import { expect, test } from "vitest";
import * as z from "zod";
import { decodePairs } from "../../lib/api/decode.ts";
import type { Environment } from "../../lib/here.ts";
import { service } from "../../lib/probes/service.ts";
import { run } from "../../lib/run.ts";
import { nowhere } from "../asking.ts";
import { encodeNegotiate } from "../../lib/protocols/smb.ts";
import { needs } from "../servers/needs.ts";
import { samba } from "../servers/samba.ts";
import { silent, tcpServer } from "../servers/tcp.ts";
import { greet } from "./greet.ts";

needs("smbd")("Samba", () => {
  test.each([
    [[], { dialect: "3.1.1", signing: "enabled", encryption: "AES-128-GCM" }],
    [
      ["server signing = mandatory", "server smb3 encryption algorithms = AES-256-GCM"],
      { dialect: "3.1.1", signing: "required", encryption: "AES-256-GCM" },
    ],
    [
      ["server max protocol = SMB3_02"],
      { dialect: "3.0.2", signing: "enabled", encryption: "AES-128-CCM" },
    ],
    [["server max protocol = SMB2_10"], { dialect: "2.1", signing: "enabled", encryption: "none" }],
  ])("with %j", async (lines, facts) => {
    const { port } = await samba(...lines);
    const { report, branch } = await greet(`smb://127.0.0.1:${port}`, {
      "expect.smbDialect": facts.dialect,
    });
    expect(branch["smb"]).toMatchObject(facts);
    expect(report).toMatchObject({ verdict: "pass", expected: [{ ok: true }] });
  });

  test("its clock is this machine's", async () => {
    const { port } = await samba();
    const before = Date.now();
    const { branch } = await greet(`smb://127.0.0.1:${port}`);
    const { time } = z.object({ time: z.string() }).parse(branch["smb"]);
    expect(Math.abs(Date.parse(time) - before)).toBeLessThan(10_000);
  });
});

/** An answer of SMB 2 with these octets after its header. */
function answer(body: Buffer, status = 0): Buffer {
  const bytes = Buffer.alloc(4 + 64 + body.length);
  bytes.writeUInt32BE(bytes.length - 4);
  bytes.write("\xfeSMB", 4, "latin1");
  bytes.writeUInt32LE(status, 4 + 8);
  body.copy(bytes, 68);
  return bytes;
}

/** 3.1.1 with one context that is said to be there. */
function negotiated(offset: number, size = 4): Buffer {
  const body = Buffer.alloc(80);
  body.writeUInt16LE(65, 0);
  body.writeUInt16LE(0x0311, 4);
  body.writeUInt16LE(1, 6);
  body.writeUInt32LE(offset, 60);
  body.writeUInt16LE(2, 64);
  body.writeUInt16LE(size, 66);
  return body;
}

test.each([
  ["a context that begins outside", answer(negotiated(4000)), "service.malformed"],
  ["a context that ends outside", answer(negotiated(128, 4000)), "service.malformed"],
  ["a body that is cut short", answer(Buffer.alloc(10)), "service.malformed"],
  ["a status", answer(Buffer.alloc(64), 0xc0000022), "service.refused"],
  ["SMB 1", Buffer.from(`\0\0\0\x60\xffSMB${"\0".repeat(92)}`, "latin1"), "service.wrong_protocol"],
  [
    "a length that no answer has",
    Buffer.from("\0\x7f\xff\xff\xfeSMB", "latin1"),
    "service.wrong_protocol",
  ],
])("%s is %s", async (_, bytes, code) => {
  const { port } = await tcpServer((socket) => void socket.once("data", () => socket.write(bytes)));
  expect((await greet(`smb://127.0.0.1:${port}`)).codes).toEqual([code]);
});

test("a cipher of 0 and no context are both no encryption", async () => {
  const { port } = await tcpServer(
    (socket) => void socket.once("data", () => socket.write(answer(negotiated(128)))),
  );
  expect((await greet(`smb://127.0.0.1:${port}`)).branch["smb"]).toEqual({
    dialect: "3.1.1",
    signing: "disabled",
    encryption: "none",
  });
});

test("every context of the hello begins at a multiple of eight octets", () => {
  const hello = encodeNegotiate().subarray(4);
  let at = hello.readUInt32LE(64 + 28);
  const kinds: number[] = [];
  for (let left = hello.readUInt16LE(64 + 32); left > 0; left -= 1) {
    expect(at % 8).toBe(0);
    kinds.push(hello.readUInt16LE(at));
    at += 8 + hello.readUInt16LE(at + 2);
    at += -at & 7;
  }
  expect(kinds).toEqual([1, 2, 8]);
  expect(at).toBe(hello.length);
});

const windowsPlan = { WEBSITE_INSTANCE_ID: "a".repeat(64), WEBSITE_SITE_NAME: "app" };

/** Asks as from elsewhere, with the loopback of the local host left open. */
async function from(environment: Environment, os: string, port: number) {
  const target = `smb://127.0.0.1:${port}`;
  const decoded = decodePairs(service, Object.entries({ target, timeoutMs: "300" }));
  if ("problem" in decoded) throw new Error(decoded.problem.detail);
  const here = nowhere();
  return run(decoded.question, { ...here, environment, host: { ...here.host, os } });
}

test("from the sandbox of App Service on Windows nothing is tried, and that is a skip", async () => {
  const server = await silent();
  const report = await from(windowsPlan, "Windows_NT 10.0.20348", server.port);
  expect(report).toMatchObject({ ok: true, verdict: "skip" });
  expect(report.findings).toMatchObject([{ code: "sonde.untestable", severity: "info" }]);
  expect(report.steps).toMatchObject([
    { name: "resolve", verdict: "pass" },
    { name: "connect", verdict: "skip" },
    { name: "smb", verdict: "skip" },
  ]);
  expect(report.notProved).toContain("that an SMB server answers");
  expect(server.accepted()).toBe(0);
});

test.each([
  ["a Windows machine that is not App Service", {}, "Windows_NT 10.0.20348"],
  ["App Service on Linux", windowsPlan, "Linux 5.15"],
])("from %s it is", async (_, environment, os) => {
  const server = await silent();
  expect((await from(environment, os, server.port)).verdict).toBe("fail");
  expect(server.accepted()).toBe(1);
});
