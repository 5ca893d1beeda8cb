/** `openssl s_server`: TLS of a stack that is not Node's own arrangement of it. */
import type { Certificate } from "./certificates.ts";
import { daemon, type Daemon } from "./daemon.ts";

/**
 * Serves one certificate on a free port of 127.0.0.1. `args` are s_server's own, such as `-www`,
 * `-tls1_2`, `-alpn h2`, `-Verify 2`.
 */
export async function sServer(
  { cert, key, issuers }: Certificate,
  args: readonly string[] = [],
): Promise<Daemon & { readonly port: number }> {
  // -cert reads the first certificate of its file and no other.
  const own = ["-cert", cert, "-key", key, ...(issuers ? ["-cert_chain", issuers] : [])];
  const where = ["-accept", "127.0.0.1:0", "-naccept", "1000"];
  const running = await daemon("openssl", ["s_server", ...where, ...own, ...args], accepting);
  const port = Number(accepting.exec(running.printed())?.[1]);
  return { ...running, port };
}

/** Printed when it listens: with port 0, the port it was given comes along. */
const accepting = /^ACCEPT 127\.0\.0\.1:(\d+)$/m;
