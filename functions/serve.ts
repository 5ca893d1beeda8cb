/** The only place that knows Azure Functions: from its request to ours, from our answer to its. */
import { app, type HttpHandler, type HttpRequest, type HttpResponseInit } from "@azure/functions";
import { makeEdge, type Edge } from "../lib/api/edge.ts";
import type { Answer, Request } from "../lib/api/http.ts";
import { problemAnswer } from "../lib/api/problem.ts";
import type { Route } from "../lib/api/routes.ts";
import { seeWorld } from "../lib/world.ts";
import { moduleFile } from "./modules.ts";
import { suiteFiles } from "./suites.ts";

let kept: Edge | undefined;

/** Made at the first request: nothing but registrations happens while the app loads. */
function edge(): Edge {
  return (kept ??= makeEdge({
    ...seeWorld(process.env),
    modules: moduleFile(),
    suiteFiles: suiteFiles(),
  }));
}

/** `SONDE_AUTH=key` is the default; Easy Auth and anonymous use open the platform's own gate. */
const keyed = ["", "key"].includes(process.env["SONDE_AUTH"] ?? "");

const fault = problemAnswer({
  status: 500,
  code: "sonde.fault",
  title: "Fault",
  detail: "a fault of Sonde's own; its log has the details",
});

/** An answer of the API, or bytes that were made before. */
export type Served = Omit<Answer, "body"> & { readonly body: string | Uint8Array<ArrayBuffer> };

export type Servable = Omit<Route, "handle"> & {
  readonly handle: (...given: Parameters<Route["handle"]>) => ReturnType<Route["handle"]> | Served;
};

export function serve({ name, route, methods, anonymous, handle }: Servable): void {
  const handler: HttpHandler = async (request, context) => {
    try {
      return write(await handle(read(request), edge(), (line) => context.log(line)));
    } catch (error) {
      context.error(error instanceof Error ? (error.stack ?? error.message) : "an unknown error");
      return write(fault);
    }
  };
  const authLevel = anonymous || !keyed ? "anonymous" : "function";
  app.http(name, { route, methods: [...methods], authLevel, handler });
}

function write({ status, headers, body }: Served): HttpResponseInit {
  return { status, headers: { ...headers }, body };
}

function read(request: HttpRequest): Request {
  return {
    method: request.method,
    url: request.url,
    headers: [...request.headers],
    text: () => request.text(),
  };
}
