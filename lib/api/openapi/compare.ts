/** `/api/vantage/compare`: what is pasted, and what comes of it. */
import type { Operation } from "./operations.ts";
import { problemsOf } from "./responses.ts";
import { refTo } from "./schemas.ts";

const pasted = { type: "object", description: "As the Azure CLI prints it" };
const settings = { type: "array", items: pasted };
/** What is pasted. */
const schema = {
  anyOf: [
    settings,
    {
      type: "object",
      properties: { webapp: pasted, config: pasted, appsettings: settings },
      description: "One output of the Azure CLI, or several by name",
    },
  ],
};

/** What comes of it. */
const answered = {
  type: "object",
  properties: {
    represents: refTo("Represents"),
    aspects: {
      type: "array",
      items: {
        type: "object",
        properties: {
          aspect: { type: "string" },
          verdict: { enum: ["same", "differs", "unknown"] },
          here: { type: "string" },
          there: { type: "string" },
        },
        required: ["aspect", "verdict"],
      },
      description: "Each aspect with what either side says of it",
    },
    beside: { type: "string", description: "A value for SONDE_BESIDE that keeps the comparison" },
    kept: { type: "object", description: "All that was read of the body; nothing is stored" },
  },
  required: ["represents", "aspects", "beside", "kept"],
};

export function compareOperations(): { readonly post: Operation } {
  const post: Operation = {
    operationId: "compare",
    tags: ["probes"],
    summary: "Compare the network settings of another app",
    description:
      "Takes az webapp show, az webapp config show and az webapp config appsettings list; keeps network settings alone",
    parameters: [
      {
        name: "format",
        in: "query",
        description: "`text` for a person; Accept decides otherwise",
        schema: { enum: ["json", "text"] },
      },
    ],
    requestBody: { required: true, content: { "application/json": { schema } } },
    responses: {
      200: {
        description: "For whom this place stands, and how far",
        content: {
          "application/json": { schema: answered },
          "text/plain": { schema: { type: "string" } },
        },
      },
      ...problemsOf(400, 401, 403, 410, 413, 415, 421, 500, 503, 508),
    },
  };
  return { post };
}
