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
    ["550 5.7.1 blocked by a list\r\n", "service.refused"],
    ["530 log in first\r\n", "service.wrong_protocol"],
    ["SSH-2.0-x\r\n", "service.wrong_protocol"],
    [`220-${"x".repeat(9000)}`, "service.malformed"],
    ["220-more\r\n".repeat(200), "service.malformed"],
  ])("%j", async (banner, code) => {
    const { port } = await answering(banner);
    expect((await greet(`smtp://127.0.0.1:${port}`)).codes).toEqual([code]);
  });
});

describe("a no in mid-conversation is quoted, and no other protocol is claimed", () => {
  test.each([
    ["smtp", "220 x ESMTP\r\n", ["550 5.7.1 no\r\n"], "SMTP answers EHLO by 550 5.7.1 no"],
    ["smtp", "220 x ESMTP\r\n", ["500 what?\r\n"], "SMTP answers EHLO by 500 what?"],
    ["smtp", "220 ready\r\n", ["421 too many\r\n"], "SMTP answers EHLO by 421 too many"],
    [
      "smtp",
      "220 x ESMTP\r\n",
      ["250-x\r\n250 STARTTLS\r\n", "454 not now\r\n"],
      "SMTP offers STARTTLS and answers it by 454 not now",
    ],
    ["ftp", "500 OOPS: no\r\n", [], "FTP answers 500 OOPS: no"],
    ["imap", "* bye full\r\n", [], "IMAP answers: full"],
    [
      "imap",
      "* OK ready\r\n",
      ["* CAPABILITY IMAP4rev1 StartTLS\r\na ok\r\n", "b NO no certificate\r\n"],
      "IMAP answers STARTTLS by NO no certificate",
    ],
    ["imap", "* OK ready\r\n", ["* BYE too late\r\n"], "IMAP answers CAPABILITY by BYE too late"],
    ["ssh", "Exceeded MaxStartups\r\n", [], "SSH answers: Exceeded MaxStartups"],
  ])("%s after %j and %j", async (scheme, banner, answers, evidence) => {
    const { port } = await answering(banner, ...answers);
    const { report, codes } = await greet(`${scheme}://127.0.0.1:${port}`);
    expect(codes).toEqual(["service.refused"]);
    expect(report.findings[0]?.evidence).toContain(evidence);
  });

  test.each([
    ["ssh", "Go away, 10.0.0.4\n", '"Go away, 10.0.0.4\\n"'],
    ["kafka", "busy", '"busy"'],
  ])("what no protocol knows is quoted where %s ends after it", async (scheme, words, quoted) => {
    const { port } = await tcpServer((socket) => void socket.resume().end(words));
    const { report, codes } = await greet(`${scheme}://127.0.0.1:${port}`);
    expect(codes).toEqual(["tcp.closed"]);
    expect(report.findings[0]?.evidence).toContain(`before, it said ${quoted}`);
  });

  test("a service that goes on in another way than it began is not told as another one", async () => {
    // An error by its beginning, and longer than any is.
    const { port } = await answering("", "E\0\0\xff\xffSFATAL\0Mno\0\0");
    const { report, codes } = await greet(`postgres://127.0.0.1:${port}`);
    expect(codes).toEqual(["service.malformed"]);
    expect(report.findings[0]?.evidence).not.toContain("not PostgreSQL");
  });
});

describe("LDAP", () => {
  const ber = (tag: number, ...parts: readonly string[]) => {
    const value = parts.join("");
    return String.fromCharCode(tag, value.length) + value;
  };
  const done = (id: number, tag: number, code: number, message: string) =>
    ber(
      0x30,
      ber(2, String.fromCharCode(id)),
      ber(tag, ber(10, String.fromCharCode(code)), ber(4), ber(4, message)),
    );

  test("a refusal is quoted", async () => {
    const { port } = await answering("", done(1, 0x65, 1, "a bind is needed"));
    const { report } = await greet(`ldap://127.0.0.1:${port}`);
    expect(report.findings[0]).toMatchObject({
      code: "service.refused",
      evidence: expect.stringContaining("result 1: a bind is needed"),
    });
  });

  test("StartTLS that is offered and refused is not told as offered", async () => {
    const extension = ber(0x31, ber(4, "1.3.6.1.4.1.1466.20037"));
    const attribute = ber(0x30, ber(4, "supportedExtension"), extension);
    const entry = ber(0x30, ber(2, "\x01"), ber(0x64, ber(4), ber(0x30, attribute)));
    const no = done(2, 0x78, 52, "TLS not ready");
    const { port } = await answering("", entry + done(1, 0x65, 0, ""), no);
    const { report, branch } = await greet(`ldap://127.0.0.1:${port}`, {
      "expect.ldapStarttls": "true",
    });
    expect(branch["ldap"]).toEqual({
      namingContexts: [],
      starttls: false,
      starttlsRefusal: "result 52: TLS not ready",
    });
    expect(report.expected).toMatchObject([{ ok: false }]);
  });
});

test("Kafka: the APIs that are there are counted, not those that are announced", async () => {
  const body = "\x50\x4e\x44\x45\0\0\x7f\xff\xff\xff\0\x12\0\0\0\x03";
  const { port } = await answering("", `\0\0\0${String.fromCharCode(body.length)}${body}`);
  expect((await greet(`kafka://127.0.0.1:${port}`)).branch["kafka"]).toMatchObject({ apis: 1 });
});

test("lines to paste ask as the scheme does", async () => {
  const lines = async (target: string) => (await greet(target)).report.reproduce.join();
  expect(await lines("mqtts://127.0.0.1:1")).toContain(" --tls-use-os-certs -t ");
  expect(await lines("mqtt://127.0.0.1:1")).not.toContain("tls");
  expect(await lines("kafkas://127.0.0.1:1")).toContain("security.protocol=ssl");
  expect(await lines("amqp://[::1]:1")).toContain("nc -w 3 ::1 1 |");
  expect(await lines("storage://127.0.0.1:1")).toContain("-H 'x-ms-version: ");
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

  test("says in its own words why it does not", async () => {
    const no = document(
      element(0x02, "errmsg", Buffer.concat([int(9), Buffer.from("no hello\0")])),
      element(0x10, "code", int(59)),
    );
    const { port } = await answering("", message(no));
    const { report } = await greet(`mongodb://127.0.0.1:${port}`);
    expect(report.findings[0]).toMatchObject({
      code: "service.refused",
      evidence: expect.stringContaining("error 59: no hello"),
    });
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
