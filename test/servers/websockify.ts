/** websockify: takes WebSockets, inside TLS, and hands their octets to a port of this machine. */
import type { Certificate } from "./certificates.ts";
import { daemon, type Daemon } from "./daemon.ts";
import { PYTHON } from "./mockupdb.ts";
import { closedPort, untilOpen } from "./ports.ts";

/** It agrees to no subprotocol but its own of old, and a client of AMQP asks for one. */
const program = `
import sys
from websockify import websocketproxy, websockifyserver
websockifyserver.CompatibleWebSocket.select_subprotocol = lambda self, offered: "amqp"
sys.argv[0] = "websockify"
websocketproxy.websockify_init()
`;

export async function websockify(
  { cert, key }: Certificate,
  to: number,
): Promise<Daemon & { readonly port: number }> {
  const port = await closedPort();
  const tls = [`--cert=${cert}`, `--key=${key}`, "--ssl-only"];
  const words = [...tls, `127.0.0.1:${port}`, `127.0.0.1:${to}`];
  const args = ["-c", program, ...words];
  const running = await daemon("websockify", args, /proxying from/, {}, PYTHON);
  await untilOpen(port);
  return { ...running, port };
}
