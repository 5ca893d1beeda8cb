/** TCP servers of our own, among them those that misbehave on purpose. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { closing } from "./closing.ts";
import { portOf } from "./ports.ts";

export interface TcpServer {
  readonly port: number;
  /** How many connections were accepted so far: what a canary is asked. */
  accepted(): number;
}

/** Listens on a free port of `host`, or on one that is free there, and hands over every connection. */
export async function tcpServer(
  onConnection: (socket: Socket) => void,
  host = "127.0.0.1",
  wanted = 0,
): Promise<TcpServer> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  // Half-open connections are allowed, so that a server decides by itself when to end.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // Whoever is diagnosed leaves in every way there is; that is no news here.
    socket.on("error", () => {});
    onConnection(socket);
  });
  server.listen(wanted, host);
  await once(server, "listening");
  closing(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  return { port: portOf(server), accepted: () => accepted };
}

/** Accepts, reads, and never says a word. */
export const silent = () => tcpServer((socket) => socket.resume());

/** Resets every connection as soon as it is accepted. */
export const resetting = () => tcpServer((socket) => socket.resetAndDestroy());

/** Resets at the first octet it is sent. */
export const resettingOnData = () =>
  tcpServer((socket) => socket.once("data", () => socket.resetAndDestroy()));

/** Ends every connection in good order at once, without a word. */
export const closingAtOnce = () => tcpServer((socket) => socket.resume().end());

/** Says `text` octet by octet, one every `everyMs`, then ends. */
export const dripping = (text: string, everyMs: number) =>
  tcpServer((socket) => {
    const octets = [...Buffer.from(text)];
    const timer = setInterval(() => {
      const octet = octets.shift();
      if (octet === undefined) socket.end();
      else socket.write(Buffer.of(octet));
    }, everyMs);
    socket.resume().on("close", () => clearInterval(timer));
  });

/** Greets with a line that never ends, for as long as somebody reads it. */
export const babbling = () =>
  tcpServer((socket) => {
    const chunk = Buffer.alloc(0x4000, "220 ");
    const babble = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.resume().on("drain", babble);
    babble();
  });

/** Sends `banner` on connect, as SSH, SMTP and MySQL do, and then only listens. */
export const greeting = (banner: string) => tcpServer((socket) => socket.resume().write(banner));

/** Answers whatever it is sent as a web server answers nonsense: a TLS client meets plain HTTP. */
export const plainHttp = () =>
  tcpServer((socket) =>
    socket.once("data", () =>
      socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
    ),
  );

/** Says one octet, waits until it is on its way, and resets. */
export const resettingAfterAnOctet = () =>
  tcpServer((socket) => socket.write("2", () => setTimeout(() => socket.resetAndDestroy(), 250)));

/** Listens and accepts nobody: its backlog is full, so that further SYNs are dropped (listen(2)). */
export async function fullBacklog(): Promise<{ readonly port: number }> {
  const code =
    'require("net").createServer().listen({ host: "127.0.0.1", port: 0, backlog: 1 }, ' +
    "function () { console.log(this.address().port) })";
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  const waiting: Socket[] = [];
  closing(async () => {
    for (const socket of waiting) socket.destroy();
    const gone = once(child, "close");
    child.kill("SIGKILL");
    await gone;
  });
  const [printed] = await once(child.stdout, "data");
  const port = Number(String(printed));
  // Stopped, it accepts nobody any more; the kernel completes connections until the queue is full.
  child.kill("SIGSTOP");
  for (;;) {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    waiting.push(socket);
    const queued = await Promise.race([
      once(socket, "connect").then(() => true),
      pause(300).then(() => false),
    ]);
    if (!queued) return { port };
  }
}

/** Begins to speak, ends its own half in mid-line, and stays for as long as the other does. */
export const halfClosing = () => tcpServer((socket) => socket.resume().end("220 mail"));
