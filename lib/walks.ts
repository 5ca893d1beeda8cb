/** The recipes, and which scheme takes which. */
import { callPlain, callSecured } from "./grpc.ts";
import { curl, pinned } from "./curl.ts";
import { greetings, servicePorts, serviceSchemes } from "./greetings.ts";
import { placeOf } from "./protocols/authority.ts";
import { connect } from "./stages/connect.ts";
import { timesOf } from "./phases.ts";
import { handshake, namesFor } from "./stages/handshake.ts";
import { parseAddress } from "./policy/address.ts";
import { ntp } from "./stages/ntp.ts";
import { request } from "./stages/request.ts";
import { stun } from "./stages/stun.ts";
import { upgrade } from "./stages/upgrade.ts";
import type { SchemePorts, Target } from "./target.ts";
import { upgradeOptions } from "./protocols/http/websocket.ts";
import type { Walk } from "./walk.ts";

interface Repeated {
  /** What was dialled, where a name was resolved to it. */
  readonly address?: string | undefined;
  /** Options of OpenSSL's own. */
  readonly more?: readonly string[];
}

/** The same handshake by OpenSSL, with these names. */
export function sClient(
  target: Target,
  { servername, name }: Pick<ReturnType<typeof namesFor>, "servername" | "name">,
  { address = target.host, more = [] }: Repeated = {},
): string {
  const unnamed = target.isAddress ? [] : ["-noservername"];
  const sni = servername === "" ? unnamed : ["-servername", servername];
  const kind = parseAddress(name) === undefined ? "-verify_hostname" : "-verify_ip";
  const options = [...sni, kind, name, ...more, "-verify_return_error"].join(" ");
  return `openssl s_client -connect ${placeOf({ host: address, port: target.port })} ${options} </dev/null`;
}

export const open: Walk = {
  kind: "tcp",
  stages: [connect],
  notProved: ["that the application behind the port answers: a firewall may have opened it"],
  async walk(trail, peer) {
    using _wire = await trail.take(connect, peer);
  },
  reproduce: ({ host, port }, address = host) => [`nc -vz -w 5 ${address} ${port}`],
};

export const greet: Walk = {
  kind: "tls",
  stages: [connect, handshake],
  notProved: ["that the application behind TLS answers"],
  async walk(trail, peer, target) {
    using wire = await trail.take(connect, peer);
    using _secured = await trail.take(handshake, { wire, target, alpn: alpnOf("auto") });
  },
  reproduce: (target, address) => [sClient(target, namesFor({ target }), { address })],
};

export const notProvedByHttp = ["that the application's own dependencies work"];

/** One GET to every address, so that a dead front end is seen beside the living ones. */
const fetchPlain: Walk = {
  kind: "http",
  stages: [connect, request],
  notProved: notProvedByHttp,
  async walk(trail, peer, target) {
    const times = timesOf();
    using wire = await times.connect(trail.take(connect, peer));
    await trail.take(request, { wire, target, method: "GET", before: times.spent });
  },
  // By itself curl waits for minutes, and for an answer for ever.
  reproduce: (target, address) => [curl(target, ["-m 10", ...pinned(target, address)])],
};

const fetchSecured: Walk = {
  ...fetchPlain,
  stages: [connect, handshake, request],
  async walk(trail, peer, target) {
    const times = timesOf();
    using wire = await times.connect(trail.take(connect, peer));
    const greeting = { wire, target, alpn: alpnOf("auto") };
    using secured = await times.secure(trail.take(handshake, greeting));
    await trail.take(request, { wire: secured, target, method: "GET", before: times.spent });
  },
};

export const notProvedByUpgrade = ["that messages pass both ways, and that the connection lasts"];

const upgradePlain: Walk = {
  ...fetchPlain,
  stages: [connect, upgrade],
  notProved: notProvedByUpgrade,
  async walk(trail, peer, target) {
    using wire = await trail.take(connect, peer);
    await trail.take(upgrade, { wire, target });
  },
  reproduce: (target, address) => {
    const scheme = target.scheme === "wss" ? "https" : "http";
    // What is open stays open: curl would wait for the first message.
    const options = [...pinned(target, address), "-m 5", upgradeOptions()];
    return [curl({ ...target, scheme }, options)];
  },
};

const upgradeSecured: Walk = {
  ...upgradePlain,
  stages: [connect, handshake, upgrade],
  async walk(trail, peer, target) {
    using wire = await trail.take(connect, peer);
    using secured = await trail.take(handshake, { wire, target, alpn: alpnOf("1.1") });
    await trail.take(upgrade, { wire: secured, target });
  },
};

/** The time of day: `samples` exchanges, each with its share of the time that the stage may take. */
export const askTime = (samples: number, timeoutMs: number): Walk => ({
  kind: "ntp",
  stages: [ntp],
  notProved: ["that the server's own time is right: it is taken at its word"],
  async walk(trail, peer) {
    await trail.take(ntp, { peer, samples, waitMs: Math.ceil(timeoutMs / samples) });
  },
  reproduce: ({ host, port }) => [
    `chronyd -Q -t 10 'server ${host} port ${port} iburst maxsamples 1'`,
    // The client of Windows asks port 123 and no other.
    ...(port === 123 ? [`w32tm /stripchart /computer:${host} /samples:4 /dataonly`] : []),
  ],
});

/** The address that a server sees this host come from, over UDP or TCP. */
export const askMapping = (transport: "udp" | "tcp"): Walk => ({
  kind: "stun",
  stages: transport === "udp" ? [stun] : [connect, stun],
  notProved: ["that media flows: a relay (TURN) and its credentials were not tried"],
  async walk(trail, peer) {
    if (transport === "udp") return trail.take(stun, { peer });
    using wire = await trail.take(connect, peer);
    return await trail.take(stun, { peer, wire });
  },
  // The client of coturn has no TCP, the one of Stuntman has.
  reproduce: ({ host, port }) =>
    transport === "udp"
      ? [`turnutils_stunclient -p ${port} ${host}`]
      : [`stunclient --protocol tcp ${host} ${port}`],
});

/** Longer than a stage may wait at all: a single sample waits until its stage is out of patience. */
const PATIENT_MS = 30_000;

/** From scheme to walk: what `check` climbs. */
export const walks: Readonly<Record<string, Walk>> = {
  tcp: open,
  tls: greet,
  http: fetchPlain,
  https: fetchSecured,
  ntp: askTime(1, PATIENT_MS),
  stun: askMapping("udp"),
  ws: upgradePlain,
  wss: upgradeSecured,
  grpc: callPlain,
  grpcs: callSecured,
  ...greetings,
};

/** The port that a scheme implies; `tcp` and `grpc` imply none. */
export const schemePorts: SchemePorts = {
  tcp: undefined,
  https: 443,
  http: 80,
  tls: 443,
  ntp: 123,
  stun: 3478,
  ws: 80,
  wss: 443,
  grpc: undefined,
  grpcs: 443,
  ...servicePorts,
};

/** Ports beyond those of a scheme: what `check` does about a target that names no scheme. */
export const impliedSchemes: ReadonlyMap<number, string> = new Map([
  // Well known, and nothing is said on them here but what every port is asked.
  [53, "tcp"],
  [853, "tls"],
  [8080, "http"],
  [8443, "https"],
  ...serviceSchemes,
]);

/** The ALPN list is what decides between HTTP/1.1 and HTTP/2. */
export function alpnOf(version: "auto" | "1.1" | "2"): readonly string[] {
  return { auto: ["h2", "http/1.1"], "1.1": ["http/1.1"], "2": ["h2"] }[version];
}
