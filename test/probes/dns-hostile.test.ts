/** Name servers that mean no good: the run ends in time, with the truth or with a no of its own. */
import { createSocket } from "node:dgram";
import { describe, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import { dns } from "../../lib/probes/dns.ts";
import type { Report } from "../../lib/report.ts";
import { ask } from "../asking.ts";
import { message, record, shorts } from "../protocols/dns/build.ts";
import { a, cname, reply, scriptedDns, type Heard, type Said } from "../servers/scripted-dns.ts";

const NAME = "a.example.test.";
const DEADLINE_MS = 1500;

/** What may pass on top of the deadline on a machine that two test files share. */
const SLACK_MS = 700;

type Script = (heard: Heard) => Said | Promise<Said>;

const good = (heard: Heard) => reply(heard, { answers: [a(NAME, "10.0.0.4")] });
const idOf = ({ bytes }: Heard) => bytes.readUInt16BE(0);

async function asking(script: Script, more: Pair[] = [], tcp = true): Promise<Report> {
  const { port } = await scriptedDns(script, { tcp });
  const report = await ask(dns, [
    ["name", NAME],
    ["server", `127.0.0.1:${port}`],
    ["timeoutMs", String(DEADLINE_MS)],
    ["tries", "1"],
    ["control", "0"],
    ...more,
  ]);
  expect(report.ms).toBeLessThan(DEADLINE_MS + SLACK_MS);
  expect(JSON.stringify(report).length).toBeLessThan(256 * 1024);
  return report;
}

const queryOf = ({ result }: Report): Record<string, unknown> => {
  const servers = result["servers"];
  return Array.isArray(servers) ? servers[0].query : {};
};

const leading = async (...asked: Parameters<typeof asking>) =>
  (await asking(...asked)).findings[0]?.code;

describe("forgers", () => {
  test("wrong id: dropped, and silence in the end", async () => {
    const report = await asking((heard) => reply(heard, { id: idOf(heard) ^ 1 }), [], false);
    expect(report.findings[0]?.code).toBe("dns.timeout");
    expect(queryOf(report)["attempts"]).toMatchObject([{ dropped: ["id"] }, {}, {}, {}]);
  });

  test("wrong question", async () => {
    const other: Script = (heard) => {
      const bytes = Buffer.from(good(heard));
      bytes[13] = 0x7a;
      return bytes;
    };
    expect(await leading(other, [], false)).toBe("dns.timeout");
  });

  test("another source: the kernel drops it, and nothing is heard", async () => {
    const stranger = createSocket("udp4");
    // The stranger learns of the question, but not of the port that asked: it can only guess.
    const report = await asking(
      (heard) => {
        for (let guess = 1; guess < 50; guess += 1)
          stranger.send(good(heard), 32_768 + guess, "127.0.0.1");
        return undefined;
      },
      [],
      false,
    );
    stranger.close();
    expect(report.findings[0]?.code).toBe("dns.timeout");
  });

  test("fifty forgeries, then the truth", async () => {
    const report = await asking((heard) => [
      ...Array.from({ length: 50 }, (_, index) => reply(heard, { id: idOf(heard) ^ (index + 1) })),
      good(heard),
    ]);
    expect(queryOf(report)).toMatchObject({ addresses: [{ address: "10.0.0.4" }] });
    expect(report.findings.map(({ code }) => code)).toEqual(["dns.forged"]);
  });

  test("the question echoed back is no answer", async () => {
    expect(await leading((heard) => heard.bytes, [], false)).toBe("dns.timeout");
  });
});

describe("cut answers", () => {
  const cut =
    (over: Script): Script =>
    (heard) =>
      heard.over === "udp" ? reply(heard, { tc: true }) : over(heard);

  test("and TCP works", async () => {
    expect(queryOf(await asking(cut(good)))).toMatchObject({ transport: "tcp", rcode: "NOERROR" });
  });

  test("and TCP is refused", async () => {
    expect(queryOf(await asking(cut(good), [], false))).toMatchObject({ truncated: true });
  });

  test("and TCP lies about the length, ends before it, or says nothing", async () => {
    const short: Script = (heard) => ({ raw: Buffer.concat([shorts(1000), good(heard)]) });
    const long: Script = (heard) => ({ raw: Buffer.concat([shorts(3), good(heard)]) });
    for (const lie of [short, long, () => undefined]) {
      expect(queryOf(await asking(cut(lie)))).toMatchObject({ truncated: true });
    }
    expect(await leading(short, [], true)).toBe("dns.timeout");
  });
});

describe("answers made to hurt", () => {
  test("a pointer at itself", async () => {
    const report = await asking((heard) => {
      const bytes = Buffer.from(reply(heard));
      bytes.writeUInt16BE(1, 6);
      const owner = shorts(0xc000 + bytes.length);
      return Buffer.concat([bytes, record(owner, "A", "0a000004")]);
    });
    // An answer that cannot be read does not say that there is no record.
    expect(report.findings.map(({ code }) => code)).toEqual(["dns.malformed", "dns.half_read"]);
  });

  test("aliases in a circle", async () => {
    expect(
      await leading((heard) =>
        reply(heard, { answers: [cname(NAME, "b.test."), cname("b.test.", NAME)] }),
      ),
    ).toBe("dns.cname_loop");
  });

  const many = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      record(shorts(0xc00c), "A", Buffer.from([10, 0, index >> 8, index & 255])),
    );

  test("four thousand answers: some are shown, the others counted", async () => {
    const server: Script = (heard) =>
      heard.over === "udp" ? reply(heard, { tc: true }) : reply(heard, { answers: many(4000) });
    const seen = queryOf(await asking(server));
    expect(seen).toMatchObject({ more: 4000 - 256, answers: { length: 256 } });
  });

  test("65,535 octets, the most that fits a length", async () => {
    const whole = Buffer.alloc(65_535);
    const report = await asking((heard) => {
      if (heard.over === "udp") return reply(heard, { tc: true });
      good(heard).copy(whole);
      return whole;
    });
    expect(queryOf(report)).toMatchObject({ rcode: "NOERROR", transport: "tcp" });
  });

  test("names that unfold beyond measure", async () => {
    const bomb = (heard: Heard) => {
      const links = Array.from({ length: 8000 }, (_, index) =>
        shorts(0xc000 + Math.max(12, index * 2 + 10)),
      );
      const chain = record(shorts(0xc00c), "TYPE65280", Buffer.concat(links));
      const pointing = Array.from({ length: 3000 }, () =>
        record(shorts(0xc00c), "NS", shorts(0xffff)),
      );
      return reply(heard, { answers: [chain, ...pointing] });
    };
    const report = await asking((heard) =>
      heard.over === "udp" ? reply(heard, { tc: true }) : bomb(heard),
    );
    expect(report.timing.loopDelayMs).toBeLessThan(200);
  });
});

