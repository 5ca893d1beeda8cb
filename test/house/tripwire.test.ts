import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { offences } from "../tripwire.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const ignore = () => {};

// What a test below provoked on purpose must not fail it, and what it did not expect must.
afterEach(() => void offences.splice(0));

test.each(["lib/stages/planted.ts", "lib/protocols/planted.ts", "functions/planted.ts"])(
  "a TCP socket born in %s is an offence",
  async (file) => {
    const port = await listener();
    closing(below(file, () => connect(port, "127.0.0.1")));
    expect(offences.join()).toContain(file);
  },
);

test("a socket that dns2 makes by itself is an offence", async () => {
  const port = await listener();
  const later = "(make, ...all) => new Promise((done) => setImmediate(() => done(make(...all))))";
  const filename = `${root}node_modules/dns2/client/planted.js`;
  closing(await runInThisContext(later, { filename })(connect, port, "127.0.0.1"));
  expect(offences.join()).toContain("dns2/client/planted.js");
});

test("a TLS socket born outside lib/net is an offence", async () => {
  const port = await listener();
  const options = { port, host: "127.0.0.1" };
  closing(below("lib/probes/planted.ts", () => connectTls(options)));
  expect(offences.join()).toContain("lib/probes/planted.ts");
});

test("a UDP socket born outside lib/net is an offence", () => {
  const socket = below("lib/stages/planted.ts", () => createSocket("udp4"));
  socket.close();
  expect(offences.join()).toContain("lib/stages/planted.ts");
});

test("sockets of lib/net, and of tests themselves, are none", async () => {
  const port = await listener();
  closing(below("lib/net/planted.ts", () => connect(port, "127.0.0.1")));
  closing(connect(port, "127.0.0.1"));
  below("lib/net/planted.ts", () => createSocket("udp4")).close();
  const stage = () => below("lib/net/planted.ts", () => connect(port, "127.0.0.1"));
  closing(below("lib/stages/planted.ts", stage));
  expect(offences).toEqual([]);
});

// No address outside is dialled here, not even to see it stopped: the event that a socket emits
// before its first packet is emitted by hand.
test.each(["192.0.2.1", "10.0.0.1", "0.0.0.0", "2001:db8::1", "::ffff:192.0.2.1"])(
  "a connection to %s is stopped before its first packet",
  async (address) => {
    const socket = closing(connect(await listener(), "127.0.0.1"));
    expect(() => socket.emit("connectionAttempt", address, 80, 4)).toThrow("not on this machine");
    expect(offences).toHaveLength(1);
  },
);

test("loopback is let through", async () => {
  const socket = closing(connect(await listener(), "127.0.0.1"));
  for (const address of ["127.0.0.1", "127.255.0.9", "::1"]) {
    expect(socket.emit("connectionAttempt", address, 80, 4)).toBe(true);
  }
  expect(offences).toEqual([]);
});

function below<X>(file: string, make: () => X): X {
  const call = runInThisContext("(make) => make()", { filename: `${root}${file}` });
  return call(make);
}

function closing(socket: Socket): Socket {
  socket.on("error", ignore);
  onTestFinished(() => void socket.destroy());
  return socket;
}

async function listener(): Promise<number> {
  const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
