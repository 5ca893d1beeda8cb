/** Suites as operations: what is asked is a document of its own, and what comes back one report. */
import { suiteSchema } from "../../suite/document.ts";
import { surfaces } from "../../surfaces/index.ts";
import { render } from "../render.ts";
import { smoke } from "../suite.ts";
import { suites } from "../suites.ts";
import { parametersOf, type Operation } from "./operations.ts";
import { headersOf, problemsOf } from "./responses.ts";
import { refTo } from "./schemas.ts";

/** `/api/smoke`. */
export function smokeOperations(): { readonly get: Operation; readonly post: Operation } {
  const { $schema: _dialect, ...suite } = { $schema: undefined, ...suiteSchema() };
  const example = { version: 1, checks: ["http://127.0.0.1:7071/api/health"] };
  const responses = {
    200: shown("Every check holds, or only warns"),
    424: shown("A check failed; with `fail` the same is 500, 502, 503, 504 or 200"),
    ...problemsOf(400, 401, 403, 410, 421, 429, 500, 503, 508),
  };
  const parameters = parametersOf(smoke);
  const both = {
    tags: ["probes"],
    summary: "Smoke checks",
    description: smoke.summary,
    parameters,
  };
  return {
    get: { operationId: "smoke", ...both, responses },
    post: {
      operationId: "smokePost",
      ...both,
      requestBody: {
        required: false,
        content: {
          "application/json": { schema: suite, example },
          "application/yaml": { schema: suite, example },
          "text/plain": { schema: { type: "string", description: "A target a line" } },
        },
      },
      responses: { ...responses, ...problemsOf(413, 415) },
    },
  };
}

/** `/api/suites`. */
export function suitesOperations(): { readonly get: Operation; readonly post: Operation } {
  const settings = { type: "array", items: { type: "object" } };
  const listed = { type: "object", description: "`suites`; with a name the suite itself" };
  const content = { "application/json": { schema: listed } };
  const responses = {
    200: {
      description: "The suites there are, or the one that was named or posted, not run",
      content,
    },
    ...problemsOf(400, 401, 403, 410, 421, 500, 503, 508),
  };
  const parameters = parametersOf(suites);
  const both = { tags: ["documents"], summary: "Suites by name", description: suites.summary };
  const asked = {
    type: "object",
    properties: {
      suite: { type: "string" },
      token: { type: "boolean" },
      appsettings: {
        ...settings,
        description: "Of another app; of each only host and port are read",
      },
    },
  };
  return {
    get: { operationId: "suites", ...both, parameters, responses },
    post: {
      operationId: "suitesPost",
      ...both,
      parameters,
      requestBody: {
        required: false,
        content: {
          "application/json": {
            schema: { anyOf: [asked, { ...settings, description: "The settings by themselves" }] },
          },
          "application/yaml": {
            schema: { type: "object", description: "A suite, read and not run" },
          },
          "text/plain": {
            schema: { type: "string", description: "A target a line, read and not run" },
          },
        },
      },
      responses: { ...responses, ...problemsOf(413, 415) },
    },
  };
}

/** `/api/render`. */
export function renderOperations(): { readonly post: Operation } {
  const saved = { type: "object", description: "A report as it was answered" };
  const schema = {
    anyOf: [
      saved,
      { type: "array", items: saved },
      {
        type: "object",
        properties: { reports: { type: "array", items: saved }, baseline: saved },
        required: ["reports"],
      },
    ],
  };
  const post: Operation = {
    operationId: "render",
    tags: ["probes"],
    summary: "Saved reports in another format",
    description:
      "Several become one, with a test suite for each vantage; with a baseline only what differs is left",
    parameters: parametersOf(render),
    requestBody: { required: true, content: { "application/json": { schema } } },
    responses: {
      200: shown("The reports, whatever they say"),
      424: shown("Something is worse than in the baseline"),
      ...problemsOf(400, 401, 403, 410, 413, 415, 421, 500, 503, 508),
    },
  };
  return { post };
}

function shown(description: string): object {
  const content = surfaces.map(({ contentType }): [string, object] => {
    const [type = contentType] = contentType.split(";");
    const schema = type === "application/json" ? refTo("SuiteReport") : { type: "string" };
    return [type, { schema }];
  });
  return {
    description,
    headers: headersOf("Sonde-Verdict", "Sonde-Run"),
    content: Object.fromEntries(content),
  };
}
