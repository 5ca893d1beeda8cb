/** BIND's `named`: an authoritative name server on a loopback port. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { daemon, folder, type Daemon } from "./daemon.ts";
import { closedPort } from "./ports.ts";

/**
 * Serves zones, given as text by origin (`{ "example.test": "@ IN SOA …" }`), over UDP and TCP on
 * 127.0.0.1. `options` goes into the `options` block of named.conf as it is.
 */
export async function named(
  zones: Readonly<Record<string, string>>,
  options = "",
): Promise<Daemon & { readonly port: number }> {
  const home = await folder();
  const port = await closedPort();
  const blocks: string[] = [];
  for (const [index, [origin, text]] of Object.entries(zones).entries()) {
    await writeFile(join(home, `${index}.zone`), text);
    blocks.push(`zone "${origin}" { type primary; file "${index}.zone"; check-names ignore; };`);
  }
  const conf = join(home, "named.conf");
  await writeFile(
    conf,
    `options {
  directory "${home}"; pid-file none; lock-file none; session-keyfile none;
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; notify no; dnssec-validation no; empty-zones-enable no;
  ${options}
};
controls { };
${blocks.join("\n")}
`,
  );
  // -g: stay in the foreground and log to stderr; -n 1: one thread is plenty.
  const running = await daemon("named", ["-g", "-n", "1", "-c", conf], / running$/m);
  return { ...running, port };
}
