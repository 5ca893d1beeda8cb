/** The walk to SQL Server: hello, TLS inside TDS, and on request a login that must be refused. */
import { Failure } from "./failure.ts";
import type { Peer } from "./policy/peer.ts";
import { placeOf, urlHost } from "./protocols/authority.ts";
import { quoted } from "./protocols/shell.ts";
import { BROWSER_PORT } from "./protocols/tds/browser.ts";
import type { Route } from "./protocols/tds/tokens.ts";
import type { Wire } from "./protocols/wire.ts";
import { sqlService } from "./services/sql.ts";
import { browse } from "./stages/browse.ts";
import { connect } from "./stages/connect.ts";
import { connectFirst } from "./stages/connect-first.ts";
import { greeting } from "./stages/greet.ts";
import { handshake } from "./stages/handshake.ts";
import { handshakeTds } from "./stages/handshake-tds.ts";
import { login } from "./stages/login.ts";
import { resolve } from "./stages/resolve.ts";
import { parseTarget, type Target } from "./target.ts";
import { connectSecured, mayWantTlsFirst } from "./tls-first.ts";
import type { Trail } from "./trail.ts";
import type { Walk } from "./walk.ts";

export interface SqlOptions {
  /** Sends a login that must be refused. */
  readonly login: boolean;
  readonly database?: string | undefined;
  /** Dials the place that the server sends its clients to. */
  readonly follow: boolean;
}

const DEFAULT_PORT = 1433;

export function askSql(options: SqlOptions): Walk {
  const service = sqlService({ strict: false, instance: "", login: false });
  const hello = greeting(service);
  return {
    kind: "sql",
    stages: [connect, hello, handshake, ...(options.login ? [login] : [])],
    notProved: [
      options.login ? "that a login of a real user is accepted" : "login",
      ...(options.follow ? [] : ["redirect 11000–11999"]),
    ],
    reproduce: (target) => linesFor(target) ?? service.reproduce(target, placeOf(target)),
    walk: (trail, peer, target) => approach(trail, peer, target, options),
  };
}

async function approach(trail: Trail, named: Peer, target: Target, options: SqlOptions) {
  const instance = instanceIn(target.path);
  const peer = await portOf(trail, named, target);
  const hello = greeting(sqlService({ strict: false, instance, login: options.login }));
  using wire = await trail.take(connect, peer);
  let next;
  try {
    next = await trail.take(hello, { wire, target });
  } catch (no) {
    if (!mayWantTlsFirst(no)) throw no;
    await strictly({ trail, peer, target, instance, options, no });
    return;
  }
  if (next === "done") {
    await logIn({ trail, target, options, wire, answers: wire, encrypted: false, dialect: 7 });
    return;
  }
  const { secured, plain } = await trail.take(handshakeTds, { wire, target });
  using over = secured;
  const answers = next === "login-tls" ? plain : over;
  await logIn({ trail, target, options, wire: over, answers, encrypted: true, dialect: 7 });
}

/** `sql://host?instance=NAME`. */
export function instanceIn(path: string): string {
  const query = path.split("?")[1] ?? "";
  return new URLSearchParams(query).get("instance")?.slice(0, 64) ?? "";
}

const namesPort = ({ input }: Target) => /^\s*(?:sql:\/\/)?(?:\[[^\]]*\]|[^:/?#]*):\d/i.test(input);

/** The instance whose port is to be looked up: a port that was given is taken as it is. */
function sought(target: Target): string | undefined {
  const instance = instanceIn(target.path);
  return instance === "" || target.port !== DEFAULT_PORT || namesPort(target)
    ? undefined
    : instance;
}

/** Clients look an instance up as well, and the port that this run found may be another one by then. */
function linesFor(target: Target): readonly string[] | undefined {
  const instance = sought(target);
  if (instance === undefined) return undefined;
  const server = quoted(`${target.host}\\${instance}`);
  return [`sqlcmd -S ${server} -l 5 -U sonde -P none`, `tsql -S ${server} -U sonde -P none`];
}

/** The port of a named instance, from SQL Server Browser. */
async function portOf(trail: Trail, peer: Peer, target: Target): Promise<Peer> {
  const instance = sought(target);
  if (instance === undefined) return peer;
  const at = (port: number, hop: "first" | "route") => {
    const asked = { kind: "sql", host: target.host, addresses: [peer.address] } as const;
    const [judged] = trail.here.admit({ ...asked, port, hop });
    if (judged === undefined) throw new Error("an admitted address has a peer");
    return judged;
  };
  const port = await trail.take(browse, { peer: at(BROWSER_PORT, "first"), instance });
  return port === peer.port ? peer : at(port, "route");
}

interface Strictly {
  readonly trail: Trail;
  readonly peer: Peer;
  readonly target: Target;
  readonly instance: string;
  readonly options: SqlOptions;
  /** How the hello in plain text ended. */
  readonly no: Failure;
}

/** TDS 8: TLS first, with a name of its own in the ALPN list, then the hello. [MS-TDS] 2.2.6.5. */
function strictly({ trail, peer, target, instance, options, no }: Strictly): Promise<void> {
  const hello = greeting(sqlService({ strict: true, instance, login: options.login }));
  return trail.fork("attempts", ["TDS 8"], String, async (own) => {
    using secured = await connectSecured(own, { peer, target, alpn: "tds/8.0", no });
    await own.take(hello, { wire: secured, target });
    const speaking = { wire: secured, answers: secured, encrypted: true, dialect: 8 } as const;
    await logIn({ trail: own, target, options, ...speaking });
  });
}

interface LoggingIn {
  readonly trail: Trail;
  readonly target: Target;
  readonly options: SqlOptions;
  readonly wire: Wire;
  readonly answers: Wire;
  readonly encrypted: boolean;
  readonly dialect: 7 | 8;
}

async function logIn({ trail, target, options, ...speaking }: LoggingIn): Promise<void> {
  if (!options.login) return;
  const { host } = target;
  const route = await trail.take(login, { ...speaking, host, database: options.database });
  if (route !== undefined) await goOn(trail, route, options);
}

const ROUTE_WAIT_MS = 4000;

/** The place the server sends its clients to is judged like any other, and dialled on request. */
function goOn(trail: Trail, { host, port }: Route, { follow }: SqlOptions): Promise<void> {
  // A managed instance puts the name of its node behind the host.
  const to = `${urlHost(host.split("\\")[0] ?? "")}:${port}`;
  return trail.fork("hops", [to], String, async (hop) => {
    const target = parseTarget(`sql://${to}`, { schemes: { sql: port } });
    if ("wrong" in target) {
      throw new Failure("service.malformed", `the route cannot be read: ${target.wrong}`);
    }
    const peers = await hop.take(resolve, { target, kind: "sql", hop: "route" });
    if (!follow) return;
    const dialled = hop.take(connectFirst, { peers, waitMs: ROUTE_WAIT_MS });
    using wire = await dialled.catch((error: unknown) => {
      throw error instanceof Failure ? blocked(to, error) : error;
    });
    const hello = greeting(sqlService({ strict: false, instance: "", login: true }));
    await hop.take(hello, { wire, target });
  });
}

function blocked(to: string, { code, message }: Failure): Failure {
  if (!code.startsWith("tcp.")) return new Failure(code, message);
  const text = `the redirect to ${to} is blocked: ${message}`;
  return new Failure("sql.redirect_blocked", text, { because: code });
}
