/**
 * The readers of TDS, NTP, STUN, AMQP and SMB against octets that nobody should send. What lies behind a message
 * is laid differently each time: whatever reads past an end reads it, and comes to another result.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PassThrough } from "node:stream";
import { Failure } from "../../lib/failure.ts";
import { streamWire } from "../../lib/net/wire.ts";
import { readMechanisms, readStart } from "../../lib/protocols/amqp.ts";
import * as ntp from "../../lib/protocols/ntp.ts";
import { readNegotiated } from "../../lib/protocols/smb.ts";
import * as stun from "../../lib/protocols/stun.ts";
import { talkOver, type Talk } from "../../lib/protocols/talk.ts";
import { decodeAnswer } from "../../lib/protocols/tds/browser.ts";
import { decodeHello } from "../../lib/protocols/tds/prelogin.ts";
import { decodeLoginReply } from "../../lib/protocols/tds/tokens.ts";
import { packet } from "../servers/scripted-ntp.ts";
import { attribute, mappedTo, response } from "../servers/stun-messages.ts";
import { accepting, refusing, routing } from "../servers/tds.ts";

type Read = (bytes: Buffer) => unknown;

/** What comes of it; any error that is no `Failure` is a fault of the reader. */
function outcome(read: Read, bytes: Buffer): unknown {
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** The message in front of octets that do not belong to it. */
function before(bytes: Uint8Array, filling: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(256, filling)]).subarray(0, bytes.length);
}

const transaction = Buffer.alloc(stun.TRANSACTION, 7);
const request = stun.encodeBinding(transaction);

const hello = Buffer.from("0000150006010000000000001b0001ff10001027000001", "hex");

const readers: Readonly<Record<string, { read: Read; seeds: readonly Buffer[] }>> = {
  "TDS pre-login": { read: decodeHello, seeds: [hello] },
  "TDS tokens": {
    read: decodeLoginReply,
    seeds: [refusing(18_456, "Login failed."), routing("node.test", 11_003), accepting],
  },
  "SQL Server Browser": {
    read: decodeAnswer,
    seeds: [Buffer.from("\x05\x20\0ServerName;A;InstanceName;B;tcp;1;;", "latin1")],
  },
  NTP: {
    read: (bytes) => {
      const reply = ntp.decodeReply(bytes);
      return [reply, ntp.referenceOf(reply), ntp.refusalOf(reply)?.message];
    },
    seeds: [packet({ receive: 1n, transmit: 2n })],
  },
  STUN: {
    read: (bytes) => stun.whyNotTheAnswer(bytes, transaction) ?? stun.decodeBinding(bytes),
    seeds: [
      mappedTo(request, [127, 0, 0, 1], 9),
      response(request, 0x0111, attribute(9, Buffer.from("\0\0\x04\x01no", "latin1"))),
    ],
  },
};

/** A seed with some octets changed and its end elsewhere. */
const changed = (seeds: readonly Buffer[]) =>
  fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 }),
      fc.nat(400),
    )
    .map(([seed, changes, length]) => {
      const bytes = Buffer.from(seed.subarray(0, Math.max(1, length % (seed.length + 40))));
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return bytes;
    });

describe.each(Object.entries(readers))("%s", (_, { read, seeds }) => {
  test("never reads past an end", () => {
    const octets = fc.oneof(fc.uint8Array({ maxLength: 300 }), changed(seeds));
    fc.assert(
      fc.property(octets, (bytes) => {
        expect(outcome(read, before(bytes, 0x41))).toEqual(outcome(read, before(bytes, 0x00)));
      }),
      { numRuns: 2000 },
    );
  });

  test("is done with 64 KiB at once", () => {
    for (const filling of [0, 1, 0x41, 0xff]) {
      const bytes = Buffer.alloc(0x10000, filling);
      for (const seed of seeds) seed.copy(bytes);
      const began = performance.now();
      outcome(read, bytes);
      expect(performance.now() - began).toBeLessThan(500);
    }
  });
});

/** Reads a whole conversation of one side: what is cut short there waits for more, and here meets an end. */
async function heard(read: (talk: Talk) => Promise<unknown>, bytes: Uint8Array): Promise<string> {
  const stream = new PassThrough();
  stream.end(Buffer.from(bytes));
  try {
    await read(talkOver(streamWire(stream), AbortSignal.timeout(5000)));
    return "read";
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

const sasl = Buffer.from("0000001b02010000005340c00e01e00b02a305504c41494e03454353", "hex");
const start = Buffer.concat([
  Buffer.from("010000000000", "hex"),
  Buffer.from("26000a000a0009000000070170530000000161", "hex"),
  Buffer.from("00000005504c41494e00000005656e5f5553ce", "hex"),
]);
const negotiated = Buffer.concat([
  Buffer.from("00000090fe534d42", "hex"),
  Buffer.alloc(60),
  Buffer.from("410001001103010000", "hex"),
  Buffer.alloc(76),
]);

test.each([
  ["AMQP 1.0", readMechanisms, sasl],
  ["AMQP 0-9-1", readStart, start],
  ["SMB", readNegotiated, negotiated],
])(
  "%s is read or refused, whatever comes",
  async (_, read, seed) => {
    const octets = fc.oneof(fc.uint8Array({ maxLength: 200 }), changed([seed]));
    const fair = /^(read|tcp\.closed|service\.(malformed|wrong_protocol))$/;
    await fc.assert(
      fc.asyncProperty(octets, async (bytes) => {
        expect(await heard(read, bytes)).toMatch(fair);
      }),
      { numRuns: 2000 },
    );
  },
  60_000,
);

test("the 48 octets of NTP are read as they are, whatever follows them", () => {
  const core = fc.uint8Array({ minLength: 48, maxLength: 48 });
  fc.assert(
    fc.property(core, fc.uint8Array({ maxLength: 200 }), (bytes, more) => {
      const alone = ntp.decodeReply(bytes);
      expect(ntp.decodeReply(Buffer.concat([bytes, more]))).toEqual(alone);
      expect(alone.transmit).toBe(Buffer.from(bytes).readBigUInt64BE(40));
      expect(alone.stratum).toBe(bytes[1]);
    }),
    { numRuns: 2000 },
  );
});

test("what fills an attribute of STUN up to four octets changes nothing", () => {
  const value = fc.uint8Array({ minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(value, fc.nat(255), (text, filling) => {
      const software = attribute(0x8022, Buffer.from(text));
      const filled = Buffer.from(software).fill(filling, 4 + text.length);
      const address = mappedTo(request, [10, 0, 0, 4], 7).subarray(20);
      const [plain, other] = [software, filled].map((one) =>
        response(request, 0x0101, one, address),
      );
      expect(stun.decodeBinding(other ?? Buffer.of())).toEqual(
        stun.decodeBinding(plain ?? Buffer.of()),
      );
    }),
    { numRuns: 2000 },
  );
});
