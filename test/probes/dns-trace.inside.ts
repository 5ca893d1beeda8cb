/** Runs inside a tree of names of its own: dns-views.test.ts makes the addresses. */
import { beforeAll, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import { dns } from "../../lib/probes/dns.ts";
import { ask } from "../asking.ts";
import {
  a,
  cname,
  ns,
  reply,
  scriptedDns,
  soa,
  type Heard,
  type Said,
} from "../servers/scripted-dns.ts";

/** Refers to one server of a zone; with glue where an address is given. */
const refer =
  (zone: string, host: string, glue?: string) =>
  (heard: Heard): Said =>
    reply(heard, {
      ra: false,
      authority: [ns(zone, host)],
      additional: glue === undefined ? [] : [a(host, glue)],
    });

const under = (zone: string, heard: Heard) => heard.name.endsWith(`.${zone}`);

beforeAll(async () => {
  // The first of the root hints answers in here.
  await scriptedDns(refer("test.", "ns.test.", "10.9.8.7"), { host: "198.41.0.4", port: 53 });
  await scriptedDns(
    (heard) => {
      if (heard.name === "hosted.test.") {
        const answers = heard.type === "A" ? [a("hosted.test.", "10.9.8.8")] : [];
        return reply(heard, { aa: true, answers });
      }
      if (under("dead.test.", heard))
        return refer("dead.test.", "ns.dead.test.", "10.9.8.9")(heard);
      if (under("trap.test.", heard))
        return refer("trap.test.", "ns.trap.test.", "169.254.169.254")(heard);
      if (under("round.test.", heard)) return refer("test.", "ns.test.", "10.9.8.7")(heard);
      if (under("far.test.", heard)) return refer("far.test.", "hosted.test.")(heard);
      return refer("example.test.", "ns.example.test.", "10.9.8.8")(heard);
    },
    { host: "10.9.8.7", port: 53 },
  );
  await scriptedDns(
    (heard) =>
      heard.name.startsWith("none.")
        ? reply(heard, {
            aa: true,
            rcode: 3,
            authority: [soa("example.test.", "ns.example.test.")],
          })
        : reply(heard, {
            aa: true,
            answers: heard.name.startsWith("alias.")
              ? [cname(heard.name, "a.other.test.")]
              : [a(heard.name, "10.0.0.4")],
          }),
    { host: "10.9.8.8", port: 53 },
  );
});

const tracing = (name: string, more: Pair[] = []) =>
  ask(dns, [["name", name], ["trace", "1"], ["timeoutMs", "600"], ["tries", "1"], ...more]);

test("from the root to the answer, zone by zone, without recursion", async () => {
  const report = await tracing("a.example.test");
  expect(report).toMatchObject({
    verdict: "pass",
    summary: "PASS a.example.test NOERROR 10.0.0.4",
    findings: [],
  });
  expect(report.result["hops"]).toMatchObject([
    { on: ". at 198.41.0.4:53", query: { zone: ".", flags: { rd: true } } },
    { on: "test. at 10.9.8.7:53", query: { zone: "test." } },
    { on: "example.test. at 10.9.8.8:53", query: { addresses: [{ address: "10.0.0.4" }] } },
  ]);
});

test("what is demanded is demanded of the end of the way, and not of the servers on it", async () => {
  const report = await tracing("a.example.test", [["expect.answerClass", "private"]]);
  expect(report.expected).toMatchObject([{ ok: true, on: "example.test. at 10.9.8.8:53" }]);
  expect(report.verdict).toBe("pass");
});

test("an alias that leads out of its zone is all that the zone knows", async () => {
  const report = await tracing("alias.example.test");
  expect(report).toMatchObject({ verdict: "pass", findings: [] });
  expect(report.result["hops"]).toMatchObject([{}, {}, { query: { chain: ["a.other.test."] } }]);
});

test("from a given server downwards", async () => {
  const report = await tracing("a.example.test", [["server", "10.9.8.7"]]);
  expect(report.result["hops"]).toMatchObject([
    { on: ". at 10.9.8.7:53" },
    { on: "example.test. at 10.9.8.8:53" },
  ]);
});

test("a zone whose server is dead: it says where the way ends", async () => {
  const report = await tracing("a.dead.test");
  expect(report.verdict).toBe("fail");
  expect(report.findings[0]).toMatchObject({ code: "dns.trace_stopped" });
  expect(report.findings[0]?.evidence).toContain("dead.test. at 10.9.8.9:53");
});

test("a name that the last zone denies is an answer, and no stop on the way", async () => {
  const report = await tracing("none.example.test");
  expect(report.findings).toMatchObject([{ code: "dns.nxdomain", severity: "fail" }]);
  expect(report.verdict).toBe("fail");
});

test("a referral to an address of the floor is refused, and nothing is sent there", async () => {
  const canary = await scriptedDns((heard) => reply(heard), { host: "169.254.169.254", port: 53 });
  const report = await tracing("a.trap.test");
  expect(report.result["hops"]).toMatchObject([{}, {}, { stopped: { code: "policy.floor" } }]);
  expect(canary.heard).toEqual([]);
});

test("a referral back up leads nowhere: no circles are run", async () => {
  const report = await tracing("a.round.test");
  expect(report.result["hops"]).toMatchObject([{}, { stopped: { code: "dns.lame" } }]);
  expect(report.verdict).toBe("fail");
});

test("a server without glue is looked up as the application would", async () => {
  const report = await tracing("a.far.test");
  expect(report.result["hops"]).toMatchObject([
    {},
    {},
    { on: "far.test. at hosted.test:53", resolve: { addresses: [{ address: "10.9.8.8" }] } },
  ]);
});
