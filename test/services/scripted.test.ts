/** Greetings against servers that answer as the specification has it, or as nobody should. */
import { describe, expect, test } from "vitest";
import { greetings } from "../../lib/greetings.ts";
import { services } from "../../lib/services/index.ts";
import { tcpServer } from "../servers/tcp.ts";
import { greet } from "./greet.ts";

/** Answers each piece that comes with the next of these; after the last it only listens. */
const answering = (banner: string, ...answers: readonly string[]) =>
  tcpServer((socket) => {
    const left = [...answers];
    if (banner !== "") socket.write(banner, "latin1");
    socket.on("data", () => {
      const next = left.shift();
      if (next !== undefined) socket.write(next, "latin1");
    });
  });

describe("AMQP", () => {
  const header = "AMQP\x03\x01\x00\x00";
  // A frame of type SASL: sasl-mechanisms with an array of three symbols, as OASIS part 5.3.3.1 lays it out.
  const body = "\x00\x53\x40\xc0\x1f\x01\xe0\x1c\x03\xa3\x05PLAIN\x09ANONYMOUS\x07MSSBCBS";
  const frame = `\0\0\0${String.fromCharCode(8 + body.length)}\x02\x01\0\0${body}`;

  test("1.0 tells its mechanisms", async () => {
    const { port } = await answering("", header + frame);
    const { report, branch } = await greet(`amqp://127.0.0.1:${port}`, {
      "expect.amqpMechanism": "MSSBCBS",
    });
    expect(branch["amqp"]).toEqual({
      version: "1.0",
      mechanisms: ["PLAIN", "ANONYMOUS", "MSSBCBS"],
    });
    expect(report.verdict).toBe("pass");
  });

  test("0-9-1 names itself in its own header", async () => {
    const { port } = await answering("", "AMQP\0\0\x09\x01");
    const { branch } = await greet(`amqp://127.0.0.1:${port}`);
    expect(branch["amqp"]).toEqual({ version: "0-9-1" });
  });

  test.each([`${header}\0\0\0\x04`, `${header}\x7f\0\0\0`, `${header}\0\0\0\x10\x02\0\0\0${body}`])(
    "a frame that is none is refused: %j",
    async (answer) => {
      const { port } = await answering("", answer);
      expect((await greet(`amqp://127.0.0.1:${port}`)).codes).toEqual(["service.malformed"]);
    },
  );
});

describe("SMTP", () => {
  const hello = "250-mail.test\r\n250-SIZE 1000\r\n250-STARTTLS\r\n250 8BITMIME\r\n";

  test("without STARTTLS tells what it offers", async () => {
    const { port } = await answering("220 mail.test ESMTP\r\n", "250-mail.test\r\n250 SIZE 1\r\n");
    const { report, branch } = await greet(`smtp://127.0.0.1:${port}`);
    expect(branch["smtp"]).toEqual({
      greeting: "mail.test ESMTP",
      extensions: ["SIZE 1"],
      starttls: false,
    });
    expect(report.verdict).toBe("pass");
  });

  test("with STARTTLS goes on to TLS", async () => {
    const { port } = await answering(
      "220 mail.test ESMTP\r\n",
      hello,
      "220 go ahead\r\n",
      "HTTP/1.1 400 Bad Request\r\n",
    );
    const { branch, steps } = await greet(`submission://127.0.0.1:${port}`);
    expect(branch["smtp"]).toMatchObject({ starttls: true });
    expect(steps[3]).toBe("handshake fail");
    expect(branch["stopped"]).toMatchObject({ code: "tls.not_tls" });
  });

  test("words after the agreement are a hand in the conversation", async () => {
    const { port } = await answering("220 x ESMTP\r\n", hello, "220 go ahead\r\n250 injected\r\n");
    expect((await greet(`smtp://127.0.0.1:${port}`)).codes).toEqual(["service.malformed"]);
  });

  test.each([
    ["554 no\r\n", "service.refused"],
    ["421 too many\r\n", "service.refused"],
    ["SSH-2.0-x\r\n", "service.wrong_protocol"],
    [`220-${"x".repeat(9000)}`, "service.malformed"],
    ["220-more\r\n".repeat(200), "service.malformed"],
  ])("%j", async (banner, code) => {
    const { port } = await answering(banner);
    expect((await greet(`smtp://127.0.0.1:${port}`)).codes).toEqual([code]);
  });
});

