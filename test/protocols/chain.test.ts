import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { odditiesOf, pathIn } from "../../lib/protocols/chain.ts";
import { describeCertificate } from "../../lib/protocols/x509.ts";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { folder } from "../servers/daemon.ts";
import { needs } from "../servers/needs.ts";
import { pathOf } from "../servers/packages.ts";

needs("openssl")("a chain", () => {
  let made: Certificates;
  beforeAll(async () => {
    made = await certificates();
  });
  const read = (...names: Parameters<Certificates>[0][]) =>
    names.map((name) => new X509Certificate(readFileSync(made(name).cert)));

  test.each([
    [["incompleteChain", "intermediate", "ca"], ["root_sent"]],
    [
      ["incompleteChain", "ca", "intermediate"],
      ["out_of_order", "root_sent"],
    ],
    [["incompleteChain", "incompleteChain", "intermediate"], ["duplicate"]],
    [["incompleteChain", "intermediate", "untrusted"], ["stranger"]],
    [["untrusted", "intermediate"], ["stranger"]],
    [["incompleteChain"], []],
    [["selfSigned"], []],
  ] as const)("of %j is %j", (names, oddities) => {
    expect(odditiesOf(read(...names))).toEqual([...oddities]);
  });

  test("is led by what is trusted before what was sent", () => {
    const [leaf, intermediate, ca] = read("incompleteChain", "intermediate", "ca");
    if (leaf === undefined || intermediate === undefined || ca === undefined) throw new Error();
    const trusted = pathIn([leaf], (one) => (one === leaf ? intermediate : ca));
    expect(trusted).toEqual([leaf, intermediate, ca]);
    expect(pathIn([leaf])).toEqual([leaf]);
    expect(pathIn([])).toEqual([]);
  });

  test("that goes in circles ends, whoever leads it on", () => {
    const [leaf, one, other] = read("incompleteChain", "intermediate", "good");
    if (leaf === undefined || one === undefined || other === undefined) throw new Error();
    const circling = (each: X509Certificate) => (each === one ? other : one);
    expect(pathIn([leaf], circling)).toEqual([leaf, one, other]);
  });

  test("a leaf with 2,000 names shows a hundred of them", async () => {
    const home = await folder();
    const names = Array.from({ length: 2000 }, (_, index) => `DNS:h${index}.test`).join(",");
    writeFileSync(
      join(home, "many.cnf"),
      `[req]\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\n[ext]\nsubjectAltName=${names}\n`,
    );
    const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"];
    const out = ["-keyout", "many.key", "-out", "many.pem", "-config", "many.cnf"];
    const words = ["req", "-x509", ...ec, "-subj", "/CN=many", ...out];
    execFileSync(pathOf("openssl"), words, { cwd: home, stdio: "ignore" });
    const many = new X509Certificate(readFileSync(join(home, "many.pem")));
    const shown = describeCertificate(many, Date.now());
    expect(shown.names).toHaveLength(100);
    expect(shown.names[99]).toBe("DNS:h99.test");
  });
});
