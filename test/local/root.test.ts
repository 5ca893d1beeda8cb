import { expect, test } from "vitest";
import { layOut } from "./fixture.ts";
import { spawnHost } from "./spawn.ts";

test("with an empty prefix a function of its own can take /, by an optional that fits nothing", async () => {
  await using app = await layOut({
    app: "root",
    host: { version: "2.0", extensions: { http: { routePrefix: "" } } },
  });
  const host = await spawnHost({ root: app.root });
  try {
    expect(await (await fetch(`${host.url}/`)).text()).toBe("page");
    expect(await (await fetch(`${host.url}/api/deep`)).text()).toBe("deep");
    expect((await fetch(`${host.url}/x`)).status).toBe(404);
  } finally {
    await host.stop();
  }
});
