/** Runs inside the host that check.test.ts furnishes: the run that docs/check.md shows. */
import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { sheets } from "../../lib/facts/index.ts";
import { check } from "../../lib/probes/check.ts";
import { text } from "../../lib/surfaces/text.ts";
import { ask, localEdge } from "../asking.ts";
import { a, reply, scriptedDns } from "../servers/scripted-dns.ts";
import { tdsServer } from "../servers/tds.ts";

test("the database moved, and a line of the hosts file did not", async () => {
  await scriptedDns(
    (heard) => reply(heard, { answers: heard.type === "A" ? [a(heard.name, "10.20.1.5")] : [] }),
    { host: "10.9.8.7", port: 53 },
  );
  await tdsServer({}, "10.20.1.5", 1433);
  const edge = localEdge(
    { SONDE_LOCAL_HOST: "1", SONDE_TARGETS: "@private" },
    "nameserver 10.9.8.7\n",
  );
  const target = "Server=tcp:orders.example.test,1433;User ID=app;Password=hunter2";
  const report = await ask(check, [["target", target]], edge);
  expect(report.findings[0]?.code).toBe("tcp.refused");
  await writeFile(process.env["SONDE_TEST_OUTPUT"] ?? "", text.write(report, sheets));
});
