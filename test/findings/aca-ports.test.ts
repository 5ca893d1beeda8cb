import { expect, test } from "vitest";
import { conclude } from "../../lib/findings/conclude.ts";

const APP = "orders.kindsea-0000.westeurope.azurecontainerapps.io";

test.each([
  [APP, 5432, "connect", true],
  [APP, 36_985, "connect", true],
  [APP, 443, "connect", false],
  [APP, 5432, "handshake", false],
  ["orders.example.test", 5432, "connect", false],
])("%s:%d that stops at %s: %s", (host, port, stage, isDrawn) => {
  const resolve = { host, addresses: [], chain: [], resolver: "system" as const };
  const connect = { address: "10.0.0.4", family: 4 as const, class: "private", port };
  const stopped = { stage, code: "tcp.timeout", message: "no answer" };
  const found = conclude([{ facts: { resolve, connect }, depth: 1, stopped }]);
  const told = found.filter(({ code }) => code === "tcp.container_app_port");
  expect(told).toHaveLength(isDrawn ? 1 : 0);
  if (port === 36_985) expect(told[0]?.evidence).toContain("keeps for itself");
});
