/** Servers of HTTP/2 that flood: RFC 9113 §10.5. Frames by hand, over TLS, to the exchange itself. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type TLSSocket } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { Failure } from "../../lib/failure.ts";
import { dial } from "../../lib/net/dial.ts";
import type { Exchanged } from "../../lib/net/collect.ts";
import { request } from "../../lib/net/request.ts";
import { secure } from "../../lib/net/secure.ts";
import { nowhere } from "../asking.ts";
import { inTime } from "../in-time.ts";
import { certificates } from "../servers/certificates.ts";
import { closing } from "../servers/closing.ts";
import { portOf } from "../servers/ports.ts";
import { needs } from "../servers/needs.ts";

const DEADLINE_MS = 1000;

/** RFC 9113 §4.1. */
function frame(type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const times = (count: number, one: Buffer) =>
  Buffer.concat(Array.from({ length: count }, () => one));

const settings = frame(4, 0, 0);
/** `:status: 200` from the static table (RFC 7541 appendix A). */
const ok = Buffer.of(0x88);
const goaway = frame(7, 0, 0, Buffer.alloc(8));
const reset = (stream: number) => frame(3, 0, stream, Buffer.of(0, 0, 0, 8));
const headers = (flags: number) => frame(1, flags, 1, ok);
/** A literal field without indexing: `x: y`. */
const continuation = frame(9, 0, 1, Buffer.of(0x00, 0x01, 0x78, 0x01, 0x79));
const END_HEADERS = 4;
const END_BOTH = 5;

/** Says `first` when asked, then `again` for as long as it is read. */
async function flooding(first: Buffer, again?: Buffer): Promise<number> {
  const { cert, key } = (await certificates())("good");
  const pem = { cert: await readFile(cert), key: await readFile(key) };
  const open = new Set<TLSSocket>();
  const server = createServer({ ...pem, ALPNProtocols: ["h2"] }, (socket) => {
    open.add(socket);
    socket.on("error", () => {}).on("close", () => open.delete(socket));
    socket.write(settings);
    socket.once("data", () => {
      socket.write(first);
      if (again === undefined) return;
      const more = () => {
        while (!socket.destroyed && socket.write(again));
      };
      socket.on("drain", more);
      more();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return portOf(server);
}

const get = (port: number) => inTime(DEADLINE_MS, () => getNow(port));

async function getNow(port: number) {
  const place = { kind: "http", host: "127.0.0.1", port, addresses: ["127.0.0.1"] } as const;
  const [peer] = nowhere().admit(place);
  if (peer === undefined) throw new Error("loopback is closed here");
  const control = new AbortController();
  const { signal } = control;
  const late = new Failure("http.timeout", "no answer in time");
  const timer = setTimeout(() => control.abort(late), DEADLINE_MS);
  using wire = await dial(peer, signal);
  const secured = await secure(wire, { name: "127.0.0.1", isAddress: true, alpn: ["h2"], signal });
  using over = secured.wire;
  let last: Exchanged | undefined;
  const asked = {
    origin: `https://127.0.0.1:${port}`,
    method: "GET",
    path: "/",
    headers: {},
    mostBytes: 1024,
    signal,
  } as const;
  try {
    await request(over, asked, (seen) => (last = seen));
    return { last };
  } catch (error) {
    return { last, code: error instanceof Failure ? error.code : error };
  } finally {
    clearTimeout(timer);
  }
}

const sockets = () =>
  process.getActiveResourcesInfo().filter((kind) => /^(TCPSocketWrap|TLSWrap)$/.test(kind)).length;

afterEach(async () => {
  await expect.poll(sockets).toBe(0);
});

const ended = ["http.malformed", "http.closed", "http.timeout"];

needs("openssl")("a server of HTTP/2 that", () => {
  test("answers is read like any other", async () => {
    const port = await flooding(headers(END_BOTH));
    expect(await get(port)).toMatchObject({ last: { status: 200 } });
  });

  describe("floods ends with a code of ours, within the deadline:", () => {
    test.each([
      ["GOAWAY at once", times(5000, goaway), undefined],
      ["GOAWAY without end", goaway, times(200, goaway)],
      ["RST_STREAM for the request, again and again", times(5000, reset(1)), undefined],
      ["RST_STREAM without end", reset(1), times(200, reset(1))],
      ["CONTINUATION without end", headers(0), times(200, continuation)],
      ["SETTINGS without end", settings, times(200, settings)],
      ["PING without end", settings, times(200, frame(6, 0, 0, Buffer.alloc(8)))],
      ["empty DATA without end", headers(END_HEADERS), times(200, frame(0, 0, 1))],
      ["a frame larger than allowed", frame(0, 0, 1, Buffer.alloc(70_000)), undefined],
      ["a header block of nonsense", frame(1, END_BOTH, 1, Buffer.alloc(40, 0xff)), undefined],
      [
        "HTTP/1.1 after all",
        Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        undefined,
      ],
    ])("%s", async (_what, first, again) => {
      const { code } = await get(await flooding(first, again));
      expect(ended).toContain(code);
    });
  });
});
