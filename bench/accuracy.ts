/**
 * How far Sonde's times are from the truth on the wire: each connect and handshake beside the packets that
 * tcpdump saw on loopback, joined by source port. Under each stands what Node itself says with nothing around
 * it, because a shared machine is late in both, and under all blackbox_exporter's connect phase.
 */
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { tcp } from "../lib/probes/tcp.ts";
import { tls } from "../lib/probes/tls.ts";
import type { AnyProbe } from "../lib/probe.ts";
import { ask } from "../test/asking.ts";
import { certificates } from "../test/servers/certificates.ts";
import { closeAll } from "../test/servers/closing.ts";
import { nginx } from "../test/servers/nginx.ts";
import { closedPort } from "../test/servers/ports.ts";
import { bareConnect, bareHandshake, type Said } from "./bare.ts";
import { blackbox, connectPhaseMs } from "./blackbox.ts";
import {
  answeredTruth,
  connectionsIn,
  connectTruth,
  finishedTruth,
  overhear,
  type Truth,
} from "./packets.ts";

const TIMES = 200;
const IN_FLIGHT = 8;
const WARM_UP = 20;

/** What Sonde said of one connection, and whether it believes it. */
interface Reported extends Said {
  readonly quality?: string;
}

const shape = z.object({
  addresses: z.tuple([
    z.object({
      connect: z.object({ localPort: z.number(), connectMs: z.number() }),
      handshake: z.object({ handshakeMs: z.number() }).optional(),
    }),
  ]),
});

async function measure(probe: AnyProbe, port: number): Promise<Reported> {
  const report = await ask(probe, [["target", `127.0.0.1:${port}`]]);
  const [{ connect, handshake }] = shape.parse(report.result).addresses;
  const { localPort, connectMs } = connect;
  return { localPort, ms: handshake?.handshakeMs ?? connectMs, quality: report.timing.quality };
}

/** So many in all, `atOnce` at a time. */
async function repeat(times: number, atOnce: number, one: () => Promise<Reported>) {
  const said: Reported[] = [];
  while (said.length < times) {
    said.push(...(await Promise.all(Array.from({ length: atOnce }, one))));
  }
  return said;
}

/** Each beside the other, one by one, so that neither has the quieter minute. */
async function inTurn(
  ours: () => Promise<Reported>,
  bare: () => Promise<Said>,
  atOnce = 1,
): Promise<{ readonly ours: Reported[]; readonly bare: Reported[] }> {
  const both = { ours: new Array<Reported>(), bare: new Array<Reported>() };
  for (let left = TIMES / atOnce; left > 0; left -= 1) {
    both.ours.push(...(await repeat(atOnce, atOnce, ours)));
    both.bare.push(...(await repeat(atOnce, atOnce, bare)));
  }
  return both;
}

const certificate = await certificates();
const { cert, key } = certificate("good");
const [newer, older] = [await closedPort(), await closedPort()];
const secured = (port: number, version: string) => `
  server {
    listen 127.0.0.1:${port} ssl; ssl_protocols ${version};
    ssl_certificate ${cert}; ssl_certificate_key ${key};
    location / { return 200 "well\\n"; }
  }`;
const { port: plain } = await nginx(
  (port) => `
  server { listen 127.0.0.1:${port}; location / { return 200 "well\\n"; } }
  ${secured(newer, "TLSv1.3")} ${secured(older, "TLSv1.2")}`,
);
const tcpdump = await overhear([plain, newer, older]);

await repeat(WARM_UP, 1, () => measure(tls, newer));
await repeat(WARM_UP, 1, () => bareHandshake(newer));
const connects = await inTurn(
  () => measure(tcp, plain),
  () => bareConnect(plain),
);
const handshakes = await inTurn(
  () => measure(tls, newer),
  () => bareHandshake(newer),
);
const slower = await inTurn(
  () => measure(tls, older),
  () => bareHandshake(older),
);
const crowd = await inTurn(
  () => measure(tcp, plain),
  () => bareConnect(plain),
  IN_FLIGHT,
);
await delay(500);
const before = tcpdump.printed().length;
const exporter = await blackbox();
const exported: number[] = [];
for (let left = TIMES; left > 0; left -= 1) {
  exported.push(await connectPhaseMs(exporter, `127.0.0.1:${plain}`));
}
await delay(500);

const printed = tcpdump.printed();

/** How far each was off, and whether it was said to be worth believing. */
function errorsOf(said: readonly Reported[], server: number, truth: Truth) {
  const connections = connectionsIn(printed, server);
  return said.flatMap(({ localPort, ms, quality }) => {
    const real = truth(connections.get(localPort) ?? []);
    return real === undefined ? [] : [{ error: Math.abs(ms - real), quality }];
  });
}

// The exporter does not tell its port: its connections come in the order in which they were asked for.
const theirs = [...connectionsIn(printed.slice(before), plain).values()].map(connectTruth);
const exporterErrors = exported.flatMap((ms, index) => {
  const real = theirs[index];
  return real === undefined ? [] : [{ error: Math.abs(ms - real), quality: undefined }];
});

type Errors = ReturnType<typeof errorsOf>;

function print(name: string, errors: Errors, goal: string, mostMs = Infinity): void {
  const sorted = errors.map(({ error }) => error).toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(3);
  const cells = [at(0.5), at(0.95), at(1)].map((cell) => cell.padStart(8));
  const degraded = errors.filter(({ quality }) => quality === "degraded").length;
  const unsaid = errors.filter(({ error, quality }) => error > mostMs && quality === "good").length;
  const more =
    mostMs === Infinity ? "" : ` (${degraded} degraded, ${unsaid} over ${mostMs} and not)`;
  console.log(
    `${name.padEnd(28)}${`${errors.length}`.padStart(5)}${cells.join("")}  ${goal}${more}`,
  );
}

console.log("error in ms against packets      n     p50     p95     max  goal");
print("connect", errorsOf(connects.ours, plain, connectTruth), "p50 <= 0.2, p95 <= 0.5", 0.5);
print("  bare node:net", errorsOf(connects.bare, plain, connectTruth), "");
print("handshake, TLS 1.3", errorsOf(handshakes.ours, newer, finishedTruth), "p50 <= 0.4", 0.5);
print("  bare node:tls", errorsOf(handshakes.bare, newer, finishedTruth), "");
print("handshake, TLS 1.2", errorsOf(slower.ours, older, answeredTruth), "p50 <= 0.4", 0.5);
print("  bare node:tls", errorsOf(slower.bare, older, answeredTruth), "");
print(
  `connect, ${IN_FLIGHT} in flight`,
  errorsOf(crowd.ours, plain, connectTruth),
  "p95 <= 2",
  0.5,
);
print("  bare node:net", errorsOf(crowd.bare, plain, connectTruth), "");
print("blackbox_exporter, connect", exporterErrors, "beside it");
await closeAll();
