import * as z from "zod";
import { expect, test } from "vitest";
import { layOut } from "./fixture.ts";
import { runMain, spawnHost } from "./spawn.ts";

const environment = z.record(z.string(), z.string());

async function environmentOf(url: string) {
  return environment.parse(await (await fetch(`${url}/api/environment`)).json());
}

const settings = {
  IsEncrypted: false,
  Values: { FROM_FILE: "file", FROM_BOTH: "file", SONDE_TARGETS: "" },
  Host: { LocalHttpPort: 1, CORS: "*" },
};

test("Values become variables before the app registers; the shell's own win", async () => {
  await using app = await layOut({ settings });
  const host = await spawnHost({ root: app.root, env: { FROM_BOTH: "shell" } });
  try {
    const seen = await environmentOf(host.url);
    expect(seen).toMatchObject({
      FROM_FILE: "file",
      FROM_BOTH: "shell",
      AZURE_FUNCTIONS_ENVIRONMENT: "Development",
      FUNCTIONS_WORKER_RUNTIME: "node",
      SONDE_LOCAL_HOST: "1",
      SONDE_TARGETS: "@private @public @loopback",
    });
    expect(Object.keys(seen).filter((name) => name.startsWith("FUNCTIONS_CORETOOLS"))).toEqual([]);
  } finally {
    await host.stop();
  }
});

test("targets that somebody chose stay as they are", async () => {
  await using app = await layOut({ settings });
  const host = await spawnHost({ root: app.root, env: { SONDE_TARGETS: "10.0.0.0/8" } });
  try {
    expect((await environmentOf(host.url))["SONDE_TARGETS"]).toBe("10.0.0.0/8");
  } finally {
    await host.stop();
  }
});

test("without --port the port is Host.LocalHttpPort", async () => {
  await using taken = await layOut();
  const other = await spawnHost({ root: taken.root });
  try {
    const port = Number(new URL(other.url).port);
    await using app = await layOut({ settings: { Host: { LocalHttpPort: port } } });
    const { code, err } = await runMain({ root: app.root });
    expect([code, err]).toEqual([1, expect.stringContaining(`127.0.0.1:${port}: try --port 0`)]);
  } finally {
    await other.stop();
  }
});

test("encrypted settings are refused, not misread", async () => {
  await using app = await layOut({ settings: { IsEncrypted: true, Values: {} } });
  const { code, err } = await runMain({ root: app.root });
  expect([code, err]).toEqual([1, expect.stringContaining("is encrypted")]);
});
