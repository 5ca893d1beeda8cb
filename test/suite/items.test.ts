/** Items that name a probe in place of a target. */
import { describe, expect, test } from "vitest";
import { answerSmoke } from "../../lib/api/smoke.ts";
import { report as reportSchema } from "../../lib/report.ts";
import { local, localEdge } from "../asking.ts";
import { a, reply, scriptedDns } from "../servers/scripted-dns.ts";
import { tcpServer } from "../servers/tcp.ts";

async function ask(body: string, settings: Readonly<Record<string, string>> = {}) {
  const request = {
    method: "POST",
    url: "http://localhost/api/smoke",
    headers: [
      ["content-type", "application/yaml"],
      ["x-forwarded-proto", "https"],
    ] as const,
    text: async () => body,
  };
  return answerSmoke(request, localEdge({ ...local, ...settings }), () => {});
}

describe("an item", () => {
  test("asks a name server, for the address this host leaves from, or how the request came", async () => {
    const { port } = await tcpServer((socket) => socket.resume());
    const server = await scriptedDns((heard) =>
      reply(heard, { answers: [a("orders.test", "10.0.0.4")] }),
    );
    const answer = await ask(`
version: 1
checks:
  - dns: { name: orders.test, server: "127.0.0.1:${server.port}" }
    expect: { rcode: NOERROR }
  - { outbound: { source: "127.0.0.1:${port}" }, expect: { source: 127.0.0.1 } }
  - { name: the way in, echo: {}, expect: { header: x-forwarded-proto } }
  - { echo: {}, expect: { header: x-azure-fdid }, level: warn }
`);
    expect(answer.status, answer.body).toBe(200);
    expect(reportSchema.parse(JSON.parse(answer.body)).checks).toMatchObject([
      { probe: "dns", expected: [{ key: "rcode", ok: true }] },
      { probe: "outbound", expected: [{ key: "source", ok: true }] },
      { probe: "echo", name: "the way in", expected: [{ key: "header", ok: true }] },
      { probe: "echo", verdict: "warn", expected: [{ key: "header", ok: false }] },
    ]);
  });

  test("that is asked again puts the control questions of a name server again", async () => {
    const { port } = await scriptedDns((heard) => reply(heard, { rcode: 2 }));
    const answer = await ask(`
- { dns: { name: orders.test, server: "127.0.0.1:${port}", type: A }, retries: 1, intervalMs: 0 }
`);
    const [check] = reportSchema.parse(JSON.parse(answer.body)).checks ?? [];
    expect(check).toMatchObject({ tries: 2 });
    expect(check?.steps.map(({ name }) => name)).toEqual(["query", "control"]);
  });

  test("asks the place that a setting of the app names, and each of several", async () => {
    const { port } = await tcpServer((socket) => socket.resume());
    const settings = {
      Cache: `tcp://127.0.0.1:${port}`,
      Both: `amqp://me:hunter2@127.0.0.1:${port},127.0.0.1:${port}`,
    };
    const answer = await ask(
      `
- { name: the cache, setting: Cache, expect: { reachable: true } }
- { setting: Both, level: warn, timeoutMs: 300 }
- { probe: check, input: { setting: cache } }
`,
      settings,
    );
    expect(answer.status, answer.body).toBe(200);
    const { checks = [] } = reportSchema.parse(JSON.parse(answer.body));
    expect(checks).toMatchObject([
      { name: "the cache", verdict: "pass", result: { setting: { name: "Cache" } } },
      { level: "warn", target: { scheme: "amqp", port } },
      { level: "warn", target: { scheme: "amqp", port } },
      { verdict: "pass", target: { port } },
    ]);
    expect(answer.body).not.toContain("hunter2");
  });

  test.each([
    ["setting: Cach", "line 4, column 5: checks[0].setting: there is no such setting", "Cache?"],
    ["setting: Cache\n    target: b:1", "checks[0].setting: a setting stands in place", "target"],
    ["setting: Cache\n    dns: { name: a }", "line 4, column 5: checks[0]: ", "stand alone"],
    ["setting: Cache\n    probe: tcp", "checks[0].setting: the parameter setting", "not known"],
    ["setting: Words", "checks[0].setting: it holds no host and port", "connection strings"],
    ["setting: 5", "checks[0].setting: text is needed", "text"],
  ])("that reads %o is wrong, with its line and column", async (item, where, why) => {
    const settings = { Cache: "tcp://127.0.0.1:1", Words: "just words" };
    const { status, body } = await ask(`version: 1\nname: x\nchecks:\n  - ${item}\n`, settings);
    expect(status).toBe(400);
    expect(JSON.parse(body).detail).toContain(where);
    expect(JSON.parse(body).detail).toContain(why);
  });

  test.each([
    ["dns: { nmae: a }", "line 4, column 12: checks[0].dns.nmae: nmae is not known", "name?"],
    ["echo: { deep: 1 }", "line 4, column 13: checks[0].echo.deep: ", "deep"],
    ["dns: { name: a }\n    target: b:1", "line 4, column 5: checks[0]: ", "stand alone"],
    ["dns: { name: a }\n    outbound: {}", "line 4, column 5: checks[0]: ", "stand alone"],
    ["dns: { name: a }\n    probe: tcp", "line 4, column 5: checks[0]: ", "stand alone"],
    ["echo: {}\n    expect: { rcode: NOERROR }", "line 5, column 15: ", "rcode"],
    ["echo: {}\n    expect: {}", "line 5, column 5: checks[0].expect: ", "demands nothing"],
  ])("that reads %o is wrong, with its line and column", async (item, where, why) => {
    const { status, body } = await ask(`version: 1\nname: x\nchecks:\n  - ${item}\n`);
    expect(status).toBe(400);
    const { detail } = JSON.parse(body);
    expect(detail).toContain(where);
    expect(detail).toContain(why);
  });
});
