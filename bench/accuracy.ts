/**
 * How far Sonde's times are from the truth on the wire: each connect and handshake beside the packets that
 * tcpdump saw on loopback, joined by source port. Truth for a connect is SYN to SYN/ACK, for a handshake
 * ClientHello to the client's Finished. blackbox_exporter's connect phase stands beside it.
 */
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { tcp } from "../lib/probes/tcp.ts";
import { tls } from "../lib/probes/tls.ts";
import type { AnyProbe } from "../lib/probe.ts";
import { ask } from "../test/asking.ts";
import { closeAll } from "../test/servers/closing.ts";
import { daemon } from "../test/servers/daemon.ts";
import { blackbox, connectPhaseMs } from "./blackbox.ts";
import { startPlaces } from "./places.ts";

const SEQUENTIAL = 200;
const IN_FLIGHT = 8;

interface Packet {
  readonly at: number;
  readonly client: number;
  readonly fromClient: boolean;
  readonly flags: string;
  readonly bytes: number;
}

/** What Sonde said of one connection, by the port that it used. */
const facts = z.object({
  localPort: z.number(),
  connectMs: z.number(),
  handshakeMs: z.number().optional(),
  quality: z.string(),
});
type Said = z.infer<typeof facts>;

const shape = z.object({
  addresses: z.tuple([
    z.object({
      connect: z.object({ localPort: z.number(), connectMs: z.number() }),
      handshake: z.object({ handshakeMs: z.number() }).optional(),
    }),
  ]),
});

async function measure(probe: AnyProbe, target: string): Promise<Said> {
  const report = await ask(probe, [["target", target]]);
  const [{ connect, handshake }] = shape.parse(report.result).addresses;
  return facts.parse({ ...connect, ...handshake, quality: report.timing.quality });
}

/** `1732132800.123456789 IP 127.0.0.1.40000 > 127.0.0.1.443: Flags [S], … length 0` */
const shown =
  /^(\d+)\.(\d{9}) IP 127\.0\.0\.1\.(\d+) > 127\.0\.0\.1\.(\d+): Flags \[([^\]]*)\].* length (\d+)/gm;

function packetsIn(printed: string, server: number): Packet[] {
  return [...printed.matchAll(shown)].map(([, seconds, nanos, from, to, flags = "", bytes]) => ({
    // Seconds of the day are enough, and leave the digits to the fraction.
    at: (Number(seconds) % 86_400) * 1000 + Number(nanos) / 1e6,
    client: Number(to) === server ? Number(from) : Number(to),
    fromClient: Number(to) === server,
    flags,
    bytes: Number(bytes),
  }));
}

const connectTruth = (packets: readonly Packet[]) => {
  const syn = packets.find((one) => one.flags === "S");
  const synAck = packets.find((one) => one.flags === "S.");
  return syn && synAck && synAck.at - syn.at;
};

const handshakeTruth = (packets: readonly Packet[]) => {
  const [hello, finished] = packets.filter((one) => one.fromClient && one.bytes > 0);
  return hello && finished && finished.at - hello.at;
};

function row(name: string, errors: readonly number[], goal: string, more = ""): string {
  const sorted = errors.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(3);
  const cells = [at(0.5), at(0.95), at(1)].map((cell) => cell.padStart(8));
  return `${name.padEnd(34)}${`${errors.length}`.padStart(5)}${cells.join("")}  ${goal} ${more}`;
}

const places = await startPlaces();
const portOf = (place: string) => Number(place.split(":")[1]);
const [plain, secured] = [portOf(places.http), portOf(places.https)];
const filter = `tcp port ${plain} or tcp port ${secured}`;
const flags = [
  "-i",
  "lo",
  "-n",
  "-tt",
  "--time-stamp-precision=nano",
  "-l",
  "-B",
  "65536",
  "-s",
  "96",
];
const tcpdump = await daemon("tcpdump", [...flags, filter], /listening on lo/);

const heat = 20;
for (let left = heat; left > 0; left -= 1) await measure(tls, places.https);
const connects: Said[] = [];
for (let left = SEQUENTIAL; left > 0; left -= 1) connects.push(await measure(tcp, places.http));
const handshakes: Said[] = [];
for (let left = SEQUENTIAL; left > 0; left -= 1) handshakes.push(await measure(tls, places.https));
const crowd: Said[] = [];
for (let left = SEQUENTIAL / IN_FLIGHT; left > 0; left -= 1) {
  const wave = Array.from({ length: IN_FLIGHT }, () => measure(tcp, places.http));
  crowd.push(...(await Promise.all(wave)));
}
const before = tcpdump.printed().length;
const exporter = await blackbox();
const exported: number[] = [];
for (let left = SEQUENTIAL; left > 0; left -= 1)
  exported.push(await connectPhaseMs(exporter, places.http));
await delay(500);

const printed = tcpdump.printed();
const byPort = (server: number, text: string) =>
  Map.groupBy(packetsIn(text, server), (packet) => packet.client);
const plainPackets = byPort(plain, printed);
const securedPackets = byPort(secured, printed);
const errorsOf = (
  said: readonly Said[],
  packets: ReadonlyMap<number, readonly Packet[]>,
  truth: (packets: readonly Packet[]) => number | undefined,
  pick: (one: Said) => number | undefined,
) =>
  said.flatMap((one) => {
    const real = truth(packets.get(one.localPort) ?? []);
    const value = pick(one);
    return real === undefined || value === undefined ? [] : [Math.abs(value - real)];
  });

// The exporter does not tell its port: its connections come in the order in which they were asked for.
const theirs = [...byPort(plain, printed.slice(before)).values()].map(connectTruth);
const exporterErrors = exported.flatMap((ms, index) => {
  const real = theirs[index];
  return real === undefined ? [] : [Math.abs(ms - real)];
});

/** Connects that were further off than they may be, in reports that still called themselves good. */
const unsaid = (said: readonly Said[], mostMs: number) =>
  said.filter(
    (one) =>
      one.quality === "good" &&
      errorsOf([one], plainPackets, connectTruth, ({ connectMs }) => connectMs).some(
        (error) => error > mostMs,
      ),
  ).length;
const degraded = crowd.filter((one) => one.quality === "degraded").length;
const connectMs = (one: Said) => one.connectMs;
console.log(
  `error in ms against packets${"n".padStart(12)}${"p50".padStart(8)}${"p95".padStart(8)}${"max".padStart(8)}  goal`,
);
console.log(
  row(
    "connect, one at a time",
    errorsOf(connects, plainPackets, connectTruth, connectMs),
    "p50 <= 0.2, p95 <= 0.5",
    `(${unsaid(connects, 0.5)} worse than 0.5 and not said degraded)`,
  ),
);
console.log(
  row(
    "handshake, one at a time",
    errorsOf(handshakes, securedPackets, handshakeTruth, (one) => one.handshakeMs),
    "p50 <= 0.4",
  ),
);
console.log(
  row(
    `connect, ${IN_FLIGHT} in flight`,
    errorsOf(crowd, plainPackets, connectTruth, connectMs),
    "p95 <= 2",
    `(${degraded} said degraded, ${unsaid(crowd, 2)} worse than 2 and did not)`,
  ),
);
console.log(row("blackbox_exporter, connect", exporterErrors, "beside it"));
await closeAll();
