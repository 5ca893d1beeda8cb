/** `/api/vantage/compare`: what is pasted, and what comes of it. */
import type { Operation } from "./operations.ts";
import { problemsOf } from "./responses.ts";
import { refTo } from "./schemas.ts";

export function compareOperations(): { readonly post: Operation } {
  const pasted = { type: "object", description: "As the Azure CLI prints it" };
  const settings = { type: "array", items: pasted };
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
  const answered = {
    type: "object",
    properties: {
      represents: refTo("Represents"),
      beside: { type: "string", description: "A value for SONDE_BESIDE that keeps the comparison" },
      kept: { type: "object", description: "All that was read of the body; nothing is stored" },
    },
    required: ["represents", "beside", "kept"],
  };
  const post: Operation = {
    operationId: "compare",
    tags: ["probes"],
    summary: "Compare the network settings of another app",
    description:
      "Takes az webapp show, az webapp config show and az webapp config appsettings list; keeps network settings alone",
    requestBody: { required: true, content: { "application/json": { schema } } },
    responses: {
      200: {
        description: "For whom this place stands, and how far",
        content: { "application/json": { schema: answered } },
      },
      ...problemsOf(400, 401, 403, 410, 413, 415, 421, 500, 503, 508),
    },
  };
  return { post };
}
