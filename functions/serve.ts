/** The only place that knows Azure Functions: from its request to ours, from our answer to its. */
import { app, type HttpHandler, type HttpMethod, type HttpRequest } from "@azure/functions";
import type { Log } from "../lib/api/answer.ts";
import { makeEdge, type Edge } from "../lib/api/edge.ts";
import type { Answer, Request } from "../lib/api/http.ts";
import { problemAnswer } from "../lib/api/problem.ts";
import { seeWorld } from "./world.ts";

export interface Route {
  readonly name: string;
  readonly route: string;
  readonly methods: readonly HttpMethod[];
  /** Without a key: only for what holds no data. */
  readonly anonymous?: boolean;
  handle(request: Request, edge: Edge, log: Log): Promise<Answer> | Answer;
}

let kept: Edge | undefined;

/** Made at the first request: nothing but registrations happens while the app loads. */
function edge(): Edge {
  return (kept ??= makeEdge(seeWorld()));
}

/** `SONDE_AUTH=key` is the default; Easy Auth and anonymous use open the platform's own gate. */
const keyed = ["", "key"].includes(process.env["SONDE_AUTH"] ?? "");

export function serve({ name, route, methods, anonymous = false, handle }: Route): void {
  const handler: HttpHandler = async (request, context) => {
    try {
      const { status, headers, body } = await handle(read(request), edge(), (line) =>
        context.log(line),
      );
      return { status, headers: { ...headers }, body };
    } catch (error) {
      context.error(error instanceof Error ? (error.stack ?? error.message) : "an unknown error");
      const detail = "a fault of Sonde's own; its log has the details";
      const { status, headers, body } = problemAnswer({
        status: 500,
        code: "sonde.fault",
        title: "Fault",
        detail,
      });
      return { status, headers: { ...headers }, body };
    }
  };
  const authLevel = anonymous || !keyed ? "anonymous" : "function";
  app.http(name, { route, methods: [...methods], authLevel, handler });
}

function read(request: HttpRequest): Request {
  return {
    method: request.method,
    url: request.url,
    headers: [...request.headers],
    text: () => request.text(),
  };
}
