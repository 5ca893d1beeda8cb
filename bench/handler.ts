/**
 * Sonde's own handler on a bare `node:http` server: what the probes cost without the Functions library.
 * Listens on 127.0.0.1:$PORT and writes its audit log to standard error, as the local host does.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { text } from "node:stream/consumers";
import { seeWorld } from "../lib/world.ts";
import { answer } from "../lib/api/answer.ts";
import type { Log } from "../lib/api/audit.ts";
import { makeEdge } from "../lib/api/edge.ts";
import type { Answer, Request } from "../lib/api/http.ts";
import { answerProbe } from "../lib/api/probe.ts";
import { answerSmoke } from "../lib/api/smoke.ts";
import { probes } from "../lib/probes/index.ts";

const read = (path: string) => readFileSync(path);
const modules = { name: "MODULES", text: process.env["MODULES"], read };
const edge = makeEdge({ ...seeWorld(process.env), modules });

type Handle = (request: Request, log: Log) => Promise<Answer>;

const byPath = new Map<string, Handle>([
  ...probes.map((probe): [string, Handle] => [
    `/api/${probe.name}`,
    (request, log) => answer(probe, request, edge, log),
  ]),
  ["/probe", (request, log) => answerProbe(request, edge, log)],
  ["/api/smoke", (request, log) => answerSmoke(request, edge, log)],
]);
const delays = monitorEventLoopDelay({ resolution: 10 });
delays.enable();

async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "GET", url = "/", headers } = message;
  const cut = url.indexOf("?");
  const handle = byPath.get(cut < 0 ? url : url.slice(0, cut));
  if (handle === undefined) return void response.end(JSON.stringify(vitals()));
  const request = {
    method,
    url: `http://${headers.host}${url}`,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as const),
    text: () => text(message),
  };
  const said = await handle(request, (line) => void process.stderr.write(`${line}\n`));
  response.writeHead(said.status, said.headers).end(said.body);
}

/** What must come back to where it was when nothing is under way. */
function vitals() {
  // Twice: what the first one finalises is only freed by the second.
  globalThis.gc?.();
  globalThis.gc?.();
  const loopMs = delays.percentile(99) / 1e6;
  return {
    descriptors: readdirSync("/proc/self/fd").length,
    resources: process.getActiveResourcesInfo().toSorted(),
    heapMegabytes: process.memoryUsage().heapUsed / 2 ** 20,
    loopMs,
  };
}

process.once("SIGTERM", () => process.exit(0));
createServer((message, response) => {
  serve(message, response).catch((error: unknown) => {
    console.error(error);
    response.writeHead(500).end();
  });
}).listen(Number(process.env["PORT"]), "127.0.0.1");
