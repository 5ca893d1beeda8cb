/**
 * The operators that the outbound probe asks, under the names and at the addresses where it finds them: each
 * tells whoever asks the address that it sees. To be run inside a host of its own alone.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecure } from "node:https";
import { buffer } from "node:stream/consumers";
import { isIPv6 } from "node:net";
import { answer } from "../../lib/api/answer.ts";
import { echo } from "../../lib/probes/echo.ts";
import { localEdge } from "../asking.ts";
import { codec } from "../../lib/protocols/dns/codec.ts";
import { record } from "../protocols/dns/build.ts";
import { certificates } from "../servers/certificates.ts";
import { closing } from "../servers/closing.ts";
import { reply, type Heard } from "../servers/scripted-dns.ts";
import { attribute, endpoint, response } from "../servers/stun-messages.ts";

/** Addresses of the operators, of each family; those of name servers are the fixed ones. */
export const homes: Readonly<Record<string, readonly string[]>> = {
  "api.ipify.org": ["104.26.12.205"],
  "api6.ipify.org": ["2607:f2d8:1:3c::3"],
  "ipv4.icanhazip.com": ["104.16.184.241"],
  "ipv6.icanhazip.com": ["2606:4700::6810:b8f1"],
  "checkip.amazonaws.com": ["34.250.1.1"],
  "www.cloudflare.com": ["104.16.123.96", "2606:4700::6810:7b60"],
  "cloudflare-dns.com": ["104.16.248.249"],
  "stun.cloudflare.com": ["162.159.207.0", "2606:4700:49::"],
};
export const nameServers = ["208.67.222.222", "2620:119:35::35", "216.239.32.10", "1.1.1.1"];

/** Where the other Sonde is, over the internet and by a private endpoint. */
export const sondeAt = { publicly: "20.99.0.1", privately: "10.20.0.9" };

/** As whom the last requests of each kind came, as the servers saw them. */
export interface Sight {
  readonly by: string;
  readonly address: string;
  readonly port: number;
}

export async function operators(certificate: "operators" | "inspecting"): Promise<Sight[]> {
  const sights: Sight[] = [];
  await overTls(sights, certificate);
  for (const host of nameServers) await overDns(sights, host);
  for (const host of homes["stun.cloudflare.com"] ?? []) await overStun(sights, host);
  await anotherSonde();
  return sights;
}

const plain = (address = "") => address.replace(/^::ffff:/, "");

async function overTls(sights: Sight[], name: "operators" | "inspecting"): Promise<void> {
  const { cert, key } = (await certificates())(name);
  const files = { cert: await readFile(cert), key: await readFile(key) };
  const server = createSecure(files, (asked, answered) => {
    const address = plain(asked.socket.remoteAddress);
    const host = asked.headers.host ?? "";
    sights.push({ by: host, address, port: asked.socket.remotePort ?? 0 });
    void say(asked, answered, host, address);
  });
  server.listen(443, "::");
  await once(server, "listening");
  closing(() => {
    server.closeAllConnections();
    server.close();
  });
}

/** Each in its own manner: a trace, a DNS message, JSON of nobody, or the address alone. */
async function say(
  asked: IncomingMessage,
  answered: ServerResponse,
  host: string,
  address: string,
) {
  if (host === "cloudflare-dns.com") {
    const bytes = await buffer(asked);
    const { decode } = await codec();
    const [question] = decode(bytes).question;
    const heard: Heard = {
      bytes,
      name: question?.name ?? "",
      type: question?.type ?? "",
      over: "tcp",
      size: undefined,
      cd: false,
    };
    answered.writeHead(200, { "content-type": "application/dns-message" });
    answered.end(whoami(heard, address));
  } else if (host === "www.cloudflare.com")
    answered.end(`fl=1\nh=${host}\nip=${address}\nwarp=off\n`);
  else answered.end(`${address}\n`);
}

/** As each name server tells it: an address record, or text of class IN or CH. */
export function whoami(heard: Heard, address: string): Buffer {
  if (heard.type === "A")
    return reply(heard, { answers: [record(heard.name, "A", octets(address))] });
  if (heard.type === "AAAA") {
    return reply(heard, { answers: [record(heard.name, "AAAA", octets(address))] });
  }
  const text = Buffer.from(address);
  const data = Buffer.concat([Buffer.from([text.length]), text]);
  const kind = heard.name.startsWith("whoami.cloudflare") ? 3 : 1;
  return reply(heard, { answers: [record(heard.name, "TXT", data, { kind })] });
}

/** An address in network order; no short forms but one `::` are needed here. */
function octets(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split(".").map(Number));
  const [head = "", tail = ""] = address.split("::");
  const words = (part: string) => (part === "" ? [] : part.split(":"));
  const [before, after] = [words(head), words(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return Buffer.from(
    [...before, ...zeros, ...after].map((word) => word.padStart(4, "0")).join(""),
    "hex",
  );
}

async function overDns(sights: Sight[], host: string): Promise<void> {
  const { decode } = await codec();
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  socket.on("message", (bytes, { address, port }) => {
    sights.push({ by: host, address, port });
    const [question] = decode(bytes).question;
    const { name, type } = question ?? { name: "", type: "" };
    const heard: Heard = { bytes, name, type, over: "udp", size: undefined, cd: false };
    socket.send(whoami(heard, address), port, address);
  });
  socket.bind(53, host);
  await once(socket, "listening");
  closing(() => void socket.close());
}

async function overStun(sights: Sight[], host: string): Promise<void> {
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  socket.on("message", (asked, { address, port }) => {
    sights.push({ by: host, address, port });
    const mapped = attribute(0x0001, endpoint([...octets(address)], port));
    socket.send(response(asked, 0x0101, mapped), port, address);
  });
  socket.bind(3478, host);
  await once(socket, "listening");
  closing(() => void socket.close());
}

/** Sonde itself behind a front end, which writes whom it saw. */
async function anotherSonde(): Promise<void> {
  const edge = localEdge({
    WEBSITE_INSTANCE_ID: "0123456789abcdef",
    WEBSITE_SITE_NAME: "sonde-elsewhere",
    WEBSITE_SKU: "PremiumV3",
  });
  const server = createServer((asked, answered) => {
    const { remoteAddress, remotePort } = asked.socket;
    const peer = `${plain(remoteAddress)}:${remotePort}`;
    const url = `http://${asked.headers.host}${asked.url}`;
    const headers: [string, string][] = [
      ["host", asked.headers.host ?? ""],
      ["client-ip", peer],
      ["x-forwarded-for", peer],
      ["x-site-deployment-id", "sonde-elsewhere"],
      ["x-arr-log-id", "00000000-0000-4000-8000-000000000001"],
      ["disguised-host", "sonde-elsewhere.azurewebsites.net"],
    ];
    const question = { method: "GET", url, headers, text: async () => "" };
    void answer(echo, question, edge, () => {}).then(({ status, headers: own, body }) =>
      answered.writeHead(status, own).end(body),
    );
  });
  server.listen(80, "0.0.0.0");
  await once(server, "listening");
  closing(() => {
    server.closeAllConnections();
    server.close();
  });
}
