/** The walks of the services: one for each scheme, all of them the same few steps. */
import { Failure } from "./failure.ts";
import type { Here } from "./here.ts";
import { detect } from "./platform/detect.ts";
import { placeOf } from "./protocols/authority.ts";
import type { Wire } from "./protocols/wire.ts";
import type { Peer } from "./policy/peer.ts";
import { connect } from "./stages/connect.ts";
import { greeting } from "./stages/greet.ts";
import { handshake, type SecuredWire } from "./stages/handshake.ts";
import { upgrade } from "./stages/upgrade.ts";
import { askSql } from "./sql.ts";
import { services } from "./services/index.ts";
import type { Direct, Next, Scheme, Service } from "./services/service.ts";
import type { AnySheet } from "./stage.ts";
import type { Target } from "./target.ts";
import { connectSecured, mayWantTlsFirst } from "./tls-first.ts";
import type { Trail } from "./trail.ts";
import type { Walk } from "./walk.ts";

/** From a scheme of a service to the port it implies. */
export const servicePorts: Readonly<Record<string, number>> = Object.fromEntries(
  services.flatMap(({ schemes }) =>
    Object.entries<Scheme>(schemes).map(([name, { port }]) => [name, port]),
  ),
);

/** From a well-known port to the scheme of a service; of several schemes on one port the first. */
export const serviceSchemes: ReadonlyMap<number, string> = new Map(
  services
    .flatMap(({ schemes }) =>
      Object.entries<Scheme>(schemes)
        .filter(([, { implied }]) => implied !== false)
        .flatMap(([name, { port, alsoOn = [] }]) =>
          [port, ...alsoOn].map((each) => [each, name] as const),
        ),
    )
    .toReversed(),
);

/** A service that can be talked into TLS, and the first of its schemes that is. */
export interface Upgradable {
  readonly service: Service;
  readonly scheme: string;
  readonly port: number;
}

/** By every scheme for which TLS begins in mid-conversation. */
export const upgradeSchemes: ReadonlyMap<string, Upgradable> = new Map(
  services.flatMap((service: Service) =>
    Object.entries(service.schemes)
      .filter(([, { tls }]) => tls === "upgrade")
      .map(([scheme, { port }]) => [scheme, { service, scheme, port }] as const),
  ),
);

const upgradable = [...upgradeSchemes.values()];

/** By the name of the service. */
export const upgradeServices: ReadonlyMap<string, Upgradable> = new Map(
  upgradable
    .filter((one) => one === upgradable.find(({ service }) => service === one.service))
    .map((one) => [one.service.sheet.name, one]),
);

/** From scheme to walk. */
export const greetings: Readonly<Record<string, Walk>> = {
  ...Object.fromEntries(services.flatMap((service) => walksOf<AnySheet>(service))),
  sql: askSql({ login: false, follow: false }),
};

function walksOf<Sheet extends AnySheet>(service: Service<Sheet>): [string, Walk][] {
  return Object.entries(service.schemes).map(([name, scheme]) => [name, walkOf(service, scheme)]);
}

function walkOf<Sheet extends AnySheet>(service: Service<Sheet>, scheme: Scheme): Walk {
  const { tls } = scheme;
  const greet = greeting(service);
  const opening = scheme.webSocket === undefined ? [handshake] : [handshake, upgrade];
  const later = tls === "first" ? [...opening, greet] : [greet, handshake];
  const { again, direct } = service;
  return {
    kind: "service",
    stages: [connect, ...(tls === "never" ? [greet] : later)],
    notProved: service.notProved,
    reproduce: (target) => service.reproduce(target, placeOf(target)),
    async walk(trail, peer, target) {
      if (service.closedOnWindowsPlans === true) refuseSandbox(trail.here, service.title);
      const hello = { peer, target, scheme };
      const next = await (direct === undefined
        ? sayHello(trail, greet, hello)
        : sayEither(trail, service, direct, hello));
      if (next !== "again" || again === undefined) return;
      const other = greeting({ ...service, greet: again.greet });
      await trail.fork("attempts", [again.on], String, (own) => sayHello(own, other, hello));
    },
  };
}

interface Hello {
  readonly peer: Peer;
  readonly target: Target;
  readonly scheme: Scheme;
}

/** One connection, with TLS where and when the scheme has it. */
async function sayHello<Sheet extends AnySheet>(
  trail: Trail,
  greet: ReturnType<typeof greeting<Sheet>>,
  { peer, target, scheme }: Hello,
): Promise<Next> {
  const { tls, alpn = [], webSocket } = scheme;
  using wire = await trail.take(connect, peer);
  if (tls === "first") {
    using secured = await trail.take(handshake, { wire, target, alpn });
    const over = webSocket && (await opened(trail, secured, target, webSocket));
    return await trail.take(greet, { wire: over ?? secured, target });
  }
  const next = await trail.take(greet, { wire, target });
  if (next !== "tls") return next;
  using _secured = await trail.take(handshake, { wire, target, alpn });
  return next;
}

/** The stream inside a WebSocket. */
async function opened(
  trail: Trail,
  wire: SecuredWire,
  target: Target,
  { path, subprotocol }: NonNullable<Scheme["webSocket"]>,
): Promise<Wire> {
  let over: Wire = wire;
  await trail.take(upgrade, {
    wire,
    target: { ...target, scheme: "wss", path: target.path === "/" ? path : target.path },
    headers: { "sec-websocket-protocol": subprotocol },
    takenOver: (stream) => void (over = stream),
  });
  return over;
}

/** TLS in mid-conversation, or before the first word: as the target has it, else the first that works. */
async function sayEither<Sheet extends AnySheet>(
  trail: Trail,
  service: Service<Sheet>,
  direct: Direct<Sheet>,
  hello: Hello,
): Promise<Next> {
  const inside = greeting({ ...service, greet: direct.greet });
  const directly = async (own: Trail, no?: Failure) => {
    const { peer, target } = hello;
    using wire = await connectSecured(own, { peer, target, alpn: direct.alpn, no });
    return await own.take(inside, { wire, target });
  };
  if (direct.isWanted(hello.target)) return directly(trail);
  try {
    return await sayHello(trail, greeting(service), hello);
  } catch (no) {
    if (!mayWantTlsFirst(no)) throw no;
    await trail.fork("attempts", [direct.on], String, (own) => directly(own, no));
    return "done";
  }
}

/** https://github.com/projectkudu/kudu/wiki/Azure-Web-App-sandbox#network-endpoint-listening */
function refuseSandbox({ environment, host }: Here, title: string): void {
  const isWindows = host.os.startsWith("Windows");
  if (!isWindows || detect(environment).platform !== "app-service") return;
  const message = `the sandbox of App Service on Windows lets nothing out to the port of ${title}`;
  throw new Failure("sonde.untestable", message);
}
