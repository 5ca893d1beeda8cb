/**
 * Servers that mean harm, or mean well and do harm. Whatever they send, a run ends within its deadline,
 * keeps within its sizes, and leaves no socket behind.
 */
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { Socket } from "node:net";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import { http } from "../../lib/probes/http.ts";
import { readyToRequest } from "../../lib/stages/request.ts";
import { ask } from "../asking.ts";
import { inTime } from "../in-time.ts";
import { site } from "../servers/http.ts";
import { tcpServer } from "../servers/tcp.ts";

const DEADLINE_MS = 1000;

const within = (deadlineMs: number, url: string, ...more: Pair[]) =>
  inTime(deadlineMs, () => ask(http, [["target", url], ["timeoutMs", `${deadlineMs}`], ...more]));

const get = (url: string, ...more: Pair[]) => within(DEADLINE_MS, url, ...more);

beforeAll(readyToRequest);

/** Says `first` once it was asked, and then `again` for as long as it is read. */
async function flooding(first: string, again = "") {
  const { port } = await tcpServer((socket: Socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write(again, "latin1"));
    };
    // The server must not be the one that keeps a connection.
    socket.on("end", () => socket.destroy());
    socket.once("data", () => {
      socket.write(first, "latin1");
      if (again === "") return;
      socket.on("drain", more);
      more();
    });
  });
  return `http://127.0.0.1:${port}/`;
}

const sockets = () =>
  process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;

afterEach(async () => {
  await expect.poll(sockets).toBe(0);
});

const requestOf = (report: { result: object }): Record<string, unknown> => {
  const hops: unknown = Reflect.get(report.result, "hops");
  const first: unknown = Array.isArray(hops) ? hops[0] : {};
  return typeof first === "object" && first !== null ? Object(Reflect.get(first, "request")) : {};
};

describe("what breaks the rules is malformed", () => {
  test.each([
    ["3,000 headers", `HTTP/1.1 200 OK\r\n${"X-Many: yes\r\n".repeat(3000)}\r\n`, ""],
    ["NUL in a header", "HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\nContent-Length: 0\r\n\r\n", ""],
    [
      "Content-Length and Transfer-Encoding",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "",
    ],
    [
      "a chunk of 2^72-1 octets",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
      "",
    ],
    [
      "endless trailers",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
      "X-Trailer: yes\r\n".repeat(100),
    ],
  ])("%s", async (_what, first, again) => {
    const report = await get(await flooding(first, again));
    expect(report.findings[0]).toMatchObject({ code: "http.malformed" });
  });

  test("a folded header is refused or read as one line (RFC 9112 §5.2), never as two", async () => {
    const url = await flooding(
      "HTTP/1.1 200 OK\r\nX-Fold: a\r\n Set-Cookie: b\r\nContent-Length: 0\r\n\r\n",
    );
    const report = await get(url);
    expect(requestOf(report)["headers"] ?? {}).not.toHaveProperty("set-cookie");
  });
});

describe("what never ends is cut", () => {
  test("a status line", async () => {
    const report = await get(await flooding("HTTP/1.1 200 ", "O".repeat(4096)));
    expect(["http.malformed", "http.timeout"]).toContain(report.findings[0]?.code);
  });

  test("a chunk extension", async () => {
    const start = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=";
    const report = await get(await flooding(start, "x".repeat(4096)));
    expect(["http.malformed", "http.timeout"]).toContain(report.findings[0]?.code);
    expect(requestOf(report)).toMatchObject({ status: 200 });
  });

  test("a chunk of 2^64-1 octets, after as much as is kept", async () => {
    const start = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n";
    const report = await get(await flooding(start, "x".repeat(4096)));
    expect(requestOf(report)).toMatchObject({ body: { truncated: true, bytes: 64 * 1024 } });
  });

  test("chunks of one octet", async () => {
    const start =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";
    // 64 KiB of them take a busy machine a while, and it is the cut that is asked for.
    const report = await within(8000, await flooding(start, "1\r\nx\r\n".repeat(1000)));
    expect(requestOf(report)).toMatchObject({ body: { truncated: true, bytes: 64 * 1024 } });
  });

  test("a body that is shorter than its Content-Length", async () => {
    const { port } = await tcpServer((socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")),
    );
    const report = await get(`http://127.0.0.1:${port}/`);
    expect(report.findings[0]).toMatchObject({ code: "http.closed" });
    expect(requestOf(report)).toMatchObject({ status: 200, headers: { "content-length": "100" } });
  });

  test("a body that is longer than its Content-Length", async () => {
    const url = await flooding("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and more of it");
    expect(requestOf(await get(url))).toMatchObject({ status: 200, body: { text: "hello" } });
  });

  test("10,000 redirects, at the number that is allowed", async () => {
    let asked = 0;
    const url = await site((_request, response) => {
      asked += 1;
      response.writeHead(302, { location: `/${asked}` }).end();
    });
    const report = await get(url, ["follow", "10"]);
    expect(report.findings[0]).toMatchObject({ code: "http.too_many_redirects" });
    expect(asked).toBe(11);
  });

  test("a Location of 8 KiB is shown to lead nowhere; one of 1 MiB is no answer", async () => {
    const long = (length: number) =>
      `HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/${"a".repeat(length)}\r\nContent-Length: 0\r\n\r\n`;
    const report = await get(await flooding(long(8192)), ["follow", "1"]);
    expect(requestOf(report)).toMatchObject({ status: 302 });
    expect(requestOf(report)).not.toHaveProperty("location");
    const endless = await get(await flooding(long(1024 * 1024)), ["follow", "1"]);
    expect(endless.findings[0]).toMatchObject({ code: "http.malformed" });
  });

  test("101 that nobody asked for", async () => {
    const url = await flooding(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
      "x".repeat(4096),
    );
    const report = await get(url);
    expect(report.verdict).toBe("fail");
    expect(["http.malformed", "http.closed", "http.timeout"]).toContain(report.findings[0]?.code);
  });
});

describe("bombs unfold to 64 KiB and no further", () => {
  const zeros = Buffer.alloc(32 * 1024 * 1024);
  test.each([
    ["deflate", () => deflateSync(zeros)],
    ["br", () => brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ["zstd", () => zstdCompressSync(zeros)],
  ])("%s", async (encoding, pack) => {
    const bomb = pack();
    const url = await site((_request, response) => {
      response
        .writeHead(200, { "content-encoding": encoding, "content-type": "text/plain" })
        .end(bomb);
    });
    expect(requestOf(await get(url))).toMatchObject({
      body: { truncated: true, decodedBytes: 64 * 1024 },
    });
  });

  test("twenty layers of gzip are not undone at all", async () => {
    let packed: Buffer = Buffer.from("hello");
    for (let layer = 0; layer < 20; layer += 1) packed = gzipSync(packed);
    const url = await site((_request, response) => {
      const encoding = Array.from({ length: 20 }, () => "gzip").join(", ");
      response.writeHead(200, { "content-encoding": encoding }).end(packed);
    });
    expect(requestOf(await get(url))).toMatchObject({
      body: { bytes: packed.length, problem: expect.stringContaining("not undone") },
    });
  });

  test("a stream that is cut in the middle keeps what came before", async () => {
    const packed = gzipSync(Buffer.alloc(10_000, "text "), { level: 0 }).subarray(0, 5000);
    const url = await site((_request, response) => {
      response
        .writeHead(200, { "content-encoding": "gzip", "content-type": "text/plain" })
        .end(packed);
    });
    expect(requestOf(await get(url))).toMatchObject({
      status: 200,
      body: { problem: expect.stringContaining("broken or cut") },
    });
  });
});
