import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { certificatesIn, isKeyOf } from "../../lib/protocols/pem.ts";
import { certificates } from "../servers/certificates.ts";
import { needs } from "../servers/needs.ts";

let good: string;
let goodKey: string;
let other: string;

needs("openssl")("PEM", () => {
  beforeAll(async () => {
    const made = await certificates();
    good = await readFile(made("good").cert, "utf8");
    goodKey = await readFile(made("good").key, "utf8");
    other = await readFile(made("ca").cert, "utf8");
  });

  test("holds certificates among other words, each counted once", () => {
    expect(certificatesIn(`subject=x\n${good}${other}\n${good}`)).toEqual([
      good.trim(),
      other.trim(),
    ]);
  });

  test("without a certificate, with a broken one or with a key alone holds none", () => {
    const broken = good.replace(/\n(.{20})/, "\nAAAAAAAAAAAAAAAAAAAA");
    for (const text of ["", "x", goodKey, broken, good + broken]) {
      expect(certificatesIn(text)).toBeUndefined();
    }
  });

  test("holds the key of its first certificate, or another's, or none", () => {
    expect(isKeyOf(goodKey, good)).toBe(true);
    expect(isKeyOf(goodKey, good + other)).toBe(true);
    expect(isKeyOf(goodKey, other + good)).toBe(false);
    expect(isKeyOf(good, good)).toBe(false);
    expect(isKeyOf("", "")).toBe(false);
  });
});
