/** What is deployed: one row, one function. */
import type { HttpMethod } from "@azure/functions";
import { answer } from "../lib/api/answer.ts";
import { answerDocument, documents } from "../lib/api/documents.ts";
import { probes } from "../lib/probes/index.ts";
import { serve } from "./serve.ts";

const ask: readonly HttpMethod[] = ["GET", "POST"];
const every: readonly HttpMethod[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

for (const probe of probes) {
  serve({
    name: probe.name,
    route: `api/${probe.name}`,
    methods: probe.name === "echo" ? every : ask,
    handle: (request, edge, log) => answer(probe, request, edge, log),
  });
}

for (const document of documents) {
  serve({
    name: document.name,
    route: `api/${document.name}`,
    methods: ["GET"],
    anonymous: document.anonymous,
    handle: (request, edge) => answerDocument(document, request, edge),
  });
}
