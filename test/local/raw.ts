/** A request written byte by byte, for what a client library would tidy up. */
import { once } from "node:events";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends `lines` joined by CRLF, adds Host and `Connection: close`, and reads to the end. */
export async function raw(
  url: string,
  lines: readonly string[],
  body: string | Buffer = "",
): Promise<RawAnswer> {
  const { host, hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const [first = "", ...headers] = lines;
  const head = [first, `Host: ${host}`, "Connection: close", ...headers, "", ""].join("\r\n");
  socket.write(Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(body)]));
  const answer = (await buffer(socket)).toString("latin1");
  const end = answer.indexOf("\r\n\r\n");
  return {
    status: Number(answer.slice(9, 12)),
    head: answer.slice(0, end),
    body: answer.slice(end + 4),
  };
}
