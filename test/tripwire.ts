/**
 * Watches every test process for two things that must not happen: a socket born in the product
 * outside `lib/net`, and anything that would leave this machine. Either fails the test it happened in.
 *
 * Node publishes each TCP and UDP client socket on a diagnostics channel as it is made; the stack at
 * that moment says who made it. Sockets that a test makes for itself are its own affair, but they
 * too go to loopback only, unless the process runs in a network namespace that a test made.
 */
import { subscribe } from "node:diagnostics_channel";
import { Socket as UdpSocket } from "node:dgram";
import dns from "node:dns";
import { readFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { BlockList, isIP, Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach } from "vitest";

/** What was seen since the last test ended. */
export const offences: string[] = [];

afterEach(tell);
afterAll(tell);

function tell(): void {
  if (offences.length > 0) throw new Error(offences.splice(0).join("\n"));
}

/** Records an offence and keeps it from happening. */
function forbid(offence: string): never {
  offences.push(offence);
  throw new Error(offence);
}

const root = fileURLToPath(new URL("..", import.meta.url));
const inside = process.env["SONDE_IN_NAMESPACE"] === "1";

Error.stackTraceLimit = 100;

function bornWell(): void {
  const stack = (new Error("born here").stack ?? "").split("\n").slice(1);
  const frames = stack.filter((frame) => !frame.includes("/test/tripwire.ts"));
  const among = (folder: string) => frames.some((frame) => frame.includes(`${root}${folder}/`));
  const product = among("lib") || among("functions") || among("page");
  const codec = among("node_modules/dns2") && !among("test");
  if ((!product && !codec) || among("lib/net")) return;
  offences.push(`a socket was born outside lib/net:\n${frames.join("\n")}`);
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** The names that are answered by the hosts file, so that nobody is asked for them. */
const hosts = new Set(readFileSync("/etc/hosts", "utf8").split(/\s+/));

/** Throws unless an address, or a name, stays on this machine. */
function stay(host: string): void {
  if (inside) return;
  const family = isIP(host);
  const local =
    family === 0 ? hosts.has(host) : loopback.check(host, family === 6 ? "ipv6" : "ipv4");
  if (!local) forbid(`${host} is not on this machine`);
}

subscribe("net.client.socket", (message) => {
  bornWell();
  const { socket } = fields(message);
  // Emitted with the address, after any look-up and before the first packet.
  if (socket instanceof Socket) socket.on("connectionAttempt", stay);
});

subscribe("udp.socket", (message) => {
  bornWell();
  const { socket } = fields(message);
  if (!(socket instanceof UdpSocket)) return;
  guard(socket, "connect", (args) => args.slice(1).filter((each) => typeof each === "string"));
  guard(socket, "send", (args) => args.slice(1).filter((each) => typeof each === "string"));
});

for (const api of [dns, dns.promises]) {
  // An address is its own answer, and nobody is asked: older versions of Node look 0.0.0.0 up to bind to it.
  guard(api, "lookup", ([name]) => (typeof name === "string" && isIP(name) === 0 ? [name] : []));
  for (const method of Object.keys(api)) {
    if (/^(?:resolve|reverse)/.test(method)) guard(api, method, () => api.getServers().map(bare));
  }
  const { prototype } = api.Resolver;
  for (const method of methodsOf(prototype)) {
    if (!/^(?:resolve|reverse)/.test(method)) continue;
    guard(prototype, method, (_, self) =>
      self instanceof api.Resolver ? self.getServers().map(bare) : [],
    );
  }
}
syncBuiltinESMExports();

/** Lets a method through only when every host that it would talk to stays on this machine. */
function guard(
  owner: object,
  method: string,
  hostsOf: (args: readonly unknown[], self: unknown) => readonly string[],
): void {
  const original: unknown = Reflect.get(owner, method);
  if (typeof original !== "function") return;
  Reflect.set(owner, method, function guarded(this: unknown, ...args: unknown[]): unknown {
    for (const host of hostsOf(args, this)) stay(host);
    return Reflect.apply(original, this, args);
  });
}

function methodsOf(prototype: object): string[] {
  const parent: unknown = Object.getPrototypeOf(prototype);
  const inherited = typeof parent === "object" && parent !== null && parent !== Object.prototype;
  return [...Object.getOwnPropertyNames(prototype), ...(inherited ? methodsOf(parent) : [])];
}

/** `127.0.0.1` for `127.0.0.1:53`, `::1` for `[::1]:53`. */
function bare(server: string): string {
  if (isIP(server) !== 0) return server;
  return server.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
}

function fields(message: unknown): { readonly socket?: unknown } {
  return typeof message === "object" && message !== null ? message : {};
}