test("a record of another name is no answer, however right its type", async () => {
  const answering = (owner: string) => (heard: Heard) =>
    reply(heard, { answers: [a(owner, "10.9.9.9")] });
  const other = await asking(answering("other.test."));
  expect(other.findings[0]?.code).toBe("dns.malformed");
  expect(other.findings[0]?.evidence).toContain("other.test., not of");
  expect((await asking(answering(NAME.toUpperCase()))).verdict).toBe("pass");
});

describe("noes", () => {
  test("silence ends at the deadline", async () => {
    expect(await leading(() => undefined)).toBe("dns.timeout");
  });

  test.each([
    [2, "dns.servfail"],
    [5, "dns.refused"],
    [4, "dns.rcode"],
    [3, "dns.nxdomain"],
  ])("rcode %d is %s", async (rcode, code) => {
    expect(await leading((heard) => reply(heard, { rcode }))).toBe(code);
  });

  test("BADVERS is asked again without EDNS", async () => {
    const report = await asking((heard) => {
      if (heard.size === undefined) return good(heard);
      const badvers = record(".", "OPT", "", { kind: 1232, ttl: 0x0100_0000 });
      const end = heard.bytes.indexOf(0, 12) + 5;
      const questions = [heard.bytes.subarray(12, end)];
      return message({ id: idOf(heard), flags: 0x8180, questions, additional: [badvers] });
    });
    expect(queryOf(report)["attempts"]).toMatchObject([
      { edns: 1232, rcode: "BADVERS" },
      { edns: "off", rcode: "NOERROR" },
    ]);
    expect(report.findings.map(({ code }) => code)).toEqual(["dns.edns_trouble"]);
  });
});
