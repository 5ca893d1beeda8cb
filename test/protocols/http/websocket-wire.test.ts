/** The frames of a WebSocket, as a server may send them and as none may. */
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { streamWire } from "../../../lib/net/wire.ts";
import { websocketWire } from "../../../lib/protocols/http/websocket-wire.ts";

const signal = AbortSignal.timeout(5000);

function over(...frames: readonly string[]) {
  const stream = new PassThrough();
  stream.write(Buffer.from(frames.join(""), "latin1"));
  return websocketWire(streamWire(stream));
}

test("octets are read across frames, and pings are passed over", async () => {
  using wire = over(
    "\x82\x03abc",
    "\x89\x02hi",
    "\x02\x01d",
    "\x80\x02ef",
    "\x8a\x00",
    "\x82\x02gh",
  );
  expect(Buffer.from(await wire.read(4, signal)).toString()).toBe("abcd");
  expect(Buffer.from(await wire.readSome(10, signal)).toString()).toBe("ef");
  expect(Buffer.from(await wire.read(2, signal)).toString()).toBe("gh");
});

test("a length in two octets is read", async () => {
  using wire = over(`\x82\x7e\x01\x00${"x".repeat(256)}`);
  expect(await wire.read(256, signal)).toHaveLength(256);
});

test.each([
  ["a goodbye", "\x88\x02\x03\xe8", "tcp.closed", /code 1000/],
  ["a goodbye without a reason", "\x88\x00", "tcp.closed", /no reason/],
  ["a masked frame", "\x82\x81aaaab", "service.malformed", /masks/],
  ["a frame of an unknown kind", "\x83\x01a", "service.malformed", /kind 3/],
  ["a frame of 2^40 octets", "\x82\x7f\0\0\x01\0\0\0\0\0", "service.malformed", /a frame of 1099/],
])("%s ends the reading", async (_, frame, code, message) => {
  using wire = over(frame);
  await expect(wire.readSome(10, signal)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});

test.each([0, 5, 125, 126, 4000])("what is said is masked: %i octets", async (length) => {
  const stream = new PassThrough();
  using wire = websocketWire(streamWire(stream));
  const said = Buffer.alloc(length, "sonde");
  wire.write(said);
  const bytes: Buffer = stream.read();
  const head = length < 126 ? 2 : 4;
  expect(bytes[0]).toBe(0x82);
  expect((bytes[1] ?? 0) & 0x80).toBe(0x80);
  const mask = bytes.subarray(head, head + 4);
  const plain = bytes.subarray(head + 4).map((octet, index) => octet ^ (mask[index % 4] ?? 0));
  expect(Buffer.from(plain).equals(said)).toBe(true);
});
