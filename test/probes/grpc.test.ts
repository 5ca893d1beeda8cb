/** gRPC by its health service: against the library's own server, and against what is none. */
import { readFile } from "node:fs/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { beforeAll, describe, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import { check } from "../../lib/probes/check.ts";
import { http } from "../../lib/probes/http.ts";
import { healthIn, healthRequest } from "../../lib/protocols/grpc.ts";
import { ask } from "../asking.ts";
import { certificates } from "../servers/certificates.ts";
import { grpcServer, type Health } from "../servers/grpc.ts";
import { site } from "../servers/http.ts";
import { needs } from "../servers/needs.ts";
import { nginx } from "../servers/nginx.ts";
import { sServer } from "../servers/sserver.ts";
import { endingOnData } from "../servers/tls.ts";
import { greeting, resettingOnData, silent } from "../servers/tcp.ts";

const call = async (port: number, path = "", ...more: Pair[]) =>
  ask(check, [["target", `grpc://127.0.0.1:${port}${path}`], ["timeoutMs", 1000], ...more]);

type Asked = Awaited<ReturnType<typeof call>>;

const [PASS, WARN, FAIL] = ["pass", "warn", "fail"];
const codesOf = (report: Asked) => report.findings.map((one) => one.code);
const factsOf = (report: Asked): unknown => {
  const [branch] = Object.values<object>(
    Object(report.result["addresses"] ?? report.result["hops"]),
  );
  return Reflect.get(branch ?? {}, "grpc");
};

needs("python3", "grpc")("a gRPC server", () => {
  test.each<[Health, string | undefined, string[]]>([
    ["SERVING", PASS, []],
    ["NOT_SERVING", FAIL, ["grpc.not_serving"]],
    ["UNKNOWN", FAIL, ["grpc.not_serving"]],
    ["SERVICE_UNKNOWN", FAIL, ["grpc.unknown_service"]],
    ["NOT_FOUND", FAIL, ["grpc.unknown_service"]],
    ["UNAVAILABLE", FAIL, ["grpc.status"]],
    ["UNAUTHENTICATED", PASS, ["grpc.unauthenticated"]],
    ["none", WARN, ["grpc.no_health"]],
    ["nonsense", FAIL, ["http.malformed"]],
    ["long", FAIL, ["http.malformed"]],
    ["silent", FAIL, ["http.timeout"]],
  ])("whose health is %s: %s %j", async (health, verdict, codes) => {
    const { port } = await grpcServer(health);
    const report = await call(port);
    expect(codesOf(report)).toEqual(codes);
    expect(report.verdict).toBe(verdict);
  });

  test("is asked after a service by name, and tells what was asked and answered", async () => {
    const server = await grpcServer("SERVING");
    const { port } = server;
    const printed = () => server.printed();
    const report = await call(port, "/orders.v1.Orders", ["expect.grpcHealth", "serving"]);
    expect(report).toMatchObject({ verdict: "pass", expected: [{ ok: true }] });
    expect(report.proved).toContain("a gRPC server answers");
    expect(factsOf(report)).toMatchObject({
      called: `grpc://127.0.0.1:${port}/orders.v1.Orders`,
      service: "orders.v1.Orders",
      httpStatus: 200,
      grpcStatus: 0,
      statusName: "OK",
      health: "serving",
    });
    const name = Buffer.from("orders.v1.Orders");
    await expect.poll(printed).toContain(`asked after 0a10${name.toString("hex")}`);
    await expect.poll(printed).toContain("cdn-loop");
  });

  test("that refuses is quoted, and may be expected to", async () => {
    const { port } = await grpcServer("UNAUTHENTICATED");
    const report = await call(port, "", ["expect.grpcStatus", "UNAUTHENTICATED"]);
    expect(report).toMatchObject({ verdict: "pass", expected: [{ ok: true }] });
    expect(factsOf(report)).toMatchObject({
      grpcStatus: 16,
      message: expect.stringContaining("UNAUTHENTICATED"),
    });
  });

  test("through the http probe, with another address and another host", async () => {
    const { port } = await grpcServer("SERVING");
    const report = await ask(http, [
      ["target", "grpc://app.example.test:80"],
      ["connectTo", `127.0.0.1:${port}`],
    ]);
    expect(report.verdict).toBe("pass");
    expect(factsOf(report)).toMatchObject({ called: "grpc://app.example.test/" });
    expect(report.reproduce).toEqual(["grpc_health_probe -addr=app.example.test:80"]);
  });
});

