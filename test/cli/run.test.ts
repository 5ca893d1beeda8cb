import { once } from "node:events";
import { createServer } from "node:http";
import { spawn } from "node:child_process";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { localEdge } from "../asking.ts";
import { certificates } from "../servers/certificates.ts";
import { named } from "../servers/named.ts";
import { inNamespace, inNamespaces } from "../servers/namespace.ts";
import { needs } from "../servers/needs.ts";
import { closedPort, portOf } from "../servers/ports.ts";
import { sServer } from "../servers/sserver.ts";
import { silent, tcpServer } from "../servers/tcp.ts";
import { build, type Sonde } from "./sonde.ts";

let sonde: Sonde;

beforeAll(async () => {
  sonde = await build();
});

const open = async () => `127.0.0.1:${(await tcpServer((socket) => socket.end())).port}`;
const closed = async () => `127.0.0.1:${await closedPort()}`;

describe("exit codes", () => {
  test("0 for a pass, which says what it does not prove", async () => {
    const place = await open();
    const { code, out, err } = await sonde.run(["tcp", place]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(new RegExp(`^PASS tcp://${place} connected`));
    expect(out).toContain("Not proved: ");
  });

  test("1 for a closed port", async () => {
    const place = await closed();
    expect(await sonde.run(["check", `tcp://${place}`, "--format", "short"])).toEqual({
      code: 1,
      out: `FAIL tcp.refused tcp://${place} the connection was refused\n`,
      err: "",
    });
  });

  test("a connection string is a target, and each of its places is asked", async () => {
    const [one, two] = [await closed(), await closed()];
    const tail = ["--format", "short"];
    const sql = `Server=tcp:${one.replace(":", ",")};Password=hunter2`;
    expect(await sonde.run(["check", sql, ...tail])).toEqual({
      code: 1,
      out: `FAIL tcp.refused sql://${one} the connection was refused\n`,
      err: "",
    });
    const both = await sonde.run(["check", `mongodb://u:hunter2@${one},${two}/a`, ...tail]);
    expect(both.out.split("\n").slice(0, -1)).toEqual([
      `FAIL tcp.refused mongodb://${one} the connection was refused`,
      `FAIL tcp.refused mongodb://${two} the connection was refused`,
    ]);
  });

  test("0 for a closed port that has to stay closed, 1 for an open one", async () => {
    const demand = ["--expect.reachable", "false", "--format=short"];
    expect(await sonde.run(["tcp", await closed(), ...demand])).toMatchObject({ code: 0 });
    const { code, out } = await sonde.run(["tcp", await open(), ...demand]);
    expect({ code, out }).toEqual({
      code: 1,
      out: expect.stringMatching(/^FAIL expect.reachable /),
    });
  });

  test.each(["169.254.169.254:80", "[fe80::1]:80", "0xa9fea9fe:80"])(
    "2 for %s, which the floor of the policy keeps closed",
    async (place) => {
      const { code, out, err } = await sonde.run(["tcp", place]);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toMatch(/^sonde: policy\.floor: .* is link-local/);
    },
  );

  test("2 for loopback on a platform, where it is what runs beside the app", async () => {
    const server = await tcpServer((socket) => socket.end());
    const env = { WEBSITE_SITE_NAME: "app", WEBSITE_INSTANCE_ID: "0123456789abcdef" };
    const { code, err } = await sonde.run(["tcp", `127.0.0.1:${server.port}`], env);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("policy.floor") });
    expect(server.accepted()).toBe(0);
  });

  test("2 for what SONDE_TARGETS does not allow", async () => {
    const place = await open();
    const { code, err } = await sonde.run(["tcp", place], { SONDE_TARGETS: "@private" });
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/^sonde: policy\./) });
  });

  test("2 once SONDE_EXPIRES has passed", async () => {
    const env = { SONDE_EXPIRES: "2026-01-01T00:00:00Z" };
    expect(await sonde.run(["tcp", await open()], env)).toMatchObject({
      code: 2,
      err: expect.stringContaining("sonde.expired"),
    });
  });

  test.each([
    [{ SONDE_LIMITS: "inFlight=0" }, "sonde.settings: SONDE_LIMITS"],
    [{ SONDE_TARGETS: "@publik" }, "policy.invalid: SONDE_TARGETS cannot be read"],
  ])("4 for a setting that cannot be read: %j", async (env, why) => {
    const { code, out, err } = await sonde.run(["tcp", await open()], env);
    expect({ code, out }).toEqual({ code: 4, out: "" });
    expect(err).toContain(why);
  });

  test("4 when there is no room for what is printed", async () => {
    const words = ["-c", 'exec "$@" >/dev/full', "sh", process.execPath, sonde.file, "--version"];
    const [code] = await once(spawn("sh", words), "close");
    expect(code).toBe(4);
  });
});

