/** Name servers that answer as they are told, over UDP and TCP, on one port. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { Socket } from "node:net";
import { createServer } from "node:net";
import { codec } from "../../lib/protocols/dns/codec.ts";
import { nameOctets } from "../../lib/protocols/dns/name.ts";
import { message, opt, option, record, shorts } from "../protocols/dns/build.ts";
import { closing } from "./closing.ts";
import { closedPort } from "./ports.ts";

export interface Heard {
  readonly bytes: Buffer;
  readonly name: string;
  readonly type: string;
  readonly over: "udp" | "tcp";
  /** The size that EDNS offers; undefined without EDNS. */
  readonly size: number | undefined;
  readonly cd: boolean;
}

/** What goes back: nothing is silence; over TCP each message gets its length, or is sent `raw`. */
export type Said = Buffer | readonly Buffer[] | { readonly raw: Buffer } | undefined;

export interface ScriptedDns {
  readonly port: number;
  readonly heard: readonly Heard[];
}

/** Listens on `host`; `tcp: false` leaves the TCP port closed. */
export async function scriptedDns(
  answer: (heard: Heard) => Said | Promise<Said>,
  { host = "127.0.0.1", port: wanted = 0, tcp = true, udp = true } = {},
): Promise<ScriptedDns> {
  const port = wanted === 0 ? await closedPort() : wanted;
  const { decode } = await codec();
  const heard: Heard[] = [];
  const ask = async (bytes: Buffer, over: "udp" | "tcp") => {
    const { question, edns, flags } = decode(bytes);
    const [first] = question;
    const { name, type } = first ?? { name: "", type: "" };
    const one = { bytes, name, type, over, size: edns?.udpSize, cd: flags.cd };
    heard.push(one);
    return answer(one);
  };
  if (udp) await overUdp(host, port, ask);
  if (tcp) await overTcp(host, port, ask);
  return { port, heard };
}

type Ask = (bytes: Buffer, over: "udp" | "tcp") => Promise<Said>;

async function overUdp(host: string, port: number, ask: Ask): Promise<void> {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  socket.on("message", (bytes, from) => {
    void ask(bytes, "udp").then((said) => {
      for (const one of messagesOf(said)) socket.send(one, from.port, from.address);
    });
  });
  socket.bind(port, host);
  await once(socket, "listening");
  closing(() => void socket.close());
}

async function overTcp(host: string, port: number, ask: Ask): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => {
      void ask(bytes.subarray(2), "tcp").then((said) => {
        if (said !== undefined && "raw" in said) socket.end(said.raw);
        else
          for (const one of messagesOf(said))
            socket.write(Buffer.concat([shorts(one.length), one]));
      });
    });
  });
  server.listen(port, host);
  await once(server, "listening");
  closing(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
}

function messagesOf(said: Said): readonly Buffer[] {
  if (said === undefined || "raw" in said) return [];
  return Buffer.isBuffer(said) ? [said] : said;
}

export interface Reply {
  readonly rcode?: number;
  readonly aa?: boolean;
  readonly tc?: boolean;
  readonly ra?: boolean;
  readonly answers?: readonly Buffer[];
  readonly authority?: readonly Buffer[];
  readonly additional?: readonly Buffer[];
  readonly ede?: readonly [code: number, text: string];
  /** Another id, to be not the answer. */
  readonly id?: number;
}

/** An answer to what was heard: NOERROR, recursion offered, with these records. */
export function reply({ bytes }: Heard, parts: Reply = {}): Buffer {
  const { rcode = 0, answers = [], authority = [], additional = [], ede } = parts;
  const end = bytes.indexOf(0, 12) + 5;
  return message({
    id: parts.id ?? bytes.readUInt16BE(0),
    flags: flagsOf(parts) + rcode,
    questions: [bytes.subarray(12, end)],
    answers,
    authority,
    additional: [...additional, ...optionsOf(ede)],
  });
}

function optionsOf(ede: Reply["ede"]): Buffer[] {
  if (ede === undefined) return [];
  const [code, text] = ede;
  return [opt([option(15, Buffer.concat([shorts(code), Buffer.from(text)]).toString("hex"))])];
}

function flagsOf({ aa = false, tc = false, ra = true }: Reply): number {
  return 0x8100 + Number(aa) * 0x400 + Number(tc) * 0x200 + Number(ra) * 0x80;
}

export const a = (name: string, address: string, ttl = 300) =>
  record(name, "A", Buffer.from(address.split(".").map(Number)), { ttl });
export const aaaa = (name: string, groups: string) => record(name, "AAAA", groups);
export const cname = (name: string, target: string) =>
  record(name, "CNAME", Buffer.from(nameOctets(target)));
export const ns = (name: string, target: string) =>
  record(name, "NS", Buffer.from(nameOctets(target)));
export const soa = (name: string, primary: string, minimum = 60) =>
  record(
    name,
    "SOA",
    Buffer.concat([
      nameOctets(primary),
      nameOctets("host.test."),
      Buffer.from([1, 3600, 600, 86_400, minimum].flatMap(octets)),
    ]),
  );

function octets(value: number): number[] {
  return [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Stands on another address in front of a server on 127.0.0.1, and hands datagrams on as they are. */
export function relayedDns(to: number, place: { readonly host: string; readonly port: number }) {
  return scriptedDns(async ({ bytes }) => {
    const socket = createSocket("udp4");
    socket.connect(to, "127.0.0.1");
    await once(socket, "connect");
    socket.send(bytes);
    const [answer]: Buffer[] = await once(socket, "message", { signal: AbortSignal.timeout(5000) });
    socket.close();
    return answer;
  }, place);
}