needs(
  "python3",
  "grpc",
  "openssl",
)("a gRPC server with TLS", () => {
  beforeAll(async () => {
    const ca = await readFile((await certificates())("ca").cert, "utf8");
    setDefaultCACertificates([...getCACertificates("default"), ca]);
  });

  test.each([check, http])("is called over HTTP/2, by $name", async (probe) => {
    const { port } = await grpcServer("SERVING", (await certificates())("good"));
    const report = await ask(probe, [["target", `grpcs://127.0.0.1:${port}`]]);
    expect(report.verdict).toBe("pass");
    expect(factsOf(report)).toMatchObject({ health: "serving" });
    expect(JSON.stringify(report.result)).toContain('"alpn":"h2"');
  });

  test("whose certificate is bad is not called", async () => {
    const { port } = await grpcServer("SERVING", (await certificates())("expired"));
    const report = await ask(check, [["target", `grpcs://127.0.0.1:${port}`]]);
    expect(codesOf(report)[0]).toBe("tls.expired");
    expect(report.steps.at(-1)).toMatchObject({ name: "grpc", verdict: "skip" });
  });

  test("that does not agree to HTTP/2 is none", async () => {
    const { port } = await sServer((await certificates())("good"), ["-alpn", "http/1.1"]);
    const report = await ask(check, [["target", `grpcs://127.0.0.1:${port}`]]);
    expect(codesOf(report)[0]).toMatch(/^(tls\.alert|grpc\.not_grpc)$/);
  });

  test("that knows no ALPN is none", async () => {
    const { port } = await sServer((await certificates())("good"));
    const report = await ask(check, [["target", `grpcs://127.0.0.1:${port}`]]);
    expect(codesOf(report)).toEqual(["grpc.not_grpc"]);
  });

  test("spoken to without TLS is no gRPC", async () => {
    const { port } = await grpcServer("SERVING", (await certificates())("good"));
    expect(codesOf(await call(port))).toEqual(["grpc.not_grpc"]);
  });
});

describe("what is no gRPC", () => {
  test.each([
    ["a server of HTTP/1.1", async () => site((_request, response) => void response.end("hello"))],
    ["a port that greets", async () => portOnly(await greeting("SSH-2.0-x\r\n"))],
    ["a port that hangs up", async () => portOnly(await endingOnData())],
  ])("%s", async (_what, start) => {
    const { port } = new URL(await start());
    expect(codesOf(await call(Number(port)))).toEqual(["grpc.not_grpc"]);
  });

  test("a reset is a reset, and silence is silence", async () => {
    const reset = await resettingOnData();
    expect(codesOf(await call(reset.port))).toEqual(["http.closed"]);
    const mute = await silent();
    expect(codesOf(await call(mute.port))).toEqual(["http.timeout"]);
  });

  test.each(["method=HEAD", "follow=1", "aca=1", "affinity=1"])("%s is a 400", async (more) => {
    const [name = "", value = ""] = more.split("=");
    const asked = ask(http, [
      ["target", "grpc://127.0.0.1:1"],
      [name, value],
    ]);
    await expect(asked).rejects.toThrow();
  });

  test("a port is needed without TLS", async () => {
    await expect(ask(check, [["target", "grpc://127.0.0.1"]])).rejects.toThrow("port is needed");
  });
});

const portOnly = ({ port }: { port: number }) => `http://127.0.0.1:${port}/`;

needs(
  "nginx",
  "python3",
  "grpc",
)("nginx", () => {
  const serving = (more: string) =>
    nginx((port) => `server { listen 127.0.0.1:${port} http2; ${more} }`);

  test("with pages over HTTP/2 is no gRPC", async () => {
    const { port } = await serving("location / { return 404; }");
    const report = await call(port);
    expect(codesOf(report)).toEqual(["grpc.not_grpc"]);
    expect(factsOf(report)).toMatchObject({ httpStatus: 404, server: "nginx/1.22.1" });
  });

  test("in front of a server passes the call on", async () => {
    const behind = await grpcServer("SERVING");
    const { port } = await serving(`location / { grpc_pass grpc://127.0.0.1:${behind.port}; }`);
    expect((await call(port)).verdict).toBe("pass");
  });
});

describe("the octets of a health check", () => {
  test.each([
    ["", "0000000000"],
    ["a", "00000000030a0161"],
  ])("asked after %j: %s", (service, hex) => {
    expect(Buffer.from(healthRequest(service)).toString("hex")).toBe(hex);
  });

  test.each([
    ["0000000000", "unknown"],
    ["00000000020801", "serving"],
    ["00000000020803", "service-unknown"],
    ["00000000020809", undefined],
    ["00000000030801", undefined],
    ["01000000020801", undefined],
    ["0000", undefined],
    ["", undefined],
  ])("%s is %s", (hex, health) => {
    expect(healthIn(Buffer.from(hex, "hex"))).toBe(health);
  });

  test("a long name has a length of two octets", () => {
    const name = "n".repeat(200);
    expect(Buffer.from(healthRequest(name)).subarray(5, 8).toString("hex")).toBe("0ac801");
  });
});