describe("several targets", () => {
  test("are not counted as a minute's quota: whoever has a shell could start it again", async () => {
    const env = { WEBSITE_INSTANCE_ID: "0123456789abcdef", SONDE_LIMITS: "medium=1 targets=1" };
    const { code, err } = await sonde.run(["tcp", "169.254.169.254:80", "169.254.169.254:81"], env);
    expect(code).toBe(2);
    expect(err.match(/policy\.floor/g)).toHaveLength(2);
  });

  test("are asked in order, and the worst decides", async () => {
    const [good, bad] = [await open(), await closed()];
    const { code, out } = await sonde.run(["tcp", good, bad, good, "format=short"]);
    expect(code).toBe(1);
    expect(out.split("\n").map((line) => line.slice(0, 4))).toEqual(["PASS", "FAIL", "PASS", ""]);
  });

  test("are all measured though one is refused", async () => {
    const good = await open();
    const { code, out, err } = await sonde.run(["tcp", "169.254.169.254:80", good, "format=short"]);
    expect(code).toBe(2);
    expect(out).toMatch(/^PASS /);
    expect(err).toContain("policy.floor");
  });

  test("give texts that stand apart", async () => {
    const good = await open();
    const { out } = await sonde.run(["tcp", good, good]);
    expect(out.match(/^PASS/gm)).toHaveLength(2);
    expect(out).toMatch(/\n\nPASS/);
  });
});

describe("formats", () => {
  test("json is the report", async () => {
    const place = await open();
    const { out } = await sonde.run(["tcp", place, "--format", "json"]);
    expect(JSON.parse(out)).toMatchObject({ schema: 1, ok: true, target: { input: place } });
  });

  test("markdown is for a ticket", async () => {
    const { out } = await sonde.run(["tcp", await open(), "--format=markdown"]);
    expect(out).toMatch(/^\S*.*PASS/);
    expect(out).toContain("| ");
  });

  test("a pipe gets all of it, however much it is", async () => {
    const place = await closed();
    const places = Array.from({ length: 40 }, () => place);
    const { out } = await sonde.run(["tcp", ...places, "--format", "json"]);
    expect(Buffer.byteLength(out)).toBeGreaterThan(0x10000);
    const reports: unknown = JSON.parse(`[${out.replaceAll("\n\n{", "\n,{")}]`);
    expect(reports).toHaveLength(40);
  });

  test.each([
    ["an open port", open, 0],
    ["a closed one", closed, 1],
  ])("a reader who leaves changes nothing about %s", async (_, place, wanted) => {
    const child = sonde.start(["tcp", await place()]);
    child.stdout?.destroy();
    let said = "";
    child.stderr?.on("data", (chunk) => (said += String(chunk)));
    const [code] = await once(child, "close");
    expect({ code, said }).toEqual({ code: wanted, said: "" });
  });
});

describe("every probe is in the one file", () => {
  needs("openssl")("tls", () => {
    test("judges a certificate by the roots of this machine, and demands what it is told", async () => {
      const made = await certificates();
      const { port } = await sServer(made("good"));
      const trusted = { NODE_EXTRA_CA_CERTS: made("ca").cert };
      const ask = (...more: readonly string[]) =>
        sonde.run(["tls", `localhost:${port}`, "--format=short", ...more], trusted);
      expect(await ask("--expect.cert-days", "30")).toMatchObject({ code: 0 });
      const { code, out } = await ask("--expect.certDays", "99999");
      expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining("expect.certDays") });
    });

    test("names an expired one", async () => {
      const made = await certificates();
      const { port } = await sServer(made("expired"));
      const { code, out } = await sonde.run(["tls", `127.0.0.1:${port}`, "--format=short"]);
      expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(/^FAIL tls\.expired /) });
    });
  });

  test("http, whose requests are never taken for a loop of the deployment beside it", async () => {
    const tokens: unknown[] = [];
    const server = createServer((request, response) => {
      tokens.push(request.headers["cdn-loop"]);
      response.end("hello");
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const env = { WEBSITE_HOSTNAME: "app.example.test" };
    const url = `http://127.0.0.1:${portOf(server)}/path?a=b`;
    const { code, err } = await sonde.run(["http", url, "--expect.status=200"], env);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(tokens).toEqual([expect.stringContaining("sonde-")]);
    expect(tokens).not.toContain(localEdge(env).loopToken);
  });

  needs("named")("dns", () => {
    test("asks the server that is named", async () => {
      const zone = "@ 60 IN SOA ns a 1 2 3 4 5\n@ IN NS ns\nns IN A 127.0.0.1\nwww IN A 10.1.2.3\n";
      const { port } = await named({ "example.test": zone });
      const words = ["dns", "www.example.test", "--server", `127.0.0.1:${port}`];
      const { code, out, err } = await sonde.run(words);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toContain("10.1.2.3");
    });
  });
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s ends it at once and quietly, with %d", async (signal, wanted) => {
  const server = await silent();
  const child = sonde.start(["tls", `127.0.0.1:${server.port}`, "--timeoutMs", "30000"]);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => (said += String(chunk)));
  }
  await expect.poll(() => server.accepted(), { timeout: 10_000 }).toBe(1);
  child.kill(signal);
  const [code] = await once(child, "close");
  expect({ code, said }).toEqual({ code: wanted, said: "" });
});

inNamespaces("a system resolver that hangs", () => {
  test("holds up neither the report nor the end", { timeout: 120_000 }, async () => {
    await inNamespace(new URL("./hanging.inside.ts", import.meta.url), {
      resolvConf: "nameserver 127.0.0.1\noptions timeout:30 attempts:2\n",
    });
  });
});
