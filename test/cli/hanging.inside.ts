/** Runs inside the network that run.test.ts makes, where the only name server never answers. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { build } from "./sonde.ts";

test("the deadline counts, and not the patience of the resolver", async () => {
  const server = createSocket("udp4").bind(53, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const sonde = await build();
  const start = performance.now();
  const words = ["tcp", "nowhere.example.test:80", "--timeoutMs", "500", "--format=short"];
  const ended = await sonde.run(words);
  expect(ended).toEqual({
    code: 1,
    out: expect.stringMatching(/^FAIL dns\.timeout /),
    err: "",
  });
  // Left to itself, an exit waits for getaddrinfo(3): here a minute.
  expect(performance.now() - start).toBeLessThan(15_000);
});
