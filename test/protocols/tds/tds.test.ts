/** The codec of TDS: what it writes, what it reads, and that nothing makes it read past an end. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Failure } from "../../../lib/failure.ts";
import { decodeAnswer, encodeAsk, whyNotAnAnswer } from "../../../lib/protocols/tds/browser.ts";
import { seenAs } from "../../../lib/protocols/tds/errors.ts";
import { encodeLogin } from "../../../lib/protocols/tds/login.ts";
import { pack } from "../../../lib/protocols/tds/packet.ts";
import { decodeHello, encodeHello } from "../../../lib/protocols/tds/prelogin.ts";
import { decodeLoginReply } from "../../../lib/protocols/tds/tokens.ts";
import { accepting, refusing, routing } from "../../servers/tds.ts";

/** The value, or the code of the failure; any other error is a fault of the reader. */
function outcome<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

describe("whatever comes", () => {
  const octets = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

  test("is read or refused", () => {
    fc.assert(
      fc.property(octets, (bytes) => {
        outcome(() => decodeHello(bytes));
        outcome(() => decodeLoginReply(bytes));
        if (whyNotAnAnswer(bytes) === undefined) decodeAnswer(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["a refusal", refusing(18_456, "Login failed for user 'x'.")],
    ["a route", routing("node.example.test", 11_003)],
    ["an acceptance", accepting],
  ])("%s with a changed octet or cut short is read or refused", (_, whole) => {
    const changed = fc.tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length));
    fc.assert(
      fc.property(changed, ([at, value, length]) => {
        const bytes = Buffer.from(whole.subarray(0, length));
        if (at < length) bytes[at] = value;
        const read = outcome(() => decodeLoginReply(bytes));
        expect(typeof read === "string" ? read : "read").toMatch(/^(read|service\.malformed)$/);
      }),
      { numRuns: 1000 },
    );
  });
});

test("a hello of ours is one that we can read", () => {
  const hello = encodeHello({ encryption: "off", instance: "SQLEXPRESS", fedAuth: true });
  expect(decodeHello(hello)).toMatchObject({ encryption: "off", fedAuth: true, version: "0.0.0" });
  expect(hello.toString("latin1")).toContain("SQLEXPRESS\0");
});

test("a message is cut into packets of 4096, the last of which says so", () => {
  const bytes = pack(0x10, Buffer.alloc(5000, 7));
  expect(bytes.length).toBe(5016);
  expect([bytes[1], bytes.readUInt16BE(2), bytes[6]]).toEqual([0, 4096, 1]);
  expect([bytes[4097], bytes.readUInt16BE(4098), bytes[4102]]).toEqual([1, 920, 2]);
});

test("the texts of a login stand where its head says", () => {
  const login = { user: "u", password: "p", app: "a", server: "s".repeat(300), database: "d" };
  const bytes = encodeLogin(login, 7);
  expect(bytes.readUInt32LE(0)).toBe(bytes.length);
  expect(bytes.readUInt16LE(54)).toBe(128);
  // "p" is 0x70: its halves change places, and 0xA5 is laid over it.
  expect(bytes[bytes.readUInt16LE(44)]).toBe(0x07 ^ 0xa5);
});

describe("a reply to a login", () => {
  test("with an error", () => {
    const known = decodeLoginReply(refusing(-1, "no", 7));
    // What follows an answer, and is not understood, takes nothing back of it.
    for (const more of ["01", "ab0900", "e3"]) {
      const bytes = Buffer.concat([refusing(-1, "no", 7), Buffer.from(more, "hex")]);
      expect(decodeLoginReply(bytes)).toEqual(known);
    }
    expect(() => decodeLoginReply(Buffer.of(1))).toThrow("token 0x1");
    expect(known).toEqual({
      errors: [{ number: -1, state: 7, severity: 14, message: "no", server: "testserver" }],
    });
  });

  test("with a route", () => {
    expect(decodeLoginReply(routing("node.example.test", 11_003))).toEqual({
      errors: [],
      accepted: "Test",
      route: { host: "node.example.test", port: 11_003 },
    });
  });

  test("with features, changes and infos on the way", () => {
    const others = Buffer.from("ab0000e30300010000ae0901000000aaff", "hex");
    expect(decodeLoginReply(Buffer.concat([others, accepting])).accepted).toBe("Test");
  });
});

describe("SQL Server Browser", () => {
  test("is asked for one instance", () => {
    expect(Buffer.from(encodeAsk("X")).toString("hex")).toBe("045800");
  });

  test.each([
    [Buffer.alloc(0), /0 octets/],
    [Buffer.from("04020000", "hex"), /not a SVR_RESP/],
    [Buffer.from("05ffff41", "hex"), /65535/],
  ])("%o is no answer", (bytes, why) => {
    expect(whyNotAnAnswer(bytes)).toMatch(why);
  });

  test("answers with names and values in turn, instance by instance", () => {
    const text =
      "ServerName;A;InstanceName;ONE;IsClustered;No;Version;15.0;tcp;50000;;" +
      "ServerName;A;InstanceName;TWO;IsClustered;No;Version;16.0;np;tcp;;";
    expect(decodeAnswer(Buffer.from(`\u0005\0\0${text}`))).toEqual([
      { server: "A", instance: "ONE", version: "15.0", port: 50_000 },
      { server: "A", instance: "TWO", version: "16.0" },
    ]);
  });
});

test.each([
  ["Client with IP address '203.0.113.9' is not allowed", "203.0.113.9"],
  ["Client with IP address '2001:db8::1' is not allowed", "2001:db8::1"],
  ["Client with IP address 'evil<script>' is not allowed", undefined],
  ["nothing of the kind", undefined],
])("%s", (message, address) => {
  expect(seenAs(message)).toBe(address);
});
