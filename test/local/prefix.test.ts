/** A path prefix and a domain of one's own in front: with a gateway that keeps the prefix, and one that strips it. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { spawnHost, type SpawnedHost } from "./spawn.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
let host: SpawnedHost;

beforeAll(async () => {
  host = await spawnHost({ root, env: { SONDE_PATH_PREFIX: "/tools/sonde/" } });
});
afterAll(() => host.stop());

test.each(["/tools/sonde", ""])(
  "probes, documents and the page answer below %s/",
  async (prefix) => {
    for (const path of ["api/echo", "api/health", "api/openapi.json", "ui", "api/vantage"]) {
      expect((await fetch(`${host.url}${prefix}/${path}`)).status, path).toBe(200);
    }
    expect((await fetch(`${host.url}${prefix}/other/api/health`)).status).toBe(404);
  },
);

test("the page asks below the path it was loaded from", async () => {
  const page = await (await fetch(`${host.url}/tools/sonde/ui`)).text();
  expect(page).not.toMatch(/(?:src|href|action)="\//);
});

test("what is no path closes everything, and says so", async () => {
  const closed = await spawnHost({ root, env: { SONDE_PATH_PREFIX: "/{any}" } });
  try {
    const answer = await fetch(`${closed.url}/api/echo`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain("SONDE_PATH_PREFIX");
  } finally {
    await closed.stop();
  }
});
