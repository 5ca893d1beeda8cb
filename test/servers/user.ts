/** Servers that refuse to run as root are run as somebody else. */
import { readFile } from "node:fs/promises";

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
