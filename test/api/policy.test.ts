import { expect, test } from "vitest";
import * as z from "zod";
import { answerDocument, documents } from "../../lib/api/documents.ts";
import { localEdge } from "../asking.ts";

const shown = z.looseObject({ rules: z.string(), floor: z.string() });

function policyUnder(targets: string) {
  const document = documents.find(({ name }) => name === "policy");
  if (document === undefined) throw new Error("there is no such document");
  const request = {
    method: "GET",
    url: "http://localhost/api/policy",
    headers: [],
    text: async () => "",
  };
  const edge = localEdge({ SONDE_LOCAL_HOST: "1", SONDE_TARGETS: targets });
  return shown.parse(JSON.parse(answerDocument(document, request, edge).body));
}

test("loopback is told to be closed where no rule opens it, and only there", () => {
  expect(policyUnder("@private @public").floor).toMatch(/^loopback, link-local, .* never probed$/);
  const opened = policyUnder("@private @loopback");
  expect(opened.floor).toMatch(/^link-local, .* never probed; loopback where a rule says so$/);
});
