/** MariaDB on a loopback port, its data in a folder that goes when the file does. */
import { execFile } from "node:child_process";
import { chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Certificate } from "./certificates.ts";
import { daemon, folder, type Daemon } from "./daemon.ts";
import { closedPort } from "./ports.ts";
import { lend, ordinaryUser } from "./user.ts";

interface Ways {
  /** How root is known: by its socket alone, there is no account for any address. */
  readonly root?: "normal" | "socket";
  /** Where it listens, 127.0.0.1 unless it is said. */
  readonly address?: string;
  /** Statements that it runs before it listens. */
  readonly sql?: string;
  /** Options beside ours. */
  readonly more?: readonly string[];
}

/** With a certificate it offers TLS. */
export async function mariadb(
  certificate?: Certificate,
  { root = "normal", address = "127.0.0.1", sql = "", more = [] }: Ways = {},
): Promise<Daemon & { readonly port: number }> {
  const user = await ordinaryUser("mysql");
  const home = await folder();
  const port = await closedPort();
  if (user !== undefined) await chown(home, user.uid, user.gid);
  const data = join(home, "data");
  const small = ["--innodb-log-file-size=4M", "--innodb-buffer-pool-size=8M"];
  await promisify(execFile)(
    "mariadb-install-db",
    ["--no-defaults", `--datadir=${data}`, `--auth-root-authentication-method=${root}`, ...small],
    { ...user, cwd: home },
  );
  const where = [`--port=${port}`, `--bind-address=${address}`, `--socket=${home}/socket`];
  const lent = certificate === undefined ? undefined : await lend(certificate, home, user);
  const tls = lent === undefined ? [] : [`--ssl-cert=${lent.cert}`, `--ssl-key=${lent.key}`];
  const files = [`--datadir=${data}`, `--pid-file=${home}/pid`, `--tmpdir=${home}`];
  await writeFile(join(home, "init.sql"), sql);
  const init = [`--init-file=${home}/init.sql`];
  const args = ["--no-defaults", ...where, ...files, ...small, ...tls, ...init, ...more];
  const running = await daemon("mariadbd", args, /ready for connections/, { ...user, cwd: home });
  return { ...running, port };
}
