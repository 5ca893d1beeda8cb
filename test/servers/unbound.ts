/** `unbound`: a validating resolver with DNS over TLS and over HTTPS, on loopback ports. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Certificate } from "./certificates.ts";
import { daemon, folder, type Daemon } from "./daemon.ts";
import { closedPort } from "./ports.ts";

export interface Unbound extends Daemon {
  readonly port: number;
  readonly tls: number;
  readonly https: number;
}

/** `config` goes into the `server` clause, and may open clauses of its own after it. */
export async function unbound({ cert, key }: Certificate, config: string): Promise<Unbound> {
  const home = await folder();
  const ports = { port: await closedPort(), tls: await closedPort(), https: await closedPort() };
  const conf = join(home, "unbound.conf");
  const listening = Object.values(ports).map((port) => `  interface: 127.0.0.1@${port}`);
  await writeFile(
    conf,
    `server:
${listening.join("\n")}
  tls-port: ${ports.tls}
  https-port: ${ports.https}
  tls-service-key: "${key}"
  tls-service-pem: "${cert}"
  directory: "${home}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
  verbosity: 1
  num-threads: 1
  do-not-query-localhost: no
  do-ip6: no
  ede: yes
${config}
remote-control:
  control-enable: no
`,
  );
  const running = await daemon("unbound", ["-d", "-p", "-c", conf], /start of service/);
  return { ...running, ...ports };
}
