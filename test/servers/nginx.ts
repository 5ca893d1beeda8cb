/** nginx on loopback ports. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { daemon, folder, type Daemon } from "./daemon.ts";
import { closedPort } from "./ports.ts";

/**
 * Runs nginx with what `servers` says about a free port: one or more `server { listen 127.0.0.1:… }`
 * blocks, as they stand inside `http`.
 */
export async function nginx(
  servers: (port: number) => string,
): Promise<Daemon & { readonly port: number }> {
  const home = await folder();
  const port = await closedPort();
  const conf = join(home, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  await writeFile(
    conf,
    // One process in the foreground, so that its pid is all there is to stop.
    `daemon off; master_process off; pid ${home}/nginx.pid; error_log stderr notice;
events { worker_connections 512; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${home}/${name};`).join(" ")}
  ${servers(port)}
}
`,
  );
  // It listens before it says so.
  const running = await daemon("nginx", ["-p", home, "-e", "stderr", "-c", conf], /: OS: /);
  return { ...running, port };
}
