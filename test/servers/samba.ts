/** Samba's file server on a loopback port, without a share and with everything it keeps in one folder. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { daemon, folder, type Daemon } from "./daemon.ts";
import { closedPort, untilOpen } from "./ports.ts";

const kept = ["private", "lock", "state", "cache", "pid", "ncalrpc"];

/** With these further lines of its `[global]` section. */
export async function samba(
  ...lines: readonly string[]
): Promise<Daemon & { readonly port: number }> {
  const home = await folder();
  const port = await closedPort();
  for (const name of kept) await mkdir(join(home, name), { mode: 0o755 });
  const where = [
    `smb ports = ${port}`,
    "interfaces = 127.0.0.1/8",
    "bind interfaces only = yes",
    "disable netbios = yes",
    "load printers = no",
    "printing = bsd",
    "server role = standalone server",
    "map to guest = never",
    `private dir = ${home}/private`,
    `lock directory = ${home}/lock`,
    `state directory = ${home}/state`,
    `cache directory = ${home}/cache`,
    `pid directory = ${home}/pid`,
    `ncalrpc dir = ${home}/ncalrpc`,
    "log level = 0",
  ];
  const file = join(home, "smb.conf");
  await writeFile(file, `${["[global]", ...where, ...lines].join("\n")}\n`);
  // What it reads from decides what it is: a socket, which every pipe of Node is, makes it serve that alone.
  const words = ["-F", "--no-process-group", "--debug-stdout", "-s", file];
  const running = await daemon("smbd", words, /started/, { detached: true, stdin: "ignore" });
  await untilOpen(port);
  return { ...running, port };
}
