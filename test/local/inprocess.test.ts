import { expect, test } from "vitest";
import { startHost } from "../../local/host/host.ts";
import { layOut } from "./fixture.ts";
import { see } from "./seen.ts";

test("a process can serve one app itself, and refuses a second", async () => {
  await using app = await layOut();
  const host = await startHost({ root: app.root, port: 0, env: { SONDE_TARGETS: "10.0.0.0/8" } });
  try {
    expect((await see(`${host.url}/api/see?x=1`)).query).toEqual([["x", "1"]]);
    const environment = await (await fetch(`${host.url}/api/environment`)).json();
    expect(environment).toMatchObject({ SONDE_TARGETS: "10.0.0.0/8", SONDE_LOCAL_HOST: "1" });
    await expect(startHost({ root: app.root, port: 0 })).rejects.toThrow(/already loaded/);
  } finally {
    await host.stop();
  }
});
