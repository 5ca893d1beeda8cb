/** BIND's `named` as an ordinary process on a loopback port, with everything it needs in a folder of its own. */
import { execFile, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What the machine lacks to run these tests, by path; empty when they can run. */
export const missing = ["/usr/sbin/named", "/usr/bin/dig", "/usr/bin/dnssec-signzone"].filter(
  (path) => !existsSync(path),
);

export interface Named {
  readonly port: number;
  /** Asks over UDP and, when the answer is cut, over TCP. */
  ask(query: Uint8Array): Promise<Buffer>;
  /** The lines `dig` prints, spaces made single between the first five columns. */
  dig(...words: string[]): Promise<string[]>;
  stop(): Promise<void>;
}

/** Serves `zone` as example.test (signed, NSEC) and as nsec3.test (signed, NSEC3). */
export async function startNamed(zone: string): Promise<Named> {
  const folder = await mkdtemp(join(tmpdir(), "sonde-named-"));
  const port = await freePort();
  await sign(folder, "example.test", zone, []);
  await sign(folder, "nsec3.test", small, ["-3", "AABB", "-H", "2"]);
  await writeFile(join(folder, "named.conf"), configuration(folder, port));
  const child = spawn("/usr/sbin/named", ["-g", "-c", join(folder, "named.conf")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  await new Promise<void>((resolve, reject) => {
    child.once("exit", () => reject(new Error(log)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      if (/ running$/m.test(log)) resolve();
    });
  });
  return {
    port,
    ask: (query) => ask(query, port),
    dig: (...words) => dig(port, words),
    async stop() {
      child.kill();
      if (child.exitCode === null) await once(child, "exit");
      await rm(folder, { recursive: true });
    },
  };
}

const small = `
$TTL 300
@ IN SOA ns.example.test. root.example.test. 1 7200 3600 1209600 300
@ NS ns.example.test.
a A 192.0.2.1
`;

function configuration(folder: string, port: number): string {
  return `
options {
  directory "${folder}"; pid-file none; lock-file none; session-keyfile none;
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; allow-transfer { 127.0.0.1; }; dnssec-validation no;
  server-id "sonde-test"; version "sonde's \\"named\\""; max-udp-size 1232; notify no;
};
controls { };
zone "example.test" { type primary; file "example.test.signed"; check-names ignore; };
zone "nsec3.test" { type primary; file "nsec3.test.signed"; };
`;
}

async function sign(folder: string, origin: string, zone: string, options: readonly string[]) {
  await writeFile(join(folder, origin), zone);
  for (const flags of [[], ["-f", "KSK"]]) {
    await run("dnssec-keygen", ["-K", folder, "-a", "ECDSAP256SHA256", ...flags, origin]);
  }
  const fixed = ["-S", "-K", folder, "-o", origin, "-f", `${origin}.signed`];
  await run("dnssec-signzone", [...fixed, ...options, origin], { cwd: folder });
}

async function dig(port: number, words: readonly string[]): Promise<string[]> {
  const fixed = ["@127.0.0.1", "-p", String(port), "+noall", "+answer", "+norec", "+tries=1"];
  const { stdout } = await run("dig", [...fixed, ...words], { maxBuffer: 0x1000000 });
  return stdout
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith(";"))
    .map((line) => line.replace(/^(\S+)\s+(\d+)\s+(\S+)\s+(\S+)[\t ]/, "$1 $2 $3 $4 "));
}

async function ask(query: Uint8Array, port: number): Promise<Buffer> {
  const socket = createSocket("udp4");
  socket.connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.send(query);
  const [answer]: Buffer[] = await once(socket, "message", { signal: AbortSignal.timeout(5000) });
  socket.close();
  if (answer === undefined) throw new Error("no datagram");
  return (answer.readUInt16BE(2) & 0x0200) === 0 ? answer : askTcp(query, port);
}

/** Two octets of length go before each message (RFC 1035 §4.2.2). */
async function askTcp(query: Uint8Array, port: number): Promise<Buffer> {
  const socket = createConnection(port, "127.0.0.1");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(query.length);
  socket.write(Buffer.concat([length, query]));
  let got = Buffer.alloc(0);
  for await (const chunk of socket) {
    if (chunk instanceof Buffer) got = Buffer.concat([got, chunk]);
    if (got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) break;
  }
  return got.subarray(2);
}

/** named cannot be given port 0: one that is free for TCP now is taken for both. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
