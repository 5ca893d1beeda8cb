/**
 * The OpenAPI 3.1 document: everything in it is read out of the probes, the sheets and the report,
 * so that it cannot say anything else than the product does. It holds nothing about the app.
 */
import { probes } from "../probes/index.ts";
import type { Document } from "./documents.ts";
import { askedBy, sentTo } from "./openapi/check.ts";
import { compareOperations } from "./openapi/compare.ts";
import { sharedParameters, type Operation } from "./openapi/operations.ts";
import { reportResponses } from "./openapi/reports.ts";
import { headers, problemResponses, problemsOf } from "./openapi/responses.ts";
import { metricsOperations, scrapeOperations } from "./openapi/scrapes.ts";
import { renderOperations, smokeOperations, suitesOperations } from "./openapi/suites.ts";
import { probeSchemas, sharedSchemas } from "./openapi/schemas.ts";

type Operations = Readonly<Record<string, Operation>>;

/** The whole document. Costly, and always the same: whoever serves it keeps what it wrote. */
export function openapi(documents: readonly Document[]) {
  const own = probes.map((probe) => ({ ...probeSchemas(probe), ...sentTo(probe) }));
  const asked = probes.map((one): [string, Operations] => [`/api/${one.name}`, askedBy(one)]);
  const suites: [string, Operations][] = [
    ["/probe", scrapeOperations()],
    ["/api/metrics", metricsOperations()],
    ["/api/smoke", smokeOperations()],
    ["/api/suites", suitesOperations()],
    ["/api/render", renderOperations()],
    ["/api/vantage/compare", compareOperations()],
  ];
  const told = documents.map((one): [string, Operations] => [
    `/api/${one.route ?? one.name}`,
    tell(one),
  ]);
  return {
    openapi: "3.1.1",
    info: {
      title: "Sonde",
      version: "1",
      summary: "Network diagnostics from where the application runs",
      description:
        "Measuring is a 200, whatever was measured: the verdict is in the report and in the `Sonde-Verdict` header. What was expected by `expect.*` and does not hold is a 424.",
      license: { name: "MIT", identifier: "MIT" },
    },
    // Relative to this document, which stands one level below the paths, whatever prefix is in front.
    servers: [{ url: ".." }],
    tags: [
      { name: "probes", description: "Questions about the network" },
      { name: "documents", description: "What Sonde says of itself" },
    ],
    security: [{ functionKey: [] }],
    paths: Object.fromEntries([...asked, ...suites, ...told]),
    components: {
      securitySchemes: {
        functionKey: {
          type: "apiKey",
          in: "header",
          name: "x-functions-key",
          description:
            "Checked by the Functions host where SONDE_AUTH is `key`, the default; elsewhere none is needed",
        },
      },
      parameters: sharedParameters(probes),
      headers,
      responses: merged(problemResponses(), probes.map(reportResponses)),
      schemas: merged(sharedSchemas(), own),
    },
  };
}

function merged<X>(first: Record<string, X>, more: readonly Record<string, X>[]) {
  return more.reduce((all, one) => ({ ...all, ...one }), first);
}

function tell(document: Document): Operations {
  const { name, summary, anonymous, always } = document;
  const content = { "application/json": { schema: { type: "object" } } };
  const closed = always === true ? [] : ([410, 421, 503, 508] as const);
  const get: Operation = {
    operationId: name,
    tags: ["documents"],
    summary,
    ...(anonymous ? { security: [] } : {}),
    responses: {
      200: { description: summary, content },
      ...(anonymous ? {} : problemsOf(401, 403)),
      ...problemsOf(...closed, 500),
    },
  };
  return { get };
}
