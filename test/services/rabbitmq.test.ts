/** The greeting of AMQP against RabbitMQ, with its plugin for 1.0 and without. Each takes seconds to start. */
import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { beforeAll, describe, expect, test } from "vitest";
import { certificates } from "../servers/certificates.ts";
import { needs } from "../servers/needs.ts";
import { rabbitMq, type RabbitMq } from "../servers/rabbitmq.ts";
import { webSocketGateway } from "../servers/web-socket.ts";
import { greet } from "./greet.ts";

needs(
  "rabbitmq-server",
  "epmd",
  "openssl",
)("RabbitMQ", () => {
  let both: RabbitMq;
  let old: RabbitMq;
  beforeAll(async () => {
    const made = await certificates();
    const ca = readFileSync(made("ca").cert, "utf8");
    setDefaultCACertificates([...getCACertificates("default"), ca]);
    const good = made("good");
    [both, old] = await Promise.all([rabbitMq(good, "rabbitmq_amqp1_0"), rabbitMq(good)]);
  }, 120_000);

  test("with the plugin speaks 1.0 and tells its mechanisms", async () => {
    const { report, branch, steps } = await greet(`amqp://127.0.0.1:${both.port}`, {
      "expect.amqpMechanism": "ANONYMOUS",
    });
    expect(branch["amqp"]).toEqual({
      version: "1.0",
      mechanisms: expect.arrayContaining(["PLAIN", "ANONYMOUS"]),
    });
    expect(report).toMatchObject({ verdict: "pass", expected: [{ ok: true }] });
    expect(steps).toEqual(["resolve pass", "connect pass", "amqp pass"]);
  });

  test("speaks it over TLS", async () => {
    const { report, branch } = await greet(`amqps://127.0.0.1:${both.tlsPort}`);
    expect(branch["handshake"]).toMatchObject({ trusted: true });
    expect(branch["amqp"]).toMatchObject({ version: "1.0" });
    expect(report.verdict).toBe("pass");
  });

  describe("behind a WebSocket", () => {
    const wanted = { url: "/$servicebus/websocket", subprotocol: "AMQPWSB10" };

    test("speaks 1.0 inside it, as Service Bus does on 443", async () => {
      const certificate = (await certificates())("good");
      const { port, asked } = await webSocketGateway(certificate, both.port, wanted);
      const { report, branch, steps } = await greet(`amqpwss://127.0.0.1:${port}`);
      expect(branch["upgrade"]).toMatchObject({ answer: 101, subprotocol: "AMQPWSB10" });
      expect(branch["amqp"]).toMatchObject({
        version: "1.0",
        mechanisms: expect.arrayContaining(["PLAIN"]),
      });
      expect(report.verdict).toBe("pass");
      const order = ["resolve", "connect", "handshake", "upgrade", "amqp"];
      expect(steps).toEqual(order.map((name) => `${name} pass`));
      expect(asked).toEqual([wanted]);
    });

    test("at a path of one's own", async () => {
      const own = { ...wanted, url: "/$iothub/websocket" };
      const { port } = await webSocketGateway((await certificates())("good"), old.port, own);
      const { branch } = await greet(`amqpwss://127.0.0.1:${port}/$iothub/websocket`);
      expect(branch["attempts"]).toMatchObject([{ upgrade: {}, amqp: { version: "0-9-1" } }]);
      const { codes } = await greet(`amqpwss://127.0.0.1:${port}`);
      expect(codes).toContain("http.not_upgraded");
    });
  });

  test.each([
    ["amqp", "port"],
    ["amqps", "tlsPort"],
  ] as const)("without it is greeted again in 0-9-1: %s", async (scheme, port) => {
    const { report, branch } = await greet(`${scheme}://127.0.0.1:${old[port]}`, {
      "expect.amqpMechanism": "PLAIN",
    });
    expect(branch["amqp"]).toEqual({ version: "0-9-1" });
    expect(branch["attempts"]).toMatchObject([
      {
        on: "AMQP 0-9-1",
        amqp: {
          version: "0-9-1",
          mechanisms: expect.arrayContaining(["PLAIN"]),
          product: expect.stringMatching(/^RabbitMQ 3\./),
        },
      },
    ]);
    expect(report).toMatchObject({ verdict: "pass", expected: [{ ok: true }] });
    expect(report.summary).toContain("AMQP 0-9-1 answers");
  });

  test("hangs up on a plain hello to its port for TLS, and the answer says so", async () => {
    const { codes } = await greet(`amqp://127.0.0.1:${both.tlsPort}`);
    expect(["service.wrong_protocol", "tcp.closed", "tcp.reset"]).toContain(codes[0]);
  });
});
