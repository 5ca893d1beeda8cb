/** The codec of STUN: the vectors of RFC 5769, and whatever else comes. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Failure } from "../../lib/failure.ts";
import * as stun from "../../lib/protocols/stun.ts";

/** RFC 5769 §2.2 and §2.3: responses with an XOR-MAPPED-ADDRESS and a FINGERPRINT. */
const vectors = {
  ipv4:
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147" +
    "e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96",
  ipv6:
    "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a147" +
    "0113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c",
};
const transaction = Buffer.from("b7e7a701bc34d686fa87dfae", "hex");

describe("the vectors of RFC 5769", () => {
  test.each([
    ["ipv4", "192.0.2.1"],
    ["ipv6", "2001:db8:1234:5678:11:2233:4455:6677"],
  ] as const)("%s", (name, address) => {
    const bytes = Buffer.from(vectors[name], "hex");
    expect(stun.whyNotTheAnswer(bytes, transaction)).toBeUndefined();
    expect(stun.decodeBinding(bytes)).toEqual({
      mapped: { address, port: 32_853 },
      software: "test vector",
    });
  });

  test("with any bit changed are not the answer: the fingerprint sees it", () => {
    const whole = Buffer.from(vectors.ipv4, "hex");
    // Where a length or the kind of the last attribute changes, there is no fingerprint to find.
    const unseen = new Set([22, 23, 38, 39, 50, 51, 72, 73, 74, 75]);
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      if (unseen.has(bit >> 3)) continue;
      const bytes = Buffer.from(whole);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(stun.whyNotTheAnswer(bytes, transaction), `bit ${bit}`).toBeDefined();
    }
  });
});

test("a request is 20 octets: type, length, cookie, transaction", () => {
  expect(stun.encodeBinding(transaction).toString("hex")).toBe(
    "000100002112a442b7e7a701bc34d686fa87dfae",
  );
});

test("whatever comes is read or refused", () => {
  const head = Buffer.from("010100002112a442b7e7a701bc34d686fa87dfae", "hex");
  const attribute = fc
    .tuple(
      fc.constantFrom(1, 9, 0x20, 0x8022, 0x8023, 0x8028, 0x802b, 0x802c, 0x7777),
      fc.uint8Array({ maxLength: 40 }),
      fc.nat(60),
    )
    .map(([kind, value, length]) =>
      Buffer.concat([Buffer.of(kind >> 8, kind & 0xff, 0, length), value]),
    );
  const message = fc.tuple(fc.boolean(), fc.array(attribute, { maxLength: 6 }));
  fc.assert(
    fc.property(message, ([isError, attributes]) => {
      const bytes = Buffer.concat([head, ...attributes]);
      bytes.writeUInt16BE(isError ? 0x0111 : 0x0101, 0);
      bytes.writeUInt16BE(bytes.length - 20, 2);
      stun.whyNotTheAnswer(bytes, transaction);
      try {
        stun.decodeBinding(bytes);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
