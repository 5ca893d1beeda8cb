/** `redis-server` on a loopback port, with nothing on disk. */
import { daemon, folder, type Daemon } from "./daemon.ts";
import { closedPort } from "./ports.ts";

/** Runs it with these further words of its command line, as in `--requirepass`, `secret`. */
export async function redisServer(
  ...words: readonly string[]
): Promise<Daemon & { readonly port: number }> {
  const home = await folder();
  const port = await closedPort();
  const own = ["--bind", "127.0.0.1", "--dir", home, "--save", "", "--appendonly", "no"];
  const where = words.includes("--tls-port") ? ["--port", "0"] : ["--port", String(port)];
  const args = [...own, ...where, ...words.map((word) => word.replace("PORT", String(port)))];
  const running = await daemon("redis-server", args, /Ready to accept connections/);
  return { ...running, port };
}
