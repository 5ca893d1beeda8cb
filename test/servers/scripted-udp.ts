/** A UDP server that does as it is told. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { closing } from "./closing.ts";

/** What to send for the question with this number, counted from 0, that came from this port. */
export type UdpScript = (request: Buffer, number: number, port: number) => readonly Buffer[];

export interface UdpServer {
  readonly port: number;
  /** Every question that came. */
  readonly asked: readonly Buffer[];
}

export async function udpServer(script: UdpScript, address = "127.0.0.1"): Promise<UdpServer> {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4").bind(0, address);
  closing(() => void socket.close());
  const asked: Buffer[] = [];
  socket.on("message", (request, from) => {
    const answers = script(request, asked.push(request) - 1, from.port);
    for (const answer of answers) socket.send(answer, from.port, from.address);
  });
  await once(socket, "listening");
  return { port: socket.address().port, asked };
}
