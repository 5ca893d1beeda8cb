/** NLnet's `nsd`: an authoritative server of another school than BIND. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { daemon, folder, type Daemon } from "./daemon.ts";
import { closedPort } from "./ports.ts";

/** Serves zones, given as text by origin, over UDP and TCP on 127.0.0.1. */
export async function nsd(
  zones: Readonly<Record<string, string>>,
): Promise<Daemon & { readonly port: number }> {
  const home = await folder();
  const port = await closedPort();
  const blocks: string[] = [];
  for (const [index, [origin, text]] of Object.entries(zones).entries()) {
    await writeFile(join(home, `${index}.zone`), text);
    blocks.push(`zone:\n  name: "${origin}"\n  zonefile: "${index}.zone"\n`);
  }
  const conf = join(home, "nsd.conf");
  await writeFile(
    conf,
    `server:
  ip-address: 127.0.0.1@${port}
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "${home}"
  database: ""
  xfrdfile: "${home}/xfrd.state"
  zonelistfile: "${home}/zone.list"
  xfrdir: "${home}"
  pidfile: ""
  logfile: ""
  verbosity: 1
remote-control:
  control-enable: no
${blocks.join("")}`,
  );
  const running = await daemon("nsd", ["-d", "-c", conf], /nsd started/);
  return { ...running, port };
}
