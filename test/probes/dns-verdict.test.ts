/** What a no comes down to where the caller demands one. */
import { expect, test } from "vitest";
import { dns } from "../../lib/probes/dns.ts";
import { ask } from "../asking.ts";
import { reply, scriptedDns, type Heard } from "../servers/scripted-dns.ts";

const NAME = "a.example.test";

type Script = (heard: Heard) => Buffer;

async function asking(script: Script, rcode: string) {
  const { port } = await scriptedDns(script);
  return ask(dns, [
    ["name", NAME],
    ["server", `127.0.0.1:${port}`],
    ["control", "0"],
    ["expect.rcode", rcode],
  ]);
}

const no =
  (rcode: number): Script =>
  (heard) =>
    reply(heard, { aa: true, rcode });

test("a no that is expected passes, and only that no", async () => {
  const missing = await asking(no(3), "NXDOMAIN");
  expect(missing).toMatchObject({ verdict: "pass", summary: `PASS ${NAME} NXDOMAIN` });
  expect(missing.findings).toMatchObject([{ code: "dns.nxdomain", severity: "info" }]);
  expect(await asking(no(5), "refused,nxdomain")).toMatchObject({ verdict: "pass" });
  expect(await asking(no(3), "NOERROR")).toMatchObject({ verdict: "fail" });
  // NOERROR without data: the code is as demanded, and the record is missing all the same.
  expect(await asking(no(0), "NOERROR")).toMatchObject({
    verdict: "fail",
    expected: [{ ok: true }],
    findings: [{ code: "dns.nodata" }],
  });
});
