/** What a Prometheus server asks: text of its own format, whatever was measured. */
import { inlineNames, inlineProbers } from "../../blackbox/inline.ts";
import type { Operation, Parameter } from "./operations.ts";
import { headersOf, problemsOf } from "./responses.ts";

const text = (description: string) => ({
  description,
  headers: headersOf("Sonde-Verdict"),
  content: { "text/plain": { schema: { type: "string" } } },
});

const own: readonly (readonly [name: string, description: string, schema?: object])[] = [
  ["target", "What is probed, as the module's prober takes it"],
  ["module", "A module of blackbox.yml, or of the exporter's own where there is no such file"],
  ["hostname", "The Host of an HTTP request, and the name that TLS is for"],
  ["debug", "true: what was done, what would be counted and the module, as text"],
  ["prober", "Instead of a module, with options of it", { type: "string", enum: inlineProbers }],
];

/** `/probe`. */
export function scrapeOperations(): { readonly get: Operation } {
  const named = own.map(([name, description, schema = { type: "string" }]): Parameter => {
    const shown = name === "target" ? { example: "127.0.0.1:7071/api/health" } : {};
    return { name, in: "query", description, required: name === "target", schema, ...shown };
  });
  const options = inlineNames
    .filter((name) => name !== "prober")
    .map((name): Parameter => {
      const description = `The option ${name} of a module, for a query with prober`;
      return { name, in: "query", description, required: false, schema: { type: "string" } };
    });
  const get: Operation = {
    operationId: "probe",
    tags: ["probes"],
    summary: "Prometheus scrape",
    description: "Answers as blackbox_exporter does: 200 also when the probe failed.",
    parameters: [...named, ...options],
    responses: {
      200: text("What was counted, in the text format 0.0.4"),
      ...problemsOf(400, 401, 403, 410, 421, 429, 500, 503, 508),
    },
  };
  return { get };
}

/** `/api/metrics`. */
export function metricsOperations(): { readonly get: Operation } {
  const get: Operation = {
    operationId: "metrics",
    tags: ["documents"],
    summary: "What this instance has done since it started, for Prometheus.",
    responses: {
      200: { ...text("Counters and gauges, in the text format 0.0.4"), headers: {} },
      ...problemsOf(401, 403, 410, 421, 500, 503, 508),
    },
  };
  return { get };
}
