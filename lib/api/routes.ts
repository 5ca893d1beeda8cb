/** What Sonde answers over HTTP: one row, one function. */
import { probes } from "../probes/index.ts";
import { answer } from "./answer.ts";
import type { Log } from "./audit.ts";
import { answerCheck } from "./check.ts";
import { answerCompare } from "./compare.ts";
import { answerDocument, documents } from "./documents.ts";
import type { Edge } from "./edge.ts";
import type { Answer, Request } from "./http.ts";
import { answerMetrics } from "./metrics.ts";
import { answerProbe } from "./probe.ts";
import { answerRender } from "./render.ts";
import { answerSmoke } from "./smoke.ts";
import { answerSuites } from "./suites.ts";

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

export interface Route {
  readonly name: string;
  readonly route: string;
  readonly methods: readonly Method[];
  /** Without a key: only for what holds no data. */
  readonly anonymous: boolean;
  readonly handle: (request: Request, edge: Edge, log: Log) => Promise<Answer> | Answer;
}

const ask: readonly Method[] = ["GET", "POST"];
const every: readonly Method[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export const routes: readonly Route[] = [
  ...probes.map((probe): Route => ({
    name: probe.name,
    route: `api/${probe.name}`,
    methods: probe.name === "echo" ? every : ask,
    anonymous: false,
    handle: (request, edge, log) =>
      probe.name === "check"
        ? answerCheck(probe, request, edge, log)
        : answer(probe, request, edge, log),
  })),
  {
    // At the root, as the exporter has it, and of any method, as its handler takes it.
    name: "probe",
    route: "probe",
    methods: ["GET", "HEAD", "POST"],
    anonymous: false,
    handle: answerProbe,
  },
  {
    name: "metrics",
    route: "api/metrics",
    methods: ["GET"],
    anonymous: false,
    handle: answerMetrics,
  },
  {
    name: "smoke",
    route: "api/smoke",
    methods: ask,
    anonymous: false,
    handle: answerSmoke,
  },
  {
    name: "suites",
    route: "api/suites",
    methods: ask,
    anonymous: false,
    handle: answerSuites,
  },
  {
    name: "render",
    route: "api/render",
    methods: ["POST"],
    anonymous: false,
    handle: answerRender,
  },
  {
    name: "compare",
    route: "api/vantage/compare",
    methods: ["POST"],
    anonymous: false,
    handle: answerCompare,
  },
  ...documents.map((document): Route => ({
    name: document.name,
    route: `api/${document.route ?? document.name}`,
    methods: ["GET"],
    anonymous: document.anonymous,
    handle: (request, edge) => answerDocument(document, request, edge),
  })),
];
