import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Sent, screen } from "../../../lib/protocols/dns/match.ts";
import { nameOctets } from "../../../lib/protocols/dns/name.ts";
import { message, question, record } from "./build.ts";

const sent: Sent = { id: 0x1234, name: "www.Example.test", type: "A" };
const asked = question("www.example.test.", "A");
const reply = (parts: Parameters<typeof message>[0] = {}) =>
  message({ id: 0x1234, questions: [asked], ...parts });

describe("a reply fits the question", () => {
  test.each([
    ["as it was asked", reply()],
    [
      "with an answer and any flags but QR and opcode",
      reply({ flags: 0x87ff, answers: [record("a", "A", "7f000001")] }),
    ],
    ["in another case", reply({ questions: [question("WWW.eXAMPLE.Test", "A")] })],
    ["without a question, reporting an error", reply({ questions: [], flags: 0x8001 })],
  ])("%s", (_, bytes) => {
    expect(screen(bytes, sent)).toEqual({ ok: true });
  });

  test("in the class and by the escapes that were sent", () => {
    const bytes = message({ questions: [question("a\\.b", "TYPE65280", 3)] });
    const other = { id: 7, name: "\\097\\046b.", type: "65280", class: "CH" };
    expect(screen(bytes, other)).toEqual({ ok: true });
    expect(screen(bytes, { ...other, class: "IN" })).toEqual({ ok: false, why: "question" });
    expect(screen(bytes, { ...other, name: "a.b" })).toEqual({ ok: false, why: "question" });
  });
});

test.each([
  ["short", Buffer.alloc(0)],
  ["short", reply().subarray(0, 11)],
  ["long", Buffer.concat([reply(), Buffer.alloc(65536)])],
  ["id", reply({ id: 0x1235 })],
  ["not-a-response", reply({ flags: 0x0400 })],
  ["opcode", reply({ flags: 0x8800 })],
  ["opcode", reply({ flags: 0xa800 })],
  ["question", reply({ questions: [] })],
  ["question", reply({ questions: [asked, asked] })],
  ["question", reply({ questions: [question("www.example.com", "A")] })],
  ["question", reply({ questions: [question("ww.example.test", "A")] })],
  ["question", reply({ questions: [question("www.example.test", "AAAA")] })],
  ["question", reply({ questions: [question("www.example.test", "A", 3)] })],
  ["question", reply().subarray(0, 20)],
  ["question", reply().subarray(0, -1)],
  ["question", reply({ questions: [], counts: [1, 0, 0, 0] })],
] as const)("%s: %#", (why, bytes) => {
  expect(screen(bytes, sent)).toEqual({ ok: false, why });
});

test("one flipped bit of id, QR, opcode, count or question is refused, the case of a letter aside", () => {
  const bytes = reply();
  const nameEnd = 12 + nameOctets(sent.name).length;
  const judged = [...bytes.keys()].filter((index) => index !== 3 && (index < 6 || index >= 12));
  fc.assert(
    fc.property(fc.constantFrom(...judged), fc.nat(7), (index, bit) => {
      if (index === 2 && bit < 3) return; // AA, TC, RD: free to differ
      const flipped = Buffer.from(bytes);
      const before = flipped.readUInt8(index);
      flipped.writeUInt8(before ^ (1 << bit), index);
      const letter = /[a-z]/i.test(String.fromCharCode(before)) && index >= 12 && index < nameEnd;
      expect(screen(flipped, sent).ok).toBe(letter && bit === 5);
    }),
    { numRuns: 2000 },
  );
});

test("octets by chance are never taken for a reply, and never throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      expect(screen(bytes, { ...sent, name: "a-name-nobody-guesses.example.test" }).ok).toBe(false);
    }),
  );
});
