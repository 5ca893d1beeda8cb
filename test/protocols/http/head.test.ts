import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readHead, writeHead } from "../../../lib/protocols/http/head.ts";
import { parseHeader } from "../../../lib/protocols/http/offered.ts";
import { acceptFor, closeFrame } from "../../../lib/protocols/http/websocket.ts";
import { parseJsonPath, valueAt } from "../../../lib/protocols/json-path.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

describe("the head of an answer", () => {
  const whole =
    "HTTP/1.1 200 Connection established\r\nVia: one\r\nVIA:two \r\nX-Empty:\r\n\r\nrest";

  test("is read with its fields joined, and what follows is counted", () => {
    expect(readHead(bytes(whole))).toEqual({
      status: 200,
      statusText: "Connection established",
      headers: new Map([
        ["via", "one, two"],
        ["x-empty", ""],
      ]),
      rest: 4,
    });
  });

  test("is waited for as long as it can still become one", () => {
    const end = whole.indexOf("rest");
    for (let length = 0; length < end; length += 1) {
      expect(readHead(bytes(whole.slice(0, length)))).toBe("more");
    }
  });

  test.each([
    "SSH-2.0-x\r\n\r\n",
    "HTTP/2 200 OK\r\n\r\n",
    "HTTP/1.1 20 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
    "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
    "HTTP/1.1 ".padEnd(20_000, "2"),
  ])("%j is none", (text) => {
    expect(readHead(bytes(text))).toBe("wrong");
  });

  test("never throws, whatever came", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (octets) => {
        const found = readHead(Buffer.concat([bytes("HTTP/1.1 200 OK\r\n"), octets]));
        expect(typeof found === "string" || found.status === 200).toBe(true);
      }),
    );
  });
});

test("a header that a caller may send never ends its line", () => {
  const tokens = [
    "accept",
    "Origin",
    "x-request-id",
    "Host",
    ":",
    " ",
    "\r\n",
    "\n",
    "\0",
    "é",
    "a",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...tokens), { maxLength: 12 }), (parts) => {
      const parsed = parseHeader(parts.join(""));
      if ("wrong" in parsed) return;
      const head = Buffer.from(writeHead("GET /", { [parsed[0]]: parsed[1] })).toString("latin1");
      expect(head.split("\r\n")).toHaveLength(4);
      expect(head.replaceAll("\r\n", "")).toMatch(/^[ -~]*$/);
    }),
  );
});

test("the answer to the key is that of RFC 6455 §1.3", () => {
  expect(acceptFor("dGhlIHNhbXBsZSBub25jZQ==")).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
});

test("a Close is masked, and says 1000 (RFC 6455 §5.5.1)", () => {
  const [opcode, length, ...rest] = closeFrame();
  expect([opcode, length, rest.length]).toEqual([0x88, 0x82, 6]);
  const [high = 0, low = 0] = rest.slice(4).map((octet, index) => octet ^ (rest[index] ?? 0));
  expect(high * 256 + low).toBe(1000);
});

test("a JSON path finds what plain property access finds, and nothing inherited", () => {
  const names = fc.constantFrom("a", "b-c", "length", "toString", "constructor", "hasOwnProperty");
  const objects = fc.dictionary(names, fc.jsonValue({ maxDepth: 2 }));
  fc.assert(
    fc.property(objects, names, (object, name) => {
      const own = Object.entries(object).find(([key]) => key === name)?.[1];
      const wanted = typeof own === "string" ? own : JSON.stringify(own);
      expect(valueAt(JSON.stringify(object), parseJsonPath(`$.${name}`) ?? [])).toBe(wanted);
    }),
  );
});
