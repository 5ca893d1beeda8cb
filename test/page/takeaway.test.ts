/** Commands, links and Markdown: the same question elsewhere, and nothing that could run by itself. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { curl, powershell, sonde } from "../../page/commands.ts";
import { differences } from "../../page/differ.ts";
import { hashOf, inputOf, readHash, withoutSecrets, type Question } from "../../page/link.ts";
import { ticket } from "../../page/ticket.ts";
import * as reports from "../surfaces/reports.ts";

const question: Question = {
  probe: "check",
  targets: ["https://a.test/x?y=1"],
  more: "timeoutMs=2000 expect.status=200 expect.status=204",
};
const base = "https://diag.test/";
const hostile = "tcp://a'$(touch /tmp/no)`id`\"\n;:1";

test("a link carries everything but the key", () => {
  const opened = readHash(`${hashOf(question)}&key=hunter2`);
  expect(opened).toEqual({ ...question, suite: undefined, key: "hunter2" });
  expect(hashOf(opened)).not.toContain("hunter2");
  const dns: Question = { probe: "dns", targets: ["a.test"], more: "type=MX" };
  expect(readHash(hashOf(dns))).toEqual({ ...dns, suite: undefined, key: undefined });
});

test("a query keeps what it says and loses what opens doors", () => {
  expect(withoutSecrets("https://a.test/x?sv=1&sig=hunter2&se=2")).toBe(
    "https://a.test/x?sv=1&se=2",
  );
  expect(withoutSecrets("https://a.test/x?code=hunter2")).toBe("https://a.test/x");
});

test("a repeated parameter is a list", () => {
  expect(inputOf(question, "a")).toEqual({
    target: "a",
    timeoutMs: "2000",
    "expect.status": ["200", "204"],
  });
});

test("a shell takes every part of a command as one word", () => {
  const command = curl(base, question, hostile).replace(/^curl/, String.raw`printf '%s\n'`);
  const words = execFileSync("sh", ["-c", command], { env: { SONDE_KEY: "k e y" } }).toString();
  expect(words.split("\n")).toContain("x-functions-key: k e y");
  expect(words.split("\n")).toContain(`target=${hostile.replace("\n", "")}`);
  expect(sonde(question, "a'b:1")).toBe(
    String.raw`sonde check 'a'\''b:1' 'timeoutMs=2000' 'expect.status=200' 'expect.status=204'`,
  );
});

test("PowerShell gets single quotes that nothing closes", () => {
  expect(powershell(base, { ...question, more: "" }, "a'b’c:1")).toContain(
    "'target' = 'a''b’’c:1'",
  );
  expect(powershell(base, question, "a:1")).toContain("'expect.status' = '200', '204'");
  expect(powershell(base, question, "a:1")).toContain("$env:SONDE_KEY");
});

test("Markdown for a ticket holds the evidence and no markup of others", () => {
  const [first] = reports.fail.findings;
  if (first === undefined) throw new Error("a finding is needed");
  const evil = "</code><img src=x> `` @everyone | ##vso[x]y ::error::z";
  const said = ticket({ ...reports.fail, findings: [{ ...first, evidence: evil }] }, base);
  expect(said).toContain("tcp.timeout");
  expect(said).toContain("| step | on | result | ms | code |");
  const line = said.split("\n").find((one) => one.includes("@everyone")) ?? "";
  expect(line).toMatch(/^- Seen: ``` .* ```$/);
  expect(line).not.toMatch(/##|\|/);
});

test("of two reports only what differs is left, and never the times", () => {
  const { pass, fail } = reports;
  expect(differences(pass, { ...pass, id: "x", at: "y", ms: 99 })).toEqual([]);
  const found = differences(pass, fail).map((one) => one.path);
  expect(found).toContain("verdict");
  expect(found.every((path) => !/Ms$|localPort/.test(path))).toBe(true);
  const shuffled = (names: readonly string[]) => ({ ...pass, result: { addresses: names } });
  expect(differences(shuffled(["a", "b"]), shuffled(["b", "a"]))).toEqual([]);
});
