/** blackbox_exporter, asked for one thing: how long its HTTP probe took to connect. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { daemon, folder } from "../test/servers/daemon.ts";
import { closedPort } from "../test/servers/ports.ts";

/** Starts it and gives its URL. */
export async function blackbox(): Promise<string> {
  const home = await folder();
  const config = join(home, "blackbox.yml");
  await writeFile(
    config,
    "modules:\n  http:\n    prober: http\n    http: { preferred_ip_protocol: ip4 }\n",
  );
  const place = `127.0.0.1:${await closedPort()}`;
  const args = [`--config.file=${config}`, `--web.listen-address=${place}`];
  await daemon("prometheus-blackbox-exporter", args, /Listening on|listening/i);
  return `http://${place}`;
}

export async function connectPhaseMs(exporter: string, target: string): Promise<number> {
  const answer = await fetch(`${exporter}/probe?module=http&target=http://${target}/`);
  const text = await answer.text();
  const [, seconds] = /^probe_http_duration_seconds\{phase="connect"\} (\S+)$/m.exec(text) ?? [];
  return Number(seconds) * 1000;
}
