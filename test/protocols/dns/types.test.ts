import { expect, test } from "vitest";
import * as types from "../../../lib/protocols/dns/types.ts";

test.each([
  ["A", 1],
  ["https", 65],
  ["TYPE65", 65],
  ["type65535", 65535],
  ["65", 65],
  ["0", 0],
  ["TYPE65536", undefined],
  ["TYPE", undefined],
  ["", undefined],
  ["-1", undefined],
  ["1e3", undefined],
  ["constructor", undefined],
  ["__proto__", undefined],
])("the type %s has the number %s", (text, number) => {
  expect(types.typeNumber(text)).toBe(number);
});

test("every number has a type name that leads back to it", () => {
  for (let number = 0; number <= 0xffff; number += 1) {
    expect(types.typeNumber(types.typeName(number))).toBe(number);
  }
});

test("types, classes and codes without a name have a number", () => {
  expect([types.typeName(65), types.typeName(65280)]).toEqual(["HTTPS", "TYPE65280"]);
  expect([types.className(3), types.className(9)]).toEqual(["CH", "CLASS9"]);
  expect([types.classNumber("in"), types.classNumber("CLASS9"), types.classNumber("x")]).toEqual([
    1,
    9,
    undefined,
  ]);
  expect([0, 3, 5, 15, 16, 23, 24].map(types.rcodeName)).toEqual([
    "NOERROR",
    "NXDOMAIN",
    "REFUSED",
    "RCODE15",
    "BADVERS",
    "BADCOOKIE",
    "RCODE24",
  ]);
  expect([6, 22, 9999].map(types.extendedErrorName)).toEqual([
    "DNSSEC Bogus",
    "No Reachable Authority",
    "Unassigned",
  ]);
});
