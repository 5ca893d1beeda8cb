/** What Node itself can say of a connect and of a handshake, with nothing around it: the floor. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as secure } from "node:tls";

/** A time, and the connection it is of. */
export interface Said {
  readonly localPort: number;
  readonly ms: number;
}

/** From the SYN to the word that the connection stands. */
export async function bareConnect(port: number): Promise<Said> {
  const { socket, ms } = await dial(port);
  const { localPort = 0 } = socket;
  socket.destroy();
  return { localPort, ms };
}

/** From the call that begins TLS to the word that it stands. */
export async function bareHandshake(port: number): Promise<Said> {
  const { socket } = await dial(port);
  const { localPort = 0 } = socket;
  const start = performance.now();
  const secured = secure({ socket, servername: "", rejectUnauthorized: false });
  await once(secured, "secureConnect");
  const ms = performance.now() - start;
  // In TLS 1.3 our Finished leaves only after that word.
  await new Promise(setImmediate);
  secured.destroy();
  return { localPort, ms };
}

async function dial(port: number): Promise<{ readonly socket: Socket; readonly ms: number }> {
  const socket = connect({ host: "127.0.0.1", port });
  let start = performance.now();
  socket.once("connectionAttempt", () => (start = performance.now()));
  await once(socket, "connect");
  return { socket, ms: performance.now() - start };
}
