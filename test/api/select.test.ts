/** One value out of a report, for a shell. */
import { describe, expect, test } from "vitest";
import { answer } from "../../lib/api/answer.ts";
import { echo } from "../../lib/probes/echo.ts";
import { tcp } from "../../lib/probes/tcp.ts";
import type { AnyProbe } from "../../lib/probe.ts";
import { localEdge } from "../asking.ts";
import { tcpServer } from "../servers/tcp.ts";

const headers: [string, string][] = [
  ["host", "localhost"],
  ["x-forwarded-for", "203.0.113.9:4711"],
  ["x-forwarded-proto", "https"],
  ["authorization", "Bearer PLANTED-SECRET"],
  ["x-odd", "a\u001b[31mred"],
];

async function ask(query: string, probe: AnyProbe = echo) {
  const url = `http://localhost/api/${probe.name}?${query}`;
  const request = { method: "GET", url, headers, text: async () => "" };
  return answer(probe, request, localEdge(), () => {});
}

describe("select", () => {
  test.each([
    ["client.address", "203.0.113.9\n"],
    ["result.arrive.client.port", "4711\n"],
    ["arrive.scheme", "https\n"],
    ["verdict", "pass\n"],
    ["vantage.app", "local\n"],
    ["headers.x-forwarded-proto.value", "https\n"],
    ["hops.worker.evidence", "local\n"],
    ["headers.0.name", "host\n"],
    ["headers.x-odd.value", "a\\u001b[31mred\n"],
    ["headers.authorization.value", "Bearer ***\n"],
    ["client.evidence", "x-forwarded-for\n"],
    ["tlsEnd", '{"at":"proxy","again":[],"clear":[]}\n'],
    // What was never learned is nothing, and not the word for it.
    ["clientCertificate.subject", ""],
    ["headers.x-absent.value", ""],
  ])("%s", async (path, expected) => {
    const { status, body, headers: sent } = await ask(`select=${path}`);
    expect({ status, body }).toEqual({ status: 200, body: expected });
    expect(sent["content-type"]).toBe("text/plain; charset=utf-8");
  });

  test("keeps the status of an expectation that does not hold", async () => {
    expect(await ask("select=client.address&expect.hop=front-door")).toMatchObject({
      status: 424,
      body: "203.0.113.9\n",
    });
  });

  test.each([
    ["client.adress", "address"],
    ["cleint.address", "client"],
    ["vantage.ap", "app"],
  ])("%s is misspelt, and the nearest is named", async (path, suggestion) => {
    const { status, body } = await ask(`select=${path}`);
    expect({ status, ...JSON.parse(body) }).toMatchObject({
      status: 400,
      parameter: "select",
      suggestion,
    });
  });

  test.each(["", ".", "__proto__", "constructor.name", "verdict.length", "result.arrive.zzz"])(
    "%s leads nowhere",
    async (path) => {
      expect((await ask(`select=${path}`)).status).toBe(400);
    },
  );

  test("and format exclude each other", async () => {
    expect((await ask("select=verdict&format=json")).status).toBe(400);
  });

  test("looks into branches, as of any probe", async () => {
    const { port } = await tcpServer((socket) => void socket.end());
    const query = `target=127.0.0.1:${port}&select=`;
    expect((await ask(`${query}addresses.127.0.0.1.connect.address`, tcp)).status).toBe(400);
    expect(await ask(`${query}addresses.0.connect.address`, tcp)).toMatchObject({
      status: 200,
      body: "127.0.0.1\n",
    });
  });
});

describe("view=proxy", () => {
  test("shows what something on the way sets", async () => {
    const { body } = await ask("view=proxy");
    const names = JSON.parse(body).result.arrive.headers.map((one: { name: string }) => one.name);
    expect(names).toEqual(["x-forwarded-for", "x-forwarded-proto"]);
  });

  test("nothing else may be said", async () => {
    expect((await ask("view=proxies")).status).toBe(400);
  });
});
