/** What docs/check.md shows is what a run prints today, but for times and names of runs. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { expectable } from "../../lib/expect.ts";
import { check } from "../../lib/probes/check.ts";
import { readConnection } from "../../lib/platform/connection.ts";
import { builtIns } from "../../lib/suite/built-in/index.ts";
import { inNamespace, inNamespaces } from "../servers/namespace.ts";
import { lasting } from "./shown.ts";

const page = readFileSync(fileURLToPath(new URL("../../docs/check.md", import.meta.url)), "utf8");

inNamespaces("docs/check.md", () => {
  test("shows a run as it is", async () => {
    const home = mkdtempSync(join(tmpdir(), "sonde-docs-"));
    onTestFinished(() => rmSync(home, { recursive: true }));
    const output = join(home, "shown.txt");
    await inNamespace(new URL("./check.inside.ts", import.meta.url), {
      addresses: ["10.20.1.4/32", "10.20.1.5/32", "10.9.8.7/32"],
      hosts: "127.0.0.1 localhost\n10.20.1.4 orders.example.test\n",
      resolvConf: "nameserver 10.9.8.7\noptions timeout:1 attempts:1\n",
      env: { SONDE_TEST_OUTPUT: output },
    });
    const [, shown = ""] =
      /^```console\n\$ curl [^]*?\n((?:PASS|FAIL)[^]*?)^```$/m.exec(page) ?? [];
    expect(lasting(shown)).toEqual(lasting(readFileSync(output, "utf8")));
  }, 60_000);
});

test("docs/check.md names parameters, expectations and suites that there are", () => {
  const known = [
    ...Object.keys(check.input.shape),
    ...[...expectable(check.stages).keys()].map((key) => `expect.${key}`),
    "suite",
    "format",
    "select",
  ];
  const named = [...page.matchAll(/`(?<name>[a-z][\w.]*)=/g)].map((one) => one.groups?.["name"]);
  expect(named.length).toBeGreaterThan(5);
  for (const name of named) expect(known).toContain(name);
  for (const { name } of builtIns) expect(page).toMatch(new RegExp(`[\`=]${name}\``));
});

test("what docs/check.md says can be pasted is read, and nothing but its place is kept", () => {
  const pasted = [...page.matchAll(/^\| `(?<text>[^`]+)` +\| `(?<place>[a-z]+:\/\/[^`]+)`/gm)];
  expect(pasted.length).toBeGreaterThan(6);
  for (const { groups: { text = "", place } = {} } of pasted) {
    const [found] = readConnection(text)?.places ?? [];
    if (found !== undefined) {
      expect(`${found.scheme}://${found.host}:${found.port}`).toBe(place);
      continue;
    }
    const target = check.input.shape.target.parse(text);
    const { scheme, host, port } = target;
    expect(`${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`).toBe(place);
  }
});
