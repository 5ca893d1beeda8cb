import { expect, test } from "vitest";
import { routes } from "../../lib/api/routes.ts";
import { localEdge } from "../asking.ts";

test.each(["check", "tcp", "smoke", "suites", "render", "compare", "probe"])(
  "what %s turns away is written down and counted",
  async (name) => {
    const edge = localEdge();
    const lines: string[] = [];
    const request = {
      method: "POST",
      url: `http://localhost/api/${name}`,
      headers: [["sec-fetch-site", "cross-site"]] as const,
      text: async () => "",
    };
    const route = routes.find((one) => one.name === name);
    const answer = await route?.handle(request, edge, (line) => lines.push(line));
    expect(answer?.status).toBe(403);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { caller: expect.stringMatching(/^from:/), status: 403, code: "request.cross_site" },
    ]);
    expect(edge.meters.read().refused).toEqual([{ code: "request.cross_site", count: 1 }]);
  },
);

test("a suite that is not known leaves one line, of its refusal", async () => {
  const lines: string[] = [];
  const request = {
    method: "GET",
    url: "http://localhost/api/suites?suite=nothere",
    headers: [],
    text: async () => "",
  };
  const route = routes.find((one) => one.name === "suites");
  await route?.handle(request, localEdge(), (line) => lines.push(line));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { status: 400, suite: "nothere", code: "request.invalid" },
  ]);
});