describe("mail boxes and files", () => {
  test.each([
    [
      "ftp",
      "220-hello\r\nwelcome\r\n220 ready\r\n",
      ["234 go\r\n"],
      { greeting: "ready", tls: true },
    ],
    ["ftp", "220 ready\r\n", ["500 what?\r\n"], { greeting: "ready", tls: false }],
    ["pop3", "+OK ready\r\n", ["+OK go\r\n"], { greeting: "ready", tls: true }],
    ["pop3", "+OK ready\r\n", ["-ERR no\r\n"], { greeting: "ready", tls: false }],
    [
      "imap",
      "* OK ready\r\n",
      ["* CAPABILITY IMAP4rev2 STARTTLS\r\na OK\r\n", "b OK\r\n"],
      { greeting: "ready", capabilities: ["IMAP4rev2", "STARTTLS"] },
    ],
    [
      "imap",
      "* OK ready\r\n",
      ["* CAPABILITY IMAP4rev2\r\na OK\r\n"],
      { greeting: "ready", capabilities: ["IMAP4rev2"] },
    ],
  ] as const)("%s after %j", async (scheme, banner, answers, facts) => {
    const { port } = await answering(banner, ...answers, "HTTP/1.1 400 Bad Request\r\n\r\n");
    const { branch, report } = await greet(`${scheme}://127.0.0.1:${port}`);
    expect(branch[scheme]).toEqual(facts);
    const upgrades = JSON.stringify(facts).includes("STARTTLS") || ("tls" in facts && facts.tls);
    expect(report.verdict).toBe(upgrades ? "fail" : "pass");
    if (upgrades) expect(branch["stopped"]).toMatchObject({ code: "tls.not_tls" });
  });

  test.each([
    ["ftp", "220 mail ESMTP\r\n", "service.wrong_protocol"],
    ["ftp", "421 too many\r\n", "service.refused"],
    ["imap", "+OK POP3\r\n", "service.wrong_protocol"],
    ["imap", "* BYE full\r\n", "service.refused"],
    ["pop3", "* OK IMAP\r\n", "service.wrong_protocol"],
    ["pop3", "-ERR full\r\n", "service.refused"],
  ])("%s greeted by %j", async (scheme, banner, code) => {
    const { port } = await answering(banner);
    expect((await greet(`${scheme}://127.0.0.1:${port}`)).codes).toEqual([code]);
  });
});

describe("MongoDB", () => {
  const element = (type: number, name: string, value: Buffer) =>
    Buffer.concat([Buffer.of(type), Buffer.from(`${name}\0`), value]);
  const int = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return bytes;
  };
  const document = (...elements: readonly Buffer[]) => {
    const body = Buffer.concat([...elements, Buffer.of(0)]);
    return Buffer.concat([int(4 + body.length), body]);
  };
  const message = (body: Buffer) =>
    Buffer.concat([
      int(21 + body.length),
      int(1),
      int(0x5344),
      int(2013),
      int(0),
      Buffer.of(0),
      body,
    ]).toString("latin1");
  const hello = document(
    element(0x08, "isWritablePrimary", Buffer.of(1)),
    element(0x03, "topologyVersion", document(element(0x12, "counter", Buffer.alloc(8)))),
    element(0x09, "localTime", Buffer.alloc(8)),
    element(0x02, "setName", Buffer.concat([int(4), Buffer.from("rs0\0")])),
    element(0x10, "maxWireVersion", int(21)),
  );

  test("answers hello", async () => {
    const { port } = await answering("", message(hello));
    const { branch } = await greet(`mongodb://127.0.0.1:${port}`);
    expect(branch["mongodb"]).toEqual({ wireVersion: 21, writable: true, replicaSet: "rs0" });
  });

  test.each([document(), hello.subarray(0, 60), document(element(0x7f, "x", int(1)))])(
    "a document that says nothing, or does not fit, is refused (%#)",
    async (body) => {
      const { port } = await answering("", message(body));
      expect((await greet(`mongodb://127.0.0.1:${port}`)).codes).toEqual(["service.malformed"]);
    },
  );
});

test("MySQL turns away an address that it has blocked, and says by which error", async () => {
  const said = "\xff\x69\x04Host '10.0.0.9' is blocked because of many connection errors";
  const { port } = await answering(`${String.fromCharCode(said.length)}\0\0\0${said}`);
  const { report } = await greet(`mysql://127.0.0.1:${port}`);
  expect(report.findings[0]).toMatchObject({
    code: "service.mysql_blocked",
    evidence: expect.stringContaining("error 1129: Host '10.0.0.9' is blocked"),
  });
});

test("every scheme of every service has a walk", () => {
  const schemes = services.flatMap((service) => Object.keys(service.schemes));
  expect(Object.keys(greetings).toSorted()).toEqual(schemes.toSorted());
});
