/**
 * `chronyd` as an ordinary process on a loopback port: it serves this machine's own time and sets nothing.
 * Whoever starts it disposes of it, because a benchmark has no end of a test to do that.
 */
import { execFile, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { pathOf } from "./packages.ts";

export interface Chrony extends AsyncDisposable {
  readonly port: number;
  /** How far chrony's own client finds this machine's clock behind the server, in milliseconds. */
  query(): Promise<number>;
}

/** Without root: whoever runs the tests runs the daemon, and `-x` keeps its hands off the clock. */
const ordinary = ["-x", "-U", "-u", userInfo().username];

/** Starts it with these lines of configuration; resolves once the port is open. */
export async function startChrony(...lines: readonly string[]): Promise<Chrony> {
  const folder = await mkdtemp(join(tmpdir(), "sonde-chrony-"));
  const file = join(folder, "chrony.conf");
  const port = await freePort();
  const fixed = [`port ${port}`, "bindaddress 127.0.0.1", "cmdport 0", `pidfile ${folder}/pid`];
  await writeFile(file, [...fixed, ...lines, ""].join("\n"));
  const child = spawn(pathOf("chronyd"), [...ordinary, "-d", "-f", file], { stdio: "ignore" });
  const patience = performance.now() + 10_000;
  while (!(await isOpen(port))) {
    if (child.exitCode !== null) throw new Error(`chronyd ended with ${child.exitCode}`);
    if (performance.now() > patience) {
      child.kill();
      throw new Error("chronyd does not open its port: does any line allow a client?");
    }
    await delay(20);
  }
  return {
    port,
    query: () => query(port, folder),
    async [Symbol.asyncDispose]() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      await rm(folder, { recursive: true });
    },
  };
}

async function query(port: number, folder: string): Promise<number> {
  const asked = `server 127.0.0.1 port ${port} iburst maxsamples 1`;
  const own = ["cmdport 0", `pidfile ${folder}/client`];
  const words = [...ordinary, "-Q", "-t", "8", "-f", "/dev/null", asked, ...own];
  const { stdout, stderr } = await promisify(execFile)(pathOf("chronyd"), words);
  const seconds = /wrong by (-?[\d.]+) seconds/.exec(stdout + stderr)?.[1];
  if (seconds === undefined) throw new Error(stdout + stderr);
  return Number(seconds) * 1000;
}

/** chronyd cannot be given port 0: one that is free now is taken. */
async function freePort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

/** A closed port says so at once; from an open one comes an answer, or nothing. */
async function isOpen(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  socket.connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.send(Buffer.concat([Buffer.from([0x23]), Buffer.alloc(47)]));
  try {
    await once(socket, "message", { signal: AbortSignal.timeout(200) });
    return true;
  } catch (error) {
    return error instanceof Error && error.name === "AbortError";
  } finally {
    socket.close();
  }
}
