/**
 * What every reader is held to: whoever answers, and however, the run ends in time and says what it was. Each
 * scheme of each service is fed the same, in plain text or inside TLS as it has it, and so is STUN over TCP.
 */
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { createServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import type { Duplex } from "node:stream";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { service } from "../../lib/probes/service.ts";
import { stun } from "../../lib/probes/stun.ts";
import { services } from "../../lib/services/index.ts";
import type { Scheme } from "../../lib/services/service.ts";
import { ask } from "../asking.ts";
import { certificates } from "../servers/certificates.ts";
import { closing } from "../servers/closing.ts";
import { portOf } from "../servers/ports.ts";
import { tcpServer } from "../servers/tcp.ts";

type Feed = (stream: Duplex, socket: Socket) => unknown;

/** For as long as somebody reads. */
const endless =
  (text: string): Feed =>
  (stream) => {
    const chunk = Buffer.alloc(0x4000, text, "latin1");
    const babble = () => {
      while (!stream.destroyed && stream.write(chunk));
    };
    stream.on("drain", babble);
    babble();
  };

const saying =
  (text: string): Feed =>
  (stream) =>
    stream.write(text, "latin1");

const http = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
/** Fatal, unexpected_message: RFC 8446 §6. */
const alert = "\x15\x03\x03\x00\x02\x02\x0a";

/** What goes inside a WebSocket meets HTTP first, which is held to this elsewhere. */
const all = services
  .flatMap(({ schemes }) => Object.entries<Scheme>(schemes))
  .filter(([, { webSocket }]) => webSocket === undefined);
const byLines = /^(?:redis|smtp|submission|ssh|sftp|ftp|imap|pop3)s?$/;
/** These take a TLS alert for an invitation, and meet another. */
const tryTlsFirst = /^(?:sql|postgres|postgresql)$/;

/** The code of the finding that leads, and what is told of the protocol that was met. */
type Wanted = readonly [code: string, speaks?: string];

const wrong = (scheme: string, speaks: string): Wanted => [
  scheme === "sql" ? "sql.not_tds" : "service.wrong_protocol",
  speaks,
];
const silent = (scheme: string): Wanted => [scheme === "stun" ? "stun.timeout" : "service.timeout"];
const tooMuch = (scheme: string): Wanted =>
  byLines.test(scheme) ? ["service.malformed"] : wrong(scheme, "unknown");
const alerted = (scheme: string): Wanted =>
  tryTlsFirst.test(scheme) ? ["tls.alert"] : wrong(scheme, "tls");

interface Case {
  readonly feed: Feed;
  readonly wanted: (scheme: string) => Wanted;
  /** It takes as long as it may: nothing says that it is over. */
  readonly waits?: true;
}

const cases: Readonly<Record<string, Case>> = {
  fin: { feed: (stream) => stream.end(), wanted: () => ["tcp.closed"] },
  rst: {
    feed: async (_, socket) => {
      await pause(20);
      socket.resetAndDestroy();
    },
    wanted: () => ["tcp.reset"],
  },
  silence: { feed: () => {}, wanted: silent, waits: true },
  "octets without end": { feed: endless("\0"), wanted: tooMuch },
  "a line without end": { feed: endless("x"), wanted: tooMuch },
  http: { feed: saying(http), wanted: (scheme) => wrong(scheme, "http") },
  "http cut short": {
    feed: (stream) => stream.end("HTTP/1.1 4"),
    // What is its own protocol was cut short, and that is all.
    wanted: (scheme) => (scheme === "storage" ? ["tcp.closed"] : wrong(scheme, "http")),
  },
  "a TLS alert": { feed: (stream) => stream.end(alert, "latin1"), wanted: alerted },
  "a TLS alert that hangs": { feed: saying(alert), wanted: alerted, waits: true },
  ssh: {
    feed: saying("SSH-2.0-OpenSSH_9.2\r\n"),
    // Its own server says more before it waits.
    wanted: (scheme) => (/^(?:ssh|sftp)$/.test(scheme) ? silent(scheme) : wrong(scheme, "ssh")),
  },
};

let over: (feed: Feed) => Promise<{ readonly port: number }>;

beforeAll(async () => {
  const made = await certificates();
  // Before the first handshake: the trust store is read once.
  const ca = readFileSync(made("ca").cert, "utf8");
  setDefaultCACertificates([...getCACertificates("default"), ca]);
  const { cert, key } = made("good");
  const pair = { cert: readFileSync(cert), key: readFileSync(key) };
  over = async (feed) => {
    const sockets: Socket[] = [];
    const server = createServer(pair, (stream) => {
      stream.on("error", () => {});
      // The socket below is the one that came last: connections come one by one here.
      const [socket] = sockets.slice(-1);
      if (socket !== undefined) feed(stream.resume(), socket);
    });
    server.on("connection", (socket: Socket) => sockets.push(socket));
    await once(server.listen(0, "127.0.0.1"), "listening");
    closing(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return { port: portOf(server) };
  };
});

/** Long where it must not be needed, short where it is waited for. */
const timeoutsMs = { ends: 8000, waits: 600 };

const shape = z.object({
  addresses: z.tuple([
    z.object({
      stopped: z.object({ detail: z.looseObject({}).optional() }).optional(),
    }),
  ]),
});

const start = (feed: Feed, tls: Scheme["tls"]) =>
  tls === "first" ? over(feed) : tcpServer((socket) => void feed(socket.resume(), socket));

async function askOf(scheme: string, port: number, timeoutMs: number) {
  const pairs = { target: `${scheme}://127.0.0.1:${port}`, timeoutMs: `${timeoutMs}` };
  return scheme === "stun"
    ? ask(stun, Object.entries({ ...pairs, transport: "tcp" }))
    : ask(service, Object.entries(pairs));
}

const stunOverTcp: [string, Scheme] = ["stun", { port: 3478, tls: "never" }];

describe.each(Object.entries(cases))("%s", (_, { feed, wanted, waits }) => {
  test.each([...all, stunOverTcp])("is borne by %s", async (scheme, { tls }) => {
    const { port } = await start(feed, tls);
    const [code, speaks] = wanted(scheme);
    const isOver = waits === undefined && code !== "service.timeout";
    const timeoutMs = timeoutsMs[isOver ? "ends" : "waits"];
    const report = await askOf(scheme, port, timeoutMs);
    const [leading] = report.findings;
    expect(leading?.code).toBe(code);
    expect(leading?.evidence).toMatch(/^[\x20-\x7e…]+$/);
    const [{ stopped }] = shape.parse(report.result).addresses;
    if (speaks !== undefined) expect(stopped?.detail).toMatchObject({ speaks });
    expect(report.ms).toBeLessThan(timeoutMs + (isOver ? 0 : 4000));
  });
});
