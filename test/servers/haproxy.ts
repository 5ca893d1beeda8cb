/** HAProxy on loopback ports. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { daemon, folder, type Daemon } from "./daemon.ts";
import { closedPort, untilOpen } from "./ports.ts";

/** Runs HAProxy with what `sections` says about a free port: frontends and backends. */
export async function haproxy(
  sections: (port: number) => string,
): Promise<Daemon & { readonly port: number }> {
  const conf = join(await folder(), "haproxy.cfg");
  const port = await closedPort();
  await writeFile(
    conf,
    `global
  maxconn 64
  tune.ssl.default-dh-param 2048
defaults
  mode http
  timeout connect 5s
  timeout client 10s
  timeout server 10s
${sections(port)}`,
  );
  // In the foreground; what it says comes before it listens.
  const running = await daemon(
    "haproxy",
    ["-db", "-V", "-f", conf],
    /Using \w+\(\) as the polling/,
  );
  await untilOpen(port);
  return { ...running, port };
}
