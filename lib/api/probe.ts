/** `/probe`: what a Prometheus server scrapes as it would blackbox_exporter. */
import { inlineModule, inlineNames } from "../blackbox/inline.ts";
import type { Module } from "../blackbox/module.ts";
import { scrape, type Scraped } from "../blackbox/scrape.ts";
import { contentType as exposition } from "../surfaces/exposition.ts";
import { tooMany } from "./ask.ts";
import { audit, type Log } from "./audit.ts";
import type { Edge } from "./edge.ts";
import { refuseCrossSite, refuseEntry } from "./gate.ts";
import { guarded, headerOf, ofTheHost, queryOf, type Answer, type Request } from "./http.ts";
import { nearest, suggest } from "../nearest.ts";
import { badInput, policyProblem, type Problem, type Refused } from "./problem.ts";
import { timeoutOf } from "./scrape-timeout.ts";

const DEFAULT_MODULE = "http_2xx";

const ofTheExporter = ["module", "target", "hostname", "debug"];

interface Ready {
  readonly module: Module;
  readonly target: string;
  readonly hostname: string | undefined;
  readonly timeoutMs: number;
  readonly debug: boolean;
}

/** Answers a scrape. Rejects only for a bug of ours. */
export async function answerProbe(request: Request, edge: Edge, log: Log): Promise<Answer> {
  const { caller, note, refuse } = audit({ event: "scrape" }, request, edge, log);
  const closed = refuseEntry(edge, request) ?? refuseCrossSite(request);
  if (closed !== undefined) return refuse(closed);
  const ready = await read(request, edge);
  if ("problem" in ready) return refuse(ready.problem);
  const entry = edge.quotas.enter(caller, "scrape");
  if (!("leave" in entry)) return refuse(tooMany(entry));
  try {
    const { method, url, headers } = request;
    const scraped = await scrape(ready.module, ready, edge.hereFor({ method, url, headers }));
    const facts = {
      module: ready.module.name,
      target: placeIn(ready.target),
      success: scraped.success,
    };
    const problem = refusalOf(scraped);
    if (problem !== undefined) return refuse(problem, facts);
    edge.meters.run("probe", verdictOf(scraped), scraped.timing);
    note(200, { ...facts, code: scraped.failure?.code });
    return await written(scraped, ready.debug);
  } finally {
    entry.leave();
  }
}

async function written(scraped: Scraped, debug: boolean): Promise<Answer> {
  const contentType = debug ? "text/plain; charset=utf-8" : exposition;
  const headers = {
    ...guarded,
    "content-type": contentType,
    "sonde-verdict": verdictOf(scraped),
  };
  return { status: 200, headers, body: debug ? await scraped.debug() : scraped.metrics() };
}

function verdictOf({ success }: Scraped): "pass" | "fail" {
  return success ? "pass" : "fail";
}

/** Whom it connected to, for the log: no path, no query, no credentials. */
function placeIn(target: string): string {
  return /^(?:[a-z][\w+.-]*:\/\/)?(?:[^/?#]*@)?([^/?#]*)/i.exec(target)?.[1] ?? "";
}

/** Refused before anything was sent: the scraper's news, and no failure of the target. */
function refusalOf({ refusal }: Scraped): Problem | undefined {
  if (refusal === undefined) return undefined;
  const { code, message } = refusal;
  if (code === "sonde.busy") return tooMany({ retryAfter: 1, because: message });
  return policyProblem(refusal);
}

/** In the exporter's order: module, timeout, target, host name. What it does not know comes last. */
async function read(request: Request, edge: Edge): Promise<Ready | Refused> {
  const query = queryOf(request);
  const module = await moduleOf(query, edge);
  if ("problem" in module) return module;
  const timeoutMs = timeoutOf(headerOf(request, "x-prometheus-scrape-timeout-seconds"), module);
  if (typeof timeoutMs !== "number") return timeoutMs;
  const target = query.get("target") ?? "";
  if (target === "") return { problem: badInput("target", "Target parameter is missing") };
  const hostname = query.get("hostname") || undefined;
  const wrong = wrongHost(hostname, module) ?? strangeIn(query);
  if (wrong !== undefined) return { problem: wrong };
  return { module, target, hostname, timeoutMs, debug: query.get("debug") === "true" };
}

/** A host name becomes a header, and a header's value is one line; a module may have its own. */
function wrongHost(hostname: string | undefined, module: Module): Problem | undefined {
  if (hostname === undefined) return undefined;
  if (!/^[\w.:[\]-]{1,255}$/.test(hostname)) return badInput("hostname", "a host name is needed");
  const { prober, hostHeader = hostname } = module;
  if (prober !== "http" || hostHeader === hostname) return undefined;
  const detail = `hostname is ${hostname}, and the module's own Host header is ${hostHeader}`;
  return badInput("hostname", detail);
}

async function moduleOf(query: URLSearchParams, edge: Edge): Promise<Module | Refused> {
  const named = query.get("module") ?? "";
  const inline = [...query].filter(([name]) => inlineNames.includes(name));
  if (inline.length > 0) return inlineOf(named, inline);
  const name = named === "" ? DEFAULT_MODULE : named;
  const found = await edge.modules.find(name);
  if ("module" in found) return found.module;
  if ("closed" in found) {
    const title = "The modules cannot be read";
    return { problem: { status: 503, code: "sonde.modules", title, detail: found.closed } };
  }
  if ("refused" in found) {
    return { problem: badInput("module", `Module "${name}" is refused: ${found.refused}`) };
  }
  edge.meters.unknownModule();
  const near = nearest(name, found.unknown);
  return { problem: badInput("module", `Unknown module "${name}"`, near) };
}

async function inlineOf(
  named: string,
  options: readonly [string, string][],
): Promise<Module | Refused> {
  const [[first] = [""]] = options;
  if (named !== "") {
    const detail = `${first} is for a query without a module: ${named} has its own options`;
    return { problem: badInput(first, detail) };
  }
  const module = await inlineModule(options);
  return "wrong" in module ? { problem: badInput(module.parameter, module.wrong) } : module;
}

/** A misspelt parameter would scrape something else than what was meant. */
function strangeIn(query: URLSearchParams): Problem | undefined {
  const known = [...ofTheExporter, ...inlineNames];
  const strange = [...query.keys()].find((name) => !known.includes(name) && !ofTheHost.has(name));
  if (strange === undefined) return undefined;
  const { near, hint } = suggest(strange, known);
  return badInput(strange, `the parameter ${strange} is not known: ${hint}`, near);
}
