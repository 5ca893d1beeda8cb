/** Servers that refuse to run as root are run as somebody else. */
import { chmod, chown, copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Certificate } from "./certificates.ts";

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** The user of this name where we are root and it exists; otherwise whoever we are. */
export async function ordinaryUser(name: string): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n");
  const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** Copies of a certificate and its key that the user may read, and nobody else the key. */
export async function lend(
  certificate: Certificate,
  home: string,
  user: User | undefined,
): Promise<Certificate> {
  const [cert, key] = [join(home, "lent.pem"), join(home, "lent.key")];
  await copyFile(certificate.cert, cert);
  await copyFile(certificate.key, key);
  for (const file of [cert, key]) {
    if (user !== undefined) await chown(file, user.uid, user.gid);
    await chmod(file, 0o600);
  }
  return { cert, key };
}
