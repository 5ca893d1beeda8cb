/** What tcpdump saw on loopback: the truth that times are held against. */
import { daemon } from "../test/servers/daemon.ts";

export interface Packet {
  /** Milliseconds of the day. */
  readonly at: number;
  readonly client: number;
  readonly fromClient: boolean;
  readonly flags: string;
  readonly bytes: number;
}

/** The packets of one connection, in order. */
export type Truth = (packets: readonly Packet[]) => number | undefined;

export async function overhear(ports: readonly number[]) {
  const filter = ports.map((port) => `tcp port ${port}`).join(" or ");
  const precise = ["-tt", "--time-stamp-precision=nano"];
  const roomy = ["-l", "-B", "65536", "-s", "96"];
  return daemon("tcpdump", ["-i", "lo", "-n", ...precise, ...roomy, filter], /listening on lo/);
}

/** `1732132800.123456789 IP 127.0.0.1.40000 > 127.0.0.1.443: Flags [S], … length 0` */
const shown =
  /^(\d+)\.(\d{9}) IP 127\.0\.0\.1\.(\d+) > 127\.0\.0\.1\.(\d+): Flags \[([^\]]*)\].* length (\d+)/gm;

/** The packets to and from this server, by the port of the client. */
export function connectionsIn(printed: string, server: number): Map<number, Packet[]> {
  const packets = [...printed.matchAll(shown)].flatMap(
    ([, seconds, nanos, from, to, flags = "", bytes]) => {
      const fromClient = Number(to) === server;
      if (!fromClient && Number(from) !== server) return [];
      // Seconds of the day are enough, and leave the digits to the fraction.
      const at = (Number(seconds) % 86_400) * 1000 + Number(nanos) / 1e6;
      const client = Number(fromClient ? from : to);
      return [{ at, client, fromClient, flags, bytes: Number(bytes) }];
    },
  );
  return Map.groupBy(packets, ({ client }) => client);
}

/** SYN to SYN/ACK. */
export const connectTruth: Truth = (packets) => {
  const syn = packets.find(({ flags }) => flags === "S");
  const answer = packets.find(({ flags }) => flags === "S.");
  return syn && answer && answer.at - syn.at;
};

/** What was said, in turns: a packet that was sent again belongs to the turn of the first. */
function turnsOf(packets: readonly Packet[]): Packet[] {
  const said = packets.filter(({ bytes }) => bytes > 0);
  return said.filter((one, index) => one.fromClient !== said[index - 1]?.fromClient);
}

/** ClientHello to the client's Finished: with it TLS 1.3 stands. */
export const finishedTruth: Truth = (packets) => {
  const [hello, , finished] = turnsOf(packets);
  return hello && finished && finished.at - hello.at;
};

/** ClientHello to the server's Finished, which is what TLS 1.2 waits for. */
export const answeredTruth: Truth = (packets) => {
  const [hello, , , answered] = turnsOf(packets);
  return hello && answered && answered.at - hello.at;
};
