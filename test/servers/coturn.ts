/** coturn as a STUN server over UDP and TCP. */
import { daemon, folder, type Daemon } from "./daemon.ts";
import { pathOf } from "./packages.ts";
import { closedPort } from "./ports.ts";

/** On a free port of `address`; `host` is a process in whose network it runs, where that is not ours. */
export async function coturn(
  address = "127.0.0.1",
  host?: number,
): Promise<Daemon & { readonly port: number }> {
  const home = await folder();
  const port = await closedPort();
  const where = [`--listening-ip=${address}`, `--listening-port=${port}`, `--relay-ip=${address}`];
  const quiet = ["--no-cli", "--no-tls", "--no-dtls", "--log-file=stdout", "--simple-log"];
  const files = [`--pidfile=${home}/pid`, `--userdb=${home}/db`, "-n", "-v"];
  const words = [...where, ...quiet, ...files];
  const ready = /UDP listener opened/;
  const running = await (host === undefined
    ? daemon("turnserver", words, ready)
    : daemon("nsenter", ["-t", `${host}`, "-n", pathOf("turnserver"), ...words], ready));
  return { ...running, port };
}
