import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fixture, layOut } from "./fixture.ts";
import { runMain, spawnHost } from "./spawn.ts";

let app: Fixture;

beforeAll(async () => {
  app = await layOut();
});

afterAll(() => app[Symbol.asyncDispose]());

test.each([
  [["--prot", "0"], "unknown flag --prot: did you mean --port?"],
  [["--key"], "unknown flag --key: did you mean --keys?"],
  [["--simulate", "frontdor"], "did you mean frontdoor?"],
  [["--simulate"], "--simulate wants one of appservice, containerapps, frontdoor, appgateway"],
  [["--port", "70000"], "--port wants a number from 0 to 65535"],
  [["--port"], "--port wants a number from 0 to 65535"],
  [["stray"], "unexpected argument stray"],
])("%j ends with 2 and says why", async (args, message) => {
  const { code, out, err } = await runMain({ root: app.root, args });
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(message);
});

test("--help names every flag and ends with 0", async () => {
  const { code, out } = await runMain({ root: app.root, args: ["--help"] });
  expect(code).toBe(0);
  for (const flag of ["--port", "--keys", "--simulate", "--help"]) expect(out).toContain(flag);
});

test("it prints the page and three curl lines, without colours where there is no terminal", async () => {
  const host = await spawnHost({ root: app.root, env: { FORCE_COLOR: undefined } });
  try {
    const lines = host.printed().split("\n");
    expect(lines).toContain(`Sonde is at ${host.url}/`);
    for (const probe of ["check", "dns", "echo"]) {
      expect(host.printed()).toContain(`curl '${host.url}/api/${probe}?`);
    }
    expect(host.printed()).not.toContain("\u001b");
  } finally {
    await host.stop();
  }
});

test("curl gets an answer, and a large upload is taken", async () => {
  const host = await spawnHost({ root: app.root });
  const run = promisify(execFile);
  try {
    const plain = await run("curl", ["-s", "-i", `${host.url}/api/open`]);
    expect(plain.stdout).toMatch(/^HTTP\/1\.1 200 OK[^]*\r\n\r\nopen$/);
    // Past 1 MiB curl waits for "100 Continue" first.
    const body = "x".repeat(2 * 1024 * 1024);
    const sent = run("curl", ["-s", "--data-binary", "@-", `${host.url}/api/see`], {
      maxBuffer: 8 * 1024 * 1024,
    });
    sent.child.stdin?.end(body);
    expect((await sent).stdout).toContain(body);
  } finally {
    await host.stop();
  }
});

test("on SIGTERM it stops accepting, lets a call finish, runs the last hooks and ends with 0", async () => {
  const mark = join(app.root, "terminated");
  const host = await spawnHost({ root: app.root, env: { TERMINATED: mark } });
  // An idle connection must not hold it open.
  const idle = connect(Number(new URL(host.url).port), "127.0.0.1");
  await once(idle, "connect");
  const slow = fetch(`${host.url}/api/slow`);
  await fetch(`${host.url}/api/open`);
  expect(existsSync(mark)).toBe(false);
  const stopped = host.stop();
  expect(await (await slow).text()).toBe("slow but done");
  expect(await stopped).toBe(0);
  expect(readFileSync(mark, "utf8")).toBe("terminated\n");
  await expect(fetch(`${host.url}/api/open`)).rejects.toThrow("fetch failed");
  idle.destroy();
});

test("a call that does not end is cut off after the grace of 5 s", async () => {
  const host = await spawnHost({ root: app.root });
  const stuck = fetch(`${host.url}/api/slow?ms=600000`).catch(String);
  await fetch(`${host.url}/api/open`);
  expect(await host.stop()).toBe(0);
  expect(await stuck).toContain("fetch failed");
}, 60_000);

test("SIGINT ends it as well", async () => {
  const host = await spawnHost({ root: app.root });
  const closed = once(host.child, "close");
  host.child.kill("SIGINT");
  expect(await closed).toEqual([0, null]);
});
