/**
 * The embedded local host: serves a compiled Functions app on loopback, without Core Tools, and
 * treats requests as Azure does where the difference would otherwise show only in production.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { homePage } from "./home.ts";
import { invoke } from "./invoke.ts";
import { allowed, type Keys } from "./keys.ts";
import { loadApp } from "./load.ts";
import { log } from "./log.ts";
import { type Registry, runHooks } from "./registry.ts";
import { arrive, type Arrived, readBody, toHttpData, tooLarge } from "./request.ts";
import { bare, type Reply, send, toReply } from "./response.ts";
import { buildRoutes, findRoute, type Match } from "./routing.ts";
import { applyEnvironment, readSettings, type Settings } from "./settings.ts";
import { type Ingress, simulate } from "./simulate.ts";

export interface HostOptions {
  /** Directory with package.json, host.json and perhaps local.settings.json. */
  readonly root: string;
  /** 0 takes a free one. Without it, `Host.LocalHttpPort` or 7071. */
  readonly port?: number | undefined;
  /** Enforced when given; without them every function is open, as Core Tools does by default. */
  readonly keys?: Keys | undefined;
  /** Dress every request as this ingress would have passed it on. */
  readonly simulate?: Ingress | undefined;
  /** Set before the app loads; wins over local.settings.json. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

export interface Host {
  /** `http://127.0.0.1:7071`, without a trailing slash. */
  readonly url: string;
  /** Stops accepting, lets running calls finish for at most 5 s, then runs the app's last hooks. */
  stop(): Promise<void>;
}

/**
 * Starts the host and the app. One app per process: the library keeps the first core it meets, and
 * Node keeps the modules, so a second call rejects. Also rejects when the app cannot be loaded.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const settings = readSettings(options.root);
  Object.assign(process.env, options.env);
  applyEnvironment(settings.values);
  const registry = await loadApp(options.root);
  const table = buildRoutes(registry.functions.values(), settings.routePrefix);
  for (const problem of table.refused) log("error", `function in error: ${problem}`);

  const answer = async (message: IncomingMessage): Promise<Reply> => {
    const arrived = arrive(message);
    if (arrived === undefined) return bare(400);
    if (options.simulate !== undefined) {
      const { remoteAddress = "127.0.0.1", remotePort = 0 } = message.socket;
      simulate(options.simulate, arrived, { address: remoteAddress, port: remotePort });
    }
    const match = findRoute(table, arrived.method, arrived.path);
    if (match === undefined) return arrived.path === "/" ? homePage() : bare(404);
    if (options.keys && !allowed(match.route.authLevel, arrived, options.keys)) return bare(401);
    if (tooLarge(message)) return bare(413);
    return run(registry, match, arrived, message);
  };
  const running = new Set<ServerResponse>();
  const server = createServer((message, response) => {
    running.add(response);
    response.once("close", () => running.delete(response));
    void serve(answer, settings, message, response);
  });
  // Kestrel keeps idle connections for 130 s; a shorter time here would reset pooled clients.
  server.keepAliveTimeout = 130_000;
  server.listen(options.port ?? settings.port ?? 7071, "127.0.0.1");
  await once(server, "listening");
  return { url: urlOf(server), stop: () => stop(server, running, registry) };
}

async function run(
  registry: Registry,
  match: Match,
  arrived: Arrived,
  message: IncomingMessage,
): Promise<Reply> {
  const body = await readBody(message);
  const name = match.route.fn.metadata.name;
  // Azure's load balancers end an HTTP request after 230 s, whatever functionTimeout says.
  const late = setTimeout(() => {
    log("warning", `${name}: past 230 s, Azure would have cut this request off`);
  }, 230_000);
  try {
    return toReply(await invoke(registry, match.route, toHttpData(arrived, match.params, body)));
  } catch (error) {
    log("error", `${name}: ${error instanceof Error ? error.stack : String(error)}`);
    return bare(500);
  } finally {
    clearTimeout(late);
  }
}

async function serve(
  answer: (message: IncomingMessage) => Promise<Reply>,
  settings: Settings,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    send(response, await answer(message), settings.customHeaders);
    // What the function did not read is thrown away, so that the connection stays usable.
    message.resume();
  } catch (error) {
    // The caller left in the middle of its body, or the function named a header no one may send.
    log("error", error instanceof Error ? error.message : String(error));
    if (response.headersSent) {
      response.destroy();
      return;
    }
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    send(response, bare(500), settings.customHeaders);
  }
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return `http://${address.address}:${address.port}`;
}

async function stop(
  server: Server,
  running: ReadonlySet<ServerResponse>,
  registry: Registry,
): Promise<void> {
  server.close();
  const ends = [...running].map((response) => once(response, "close"));
  await Promise.race([Promise.all(ends), wait(5000, undefined, { ref: false })]);
  server.closeAllConnections();
  await runHooks(registry, "appTerminate", { hookData: {}, appHookData: registry.appHookData });
}
