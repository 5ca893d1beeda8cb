/** Servers that mean no good, each with the query that meets it. All on loopback. */
import { gzipSync } from "node:zlib";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { closing } from "../test/servers/closing.ts";
import { closedPort } from "../test/servers/ports.ts";
import { dripping, resetting, silent, tcpServer } from "../test/servers/tcp.ts";
import { NAME } from "./places.ts";

const BOMB_BYTES = 64 * 2 ** 20;

/** What to ask to meet them, by what they do: path and query. */
export async function startHostile(): Promise<Readonly<Record<string, string>>> {
  const mute = await silent();
  const resets = await resetting();
  const drips = await dripping(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(1000)}\r\n\r\n`, 50);
  const headers = await repeating("HTTP/1.1 200 OK\r\n", "x-endless: header\r\n");
  const interim = await repeating("", "HTTP/1.1 103 Early Hints\r\n\r\n");
  const bomb = await bombing();
  const closed = await closedPort();
  const liar = await lyingNameServer();
  return {
    "accepts, never speaks": `tls?target=127.0.0.1:${mute.port}&timeoutMs=500`,
    "resets on accept": http(resets),
    "drips its headers": http(drips),
    "headers without end": http(headers),
    "103 without end": http(interim),
    "gzip bomb": http(bomb),
    "wrong DNS id": `dns?name=${NAME}&server=127.0.0.1:${liar}&tries=1&timeoutMs=500`,
    "closed TCP port": `tcp?target=127.0.0.1:${closed}`,
    "closed UDP port": `ntp?target=127.0.0.1:${closed}&timeoutMs=500`,
  };
}

function http({ port }: { readonly port: number }): string {
  return `http?target=http://127.0.0.1:${port}/&timeoutMs=500`;
}

/** Says `first` to whoever asks, and then the same again and again for as long as it is read. */
function repeating(first: string, again: string) {
  return tcpServer((socket) => {
    const chunk = Buffer.from(again.repeat(500));
    const babble = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.once("data", () => {
      socket.write(first);
      socket.on("drain", babble);
      babble();
    });
  });
}

function bombing() {
  const body = gzipSync(Buffer.alloc(BOMB_BYTES));
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`;
  return tcpServer((socket) =>
    socket.once("data", () => {
      socket.write(head);
      socket.end(body);
    }),
  );
}

/** Answers every question with an id that nobody chose. */
async function lyingNameServer(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  socket.on("message", (query, { port, address }) => {
    query.writeUInt16BE(query.readUInt16BE(0) ^ 1, 0);
    query.writeUInt8(query.readUInt8(2) | 0x80, 2);
    socket.send(query, port, address);
  });
  await once(socket, "listening");
  closing(() => void socket.close());
  return socket.address().port;
}
