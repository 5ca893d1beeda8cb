/** coturn on a loopback port, as a STUN server over UDP and TCP. */
import { daemon, folder, type Daemon } from "./daemon.ts";
import { closedPort } from "./ports.ts";

export async function coturn(): Promise<Daemon & { readonly port: number }> {
  const home = await folder();
  const port = await closedPort();
  const where = ["--listening-ip=127.0.0.1", `--listening-port=${port}`, "--relay-ip=127.0.0.1"];
  const quiet = ["--no-cli", "--no-tls", "--no-dtls", "--log-file=stdout", "--simple-log"];
  const files = [`--pidfile=${home}/pid`, `--userdb=${home}/db`, "-n", "-v"];
  const running = await daemon("turnserver", [...where, ...quiet, ...files], /UDP listener opened/);
  return { ...running, port };
}
