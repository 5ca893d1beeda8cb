/** PostgreSQL on a loopback port, its data in a folder that goes when the file does. */
import { execFile } from "node:child_process";
import { chown } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Certificate } from "./certificates.ts";
import { daemon, folder, type Daemon } from "./daemon.ts";
import { pathOf } from "./packages.ts";
import { closedPort } from "./ports.ts";
import { lend, ordinaryUser } from "./user.ts";

/** With a certificate it offers TLS. Its programs refuse to run as root, so root lends them a user. */
export async function postgresServer(
  certificate?: Certificate,
): Promise<Daemon & { readonly port: number }> {
  const user = await ordinaryUser("postgres");
  const home = await folder();
  const port = await closedPort();
  if (user !== undefined) await chown(home, user.uid, user.gid);
  const data = join(home, "data");
  const initdb = join(dirname(pathOf("postgres")), "initdb");
  await promisify(execFile)(initdb, ["-D", data, "-A", "trust", "-N", "-U", "tester"], {
    ...user,
    cwd: home,
  });
  const settings = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    `unix_socket_directories=${home}`,
  ];
  if (certificate !== undefined) {
    const { cert, key } = await lend(certificate, home, user);
    settings.push("ssl=on", `ssl_cert_file=${cert}`, `ssl_key_file=${key}`);
  }
  const args = ["-D", data, ...settings.flatMap((setting) => ["-c", setting])];
  const running = await daemon("postgres", args, /ready to accept connections/, {
    ...user,
    cwd: home,
  });
  return { ...running, port };
}
