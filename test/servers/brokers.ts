/** Servers of one program and few words: MQTT, SSH, LDAP, FTP and Kafka on loopback ports. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Certificate } from "./certificates.ts";
import { closing } from "./closing.ts";
import { daemon, folder, type Daemon } from "./daemon.ts";
import { pathOf } from "./packages.ts";
import { closedPort, untilOpen } from "./ports.ts";

type Listening = Daemon & { readonly port: number };

/** mosquitto with these further lines of its configuration. */
export async function mosquitto(...lines: readonly string[]): Promise<Listening> {
  const home = await folder();
  const port = await closedPort();
  const file = join(home, "mosquitto.conf");
  await writeFile(file, [`listener ${port} 127.0.0.1`, ...lines, ""].join("\n"));
  await chmod(home, 0o755);
  return {
    ...(await daemon("mosquitto", ["-c", file, "-v"], /mosquitto version .* running/)),
    port,
  };
}

export async function sshd(): Promise<Listening> {
  const home = await folder();
  const port = await closedPort();
  const key = join(home, "key");
  await promisify(execFile)("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  await mkdir("/run/sshd", { recursive: true, mode: 0o755 });
  const options = ["ListenAddress=127.0.0.1", `Port=${port}`, `HostKey=${key}`, "PidFile=none"];
  const args = ["-D", "-e", "-f", "/dev/null", ...options.flatMap((one) => ["-o", one])];
  return { ...(await daemon("sshd", args, /Server listening on/)), port };
}

/** slapd with one tree; with a certificate it offers StartTLS that works. */
export async function slapd(certificate?: Certificate): Promise<Listening> {
  const home = await folder();
  const port = await closedPort();
  const tls: string[] = [];
  if (certificate !== undefined) {
    for (const kind of ["cert", "key"] as const)
      await copyFile(certificate[kind], join(home, kind));
    tls.push(`TLSCertificateFile ${home}/cert`, `TLSCertificateKeyFile ${home}/key`);
  }
  const file = join(home, "slapd.conf");
  const schema = "include /etc/ldap/schema/core.schema";
  const lines = [schema, "modulepath /usr/lib/ldap", "moduleload back_mdb", ...tls];
  const tree = ["database mdb", "suffix dc=sonde,dc=test", `directory ${home}`];
  await writeFile(file, [...lines, ...tree, ""].join("\n"));
  const args = ["-d", "256", "-f", file, "-h", `ldap://127.0.0.1:${port}/`];
  const running = await daemon("slapd", args, /slapd starting/);
  await untilOpen(port); // it says so a moment before it listens
  return { ...running, port };
}

/** vsftpd, which says nothing when it is ready; with a certificate it accepts AUTH TLS. */
export async function vsftpd(certificate?: Certificate): Promise<{ readonly port: number }> {
  const home = await folder();
  const port = await closedPort();
  const tls =
    certificate === undefined
      ? []
      : [
          "ssl_enable=YES",
          `rsa_cert_file=${certificate.cert}`,
          `rsa_private_key_file=${certificate.key}`,
        ];
  const where = ["listen=YES", "listen_address=127.0.0.1", `listen_port=${port}`, "background=NO"];
  const file = join(home, "vsftpd.conf");
  const rest = ["anonymous_enable=YES", `secure_chroot_dir=${home}`, "seccomp_sandbox=NO"];
  await writeFile(file, [...where, ...rest, ...tls, ""].join("\n"));
  const child = spawn(pathOf("vsftpd"), [file], { stdio: "ignore" });
  closing(async () => {
    child.kill();
    if (child.exitCode === null) await once(child, "exit");
  });
  await untilOpen(port);
  return { port };
}

/** The mock cluster of librdkafka, which lives as long as the client that asked for it. */
export async function kafkaMock(): Promise<{ readonly port: number }> {
  const words = [
    "-X",
    "test.mock.num.brokers=1",
    "-d",
    "mock",
    "-C",
    "-t",
    "sonde",
    "-b",
    "unused",
  ];
  const child = spawn(pathOf("kcat"), words, { stdio: ["ignore", "ignore", "pipe"] });
  closing(async () => {
    child.kill();
    if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
  });
  let said = "";
  return new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error(`kcat ended: ${said}`)));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
      const port = /127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve({ port: Number(port) });
    });
  });
}
