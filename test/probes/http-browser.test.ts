import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import { decodePairs, type Pair } from "../../lib/api/decode.ts";
import { check } from "../../lib/probes/check.ts";
import { http } from "../../lib/probes/http.ts";
import { ask } from "../asking.ts";
import { closing } from "../servers/closing.ts";
import { site } from "../servers/http.ts";
import { portOf } from "../servers/ports.ts";
import { silent, tcpServer } from "../servers/tcp.ts";

const origin = "https://app.example.test";

describe("cors plays a preflight", () => {
  const preflight = async (status: number, headers: Record<string, string>) => {
    const asked: IncomingMessage[] = [];
    const at = await site((request, response) => {
      asked.push(request);
      response.writeHead(status, headers).end();
    });
    return {
      asked,
      report: await ask(http, [
        ["target", at],
        ["cors", origin],
      ]),
    };
  };
  const allowing = {
    "access-control-allow-origin": origin,
    "access-control-allow-headers": "Authorization, Content-Type",
  };

  test("as a browser would, before a page posts JSON", async () => {
    const { asked, report } = await preflight(204, allowing);
    expect(asked[0]).toMatchObject({
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
    });
    expect(report).toMatchObject({
      verdict: "pass",
      result: { hops: [{ request: { cors: { origin, allowed: true } } }] },
    });
  });

  test.each([
    ["a star", 200, { ...allowing, "access-control-allow-origin": "*" }],
    ["a star for headers", 200, { ...allowing, "access-control-allow-headers": "*" }],
  ])("%s is enough", async (_what, status, headers) => {
    expect((await preflight(status, headers)).report.verdict).toBe("pass");
  });

  test.each([
    ["no header at all", 200, {}, "access-control-allow-origin"],
    [
      "another origin",
      200,
      { ...allowing, "access-control-allow-origin": "https://other.test" },
      "access-control-allow-origin",
    ],
    [
      "a slash behind the origin",
      200,
      { ...allowing, "access-control-allow-origin": `${origin}/` },
      "access-control-allow-origin",
    ],
    [
      "other headers",
      200,
      { ...allowing, "access-control-allow-headers": "authorization" },
      "access-control-allow-headers",
    ],
    ["a sign-in in front", 302, { ...allowing, location: "/login" }, ":status"],
    ["a gateway that knows no OPTIONS", 405, allowing, ":status"],
  ])("%s is a no, and names the header", async (_what, status, headers, header) => {
    const { report } = await preflight(status, headers);
    expect(report).toMatchObject({ verdict: "fail" });
    expect(report.findings[0]).toMatchObject({ code: "http.cors_refused" });
    expect(report.result["hops"]).toMatchObject([
      {
        request: {
          cors: {
            verdicts: expect.arrayContaining([expect.objectContaining({ header, ok: false })]),
          },
        },
      },
    ]);
  });

  test.each([
    "app.example.test",
    "https://app.example.test/",
    "null",
    "*",
    "https://a\r\nb",
    "https://a'b",
  ])("%j is no origin", (text) => {
    const decoded = decodePairs(http, [
      ["target", "http://127.0.0.1:1/"],
      ["cors", text],
    ]);
    expect(decoded).toMatchObject({ problem: { status: 400 } });
  });
});

type Answering = (key: string) => string;
const switching: Answering = (key) => {
  const accept = createHash("sha1")
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
};

/** Answers an upgrade; keeps the request and what came over the socket afterwards. */
async function sockets(answer: Answering) {
  const seen: { request?: IncomingMessage; bytes: Buffer } = { bytes: Buffer.alloc(0) };
  const server = createServer().on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    seen.request = request;
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => (seen.bytes = Buffer.concat([seen.bytes, chunk])));
    socket.write(answer(request.headers["sec-websocket-key"] ?? ""));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing(() => {
    server.close();
    server.closeAllConnections();
  });
  return { seen, url: `ws://127.0.0.1:${portOf(server)}/chat?room=1` };
}

describe.each([
  { name: "http", probe: http },
  { name: "check", probe: check },
])("a WebSocket by $name", ({ probe }) => {
  const open = (url: string, ...more: Pair[]) => ask(probe, [["target", url], ...more]);

  test("opens, and is closed with a masked Close", async () => {
    const { url, seen } = await sockets(switching);
    const report = await open(url);
    expect(report).toMatchObject({
      verdict: "pass",
      proved: expect.arrayContaining(["a WebSocket opens"]),
      notProved: ["that messages pass both ways, and that the connection lasts"],
    });
    expect(seen.request).toMatchObject({
      url: "/chat?room=1",
      headers: { upgrade: "websocket", "sec-websocket-version": "13" },
    });
    await expect.poll(() => seen.bytes.length).toBe(8);
    expect([seen.bytes[0], seen.bytes[1]]).toEqual([0x88, 0x82]);
  });

  test.each([
    ["a plain answer", () => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "http.not_upgraded"],
    ["a refusal", () => "HTTP/1.1 403 Forbidden\r\n\r\n", "http.not_upgraded"],
    ["an answer to another key", () => switching("dGhlIHNhbXBsZSBub25jZQ=="), "http.not_upgraded"],
    ["101 to something else", () => "HTTP/1.1 101 X\r\nUpgrade: h2c\r\n\r\n", "http.not_upgraded"],
    ["no HTTP", () => "220 mail.example.test\r\n", "http.malformed"],
  ])("%s is none", async (_what, answer, code) => {
    const { url } = await sockets(answer);
    expect(await open(url)).toMatchObject({ verdict: "fail", findings: [{ code }] });
  });

  test("that is refused says by whom, and as whom it saw us", async () => {
    const { url } = await sockets(
      () =>
        "HTTP/1.1 403 Ip Forbidden\r\nX-Ms-Forbidden-Ip: 203.0.113.148\r\nSet-Cookie: a=hunter2; Path=/\r\n" +
        "Set-Cookie: b=hunter2\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\nForbidden",
    );
    const report = await open(url);
    expect(report).toMatchObject({
      verdict: "fail",
      findings: [{ code: "http.address_forbidden" }, { code: "http.not_upgraded" }],
    });
    const shown = JSON.stringify(report.result);
    expect(shown).toContain('"text":"Forbidden","seenAs":"203.0.113.148"');
    expect(shown).not.toContain("hunter2");
  });

  test("that never answers, or hangs up, ends with the deadline or at once", async () => {
    const mute = await silent();
    const late = await open(`ws://127.0.0.1:${mute.port}/`, ["timeoutMs", "300"]);
    expect(late.findings[0]).toMatchObject({ code: "http.timeout" });
    const { port } = await tcpServer((socket) => socket.once("data", () => socket.end()));
    const closed = await open(`ws://127.0.0.1:${port}/`);
    expect(closed.findings[0]).toMatchObject({ code: "tcp.closed" });
  });
});
