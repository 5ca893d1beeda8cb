/** RabbitMQ on loopback ports, with a port mapper of its own, its data in a folder that goes when the file does. */
import { randomBytes } from "node:crypto";
import { chmod, chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Certificate } from "./certificates.ts";
import { daemon, folder, type Daemon } from "./daemon.ts";
import { closedPort } from "./ports.ts";
import { lend, ordinaryUser } from "./user.ts";

/** As it stands behind Debian's wrapper, which insists on a folder of the system. */
const PROGRAM = "/usr/lib/rabbitmq/bin/rabbitmq-server";

/** What the server is to speak beside AMQP 0-9-1, which it always does. */
export type Plugin = "rabbitmq_amqp1_0";

export interface RabbitMq extends Daemon {
  readonly port: number;
  readonly tlsPort: number;
}

/** Takes seconds to start: one is enough for a file. */
export async function rabbitMq(
  certificate: Certificate,
  ...plugins: readonly Plugin[]
): Promise<RabbitMq> {
  const user = await ordinaryUser("rabbitmq");
  const home = await folder();
  const [port, tlsPort, mapper, node] = await Promise.all(Array.from({ length: 4 }, closedPort));
  const { cert, key } = await lend(certificate, home, user);
  const files = {
    "rabbitmq.conf": [
      `listeners.tcp.1 = 127.0.0.1:${port}`,
      `listeners.ssl.1 = 127.0.0.1:${tlsPort}`,
      `ssl_options.cacertfile = ${cert}`,
      `ssl_options.certfile = ${cert}`,
      `ssl_options.keyfile = ${key}`,
      "log.console = true",
      "log.file = false",
    ],
    plugins: [`[${plugins.join(",")}].`],
    // Shared by the node and whoever administers it; nobody does.
    ".erlang.cookie": [randomBytes(12).toString("hex")],
  };
  for (const [name, lines] of Object.entries(files)) {
    await writeFile(join(home, name), `${lines.join("\n")}\n`);
    if (user !== undefined) await chown(join(home, name), user.uid, user.gid);
    await chmod(join(home, name), 0o600);
  }
  if (user !== undefined) await chown(home, user.uid, user.gid);
  const as = { ...user, cwd: home };
  const loopback = { ERL_EPMD_ADDRESS: "127.0.0.1", ERL_EPMD_PORT: String(mapper) };
  await daemon(
    "epmd",
    ["-port", String(mapper), "-address", "127.0.0.1", "-d"],
    /epmd running/,
    as,
  );
  const env = {
    ...loopback,
    PATH: process.env["PATH"],
    HOME: home,
    RABBITMQ_NODENAME: `sonde-${port}@localhost`,
    RABBITMQ_MNESIA_BASE: home,
    RABBITMQ_LOG_BASE: home,
    RABBITMQ_CONFIG_FILE: join(home, "rabbitmq.conf"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, "plugins"),
    RABBITMQ_DIST_PORT: String(node),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
    RABBITMQ_PID_FILE: join(home, "pid"),
  };
  const running = await daemon(
    "rabbitmq-server",
    [],
    /Server startup complete/,
    { ...as, env },
    PROGRAM,
  );
  return { ...running, port: port ?? 0, tlsPort: tlsPort ?? 0 };
}
