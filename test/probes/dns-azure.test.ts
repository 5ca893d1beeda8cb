/** What is concluded of names and servers that only Azure has. */
import { expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import { dns } from "../../lib/probes/dns.ts";
import { ask, localEdge } from "../asking.ts";
import { a, reply, scriptedDns, type Heard } from "../servers/scripted-dns.ts";

async function drawn(answer: (heard: Heard) => Buffer, name: string): Promise<string[]> {
  const { port } = await scriptedDns(answer);
  const { findings } = await ask(dns, [
    ["name", name],
    ["server", `127.0.0.1:${port}`],
  ]);
  return findings.map((one) => `${one.severity} ${one.code}`);
}

test("an app's internal name is told from an environment without its zone", async () => {
  const unknown = (heard: Heard) => reply(heard, { rcode: 3 });
  const inside = "app.internal.blue-1.westeurope.azurecontainerapps.io";
  expect(await drawn(unknown, inside)).toContain("warn dns.container_apps_internal");
  expect(await drawn(unknown, inside)).not.toContain("warn dns.container_apps_zone");
  const outside = "app.blue-1.westeurope.azurecontainerapps.io";
  expect(await drawn(unknown, outside)).toContain("warn dns.container_apps_zone");
  expect(await drawn(unknown, outside)).not.toContain("warn dns.container_apps_internal");
  const domain = "blue-1.westeurope.azurecontainerapps.io";
  expect(await drawn(unknown, domain)).not.toContain("warn dns.container_apps_zone");
  const there = (heard: Heard) => reply(heard, { answers: [a(heard.name, "10.0.0.4")] });
  for (const name of [inside, outside]) expect(await drawn(there, name)).toEqual([]);
});

test("a second opinion is refused by the policy where it must be, and never asked", async () => {
  const edge = localEdge({ SONDE_LOCAL_HOST: "1", SONDE_TARGETS: "!168.63.129.16/32 @loopback" });
  const { port } = await scriptedDns((heard) =>
    reply(heard, { answers: [a(heard.name, "10.0.0.4")] }),
  );
  const pairs: Pair[] = [
    ["name", "a.example.test"],
    ["azure", "1"],
    ["server", `127.0.0.1:${port}`],
  ];
  const report = await ask(dns, pairs, edge);
  expect(report.result["servers"]).toMatchObject([
    { query: {} },
    { on: "168.63.129.16:53", stopped: { code: "policy.denied" } },
  ]);
});
