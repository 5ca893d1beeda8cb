/** Postfix and Dovecot on loopback ports. Both are started by root, and hand their work to users of their own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Certificate } from "./certificates.ts";
import { closing } from "./closing.ts";
import { daemon, folder, type Daemon } from "./daemon.ts";
import { pathOf } from "./packages.ts";
import { closedPort, untilOpen } from "./ports.ts";
import { ordinaryUser } from "./user.ts";

/** Whether these two can be started at all. */
export const isRoot = process.getuid?.() === 0;

const services: readonly (readonly [name: string, type: string, program: string])[] = [
  ["rewrite", "unix - - n -", "trivial-rewrite"],
  ["bounce", "unix - - n -", "bounce"],
  ["proxymap", "unix - - n -", "proxymap"],
  ["anvil", "unix - - n -", "anvil"],
  ["tlsmgr", "unix - - n -", "tlsmgr"],
  ["postlog", "unix-dgram n - n -", "postlogd"],
];

export interface Postfix {
  readonly port: number;
  /** Begins with TLS. */
  readonly tlsPort: number;
  readonly logged: () => Promise<string>;
}

/** Postfix that takes no mail; with a certificate it offers STARTTLS. */
export async function postfix(certificate?: Certificate): Promise<Postfix> {
  const home = await folder();
  const [port, tlsPort] = [await closedPort(), await closedPort()];
  await chmod(home, 0o755);
  const [config, queue, data] = ["config", "queue", "data"].map((name) => join(home, name));
  for (const path of [config, queue, data]) await mkdir(path ?? "", { mode: 0o755 });
  const user = await ordinaryUser("postfix");
  if (user !== undefined) await chown(data ?? "", user.uid, user.gid);
  const tls =
    certificate === undefined
      ? []
      : [
          "smtpd_tls_security_level = may",
          `smtpd_tls_cert_file = ${certificate.cert}`,
          `smtpd_tls_key_file = ${certificate.key}`,
        ];
  const main = [
    "compatibility_level = 3.6",
    `queue_directory = ${queue}`,
    `data_directory = ${data}`,
    `maillog_file = ${home}/log`,
    `maillog_file_prefixes = ${home}`,
    "inet_interfaces = 127.0.0.1",
    "inet_protocols = ipv4",
    "myhostname = mail.sonde.test",
    "mydestination =",
    "alias_maps =",
    "smtpd_relay_restrictions = reject",
    ...tls,
  ];
  const wrapped = certificate === undefined ? "no" : "yes";
  const master = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    `127.0.0.1:${tlsPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=${wrapped}`,
    ...services.map(([name, type, program]) => `${name} ${type} 1 ${program}`),
  ];
  await writeFile(join(home, "config", "main.cf"), `${main.join("\n")}\n`);
  await writeFile(join(home, "config", "master.cf"), `${master.join("\n")}\n`);
  const words = ["-c", join(home, "config"), "start-fg"];
  // The master makes a session of its own, and ends by signalling everybody in that.
  const child = spawn(pathOf("postfix"), words, { detached: true, stdio: "ignore" });
  closing(async () => {
    process.kill(Number(await readFile(join(home, "queue", "pid", "master.pid"), "utf8")));
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  });
  await untilOpen(port);
  return { port, tlsPort, logged: () => readFile(join(home, "log"), "utf8") };
}

const mailboxes = ["imap", "imaps", "pop3", "pop3s"] as const;

export interface Dovecot extends Daemon {
  readonly ports: Readonly<Record<(typeof mailboxes)[number], number>>;
}

/** Dovecot without a mailbox; with a certificate it offers STARTTLS and STLS, and begins with TLS on two ports. */
export async function dovecot(certificate?: Certificate): Promise<Dovecot> {
  const home = await folder();
  await chmod(home, 0o755);
  const ports = { imap: 0, imaps: 0, pop3: 0, pop3s: 0 };
  for (const name of mailboxes) ports[name] = await closedPort();
  const listener = (name: (typeof mailboxes)[number]) =>
    `inet_listener ${name} {\n address = 127.0.0.1\n port = ${ports[name]}\n` +
    ` ssl = ${name.endsWith("s") && certificate !== undefined ? "yes" : "no"}\n}`;
  const tls =
    certificate === undefined
      ? ["ssl = no"]
      : ["ssl = yes", `ssl_cert = <${certificate.cert}`, `ssl_key = <${certificate.key}`];
  const lines = [
    `base_dir = ${home}/run`,
    `state_dir = ${home}/state`,
    "protocols = imap pop3",
    "log_path = /dev/stderr",
    "mail_location = maildir:/nonexistent",
    "passdb {\n driver = static\n args = nologin=yes\n}",
    "userdb {\n driver = static\n args = uid=nobody gid=nogroup home=/nonexistent\n}",
    `service imap-login {\n${listener("imap")}\n${listener("imaps")}\n}`,
    `service pop3-login {\n${listener("pop3")}\n${listener("pop3s")}\n}`,
    ...tls,
  ];
  const file = join(home, "dovecot.conf");
  await writeFile(file, `${lines.join("\n")}\n`);
  const running = await daemon("dovecot", ["-F", "-c", file], /starting up/, { detached: true });
  await untilOpen(ports.imap);
  return { ...running, ports };
}
