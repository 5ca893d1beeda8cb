/** Each conclusion about DNS, drawn from a server that gives cause, and not from one that nearly does. */
import { describe, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import { dns } from "../../lib/probes/dns.ts";
import type { Report } from "../../lib/report.ts";
import { ask } from "../asking.ts";
import { closedPort } from "../servers/ports.ts";
import {
  a,
  aaaa,
  cname,
  ns,
  reply,
  scriptedDns,
  soa,
  type Heard,
  type Said,
} from "../servers/scripted-dns.ts";

const NAME = "a.example.test.";
const V6 = "20010db8000000000000000000000004";

/** A server that gives one address for A and nothing else. */
const good = (heard: Heard, address = "10.0.0.4"): Buffer =>
  reply(heard, {
    aa: true,
    answers: heard.type === "A" && heard.name === NAME ? [a(NAME, address)] : [],
  });

type Script = (heard: Heard) => Said | Promise<Said>;

async function asking(scripts: readonly (Script | number)[], more: Pair[] = [], tcp = true) {
  const ports = await Promise.all(
    scripts.map(async (one) =>
      typeof one === "number" ? one : (await scriptedDns(one, { tcp })).port,
    ),
  );
  const given = new Set(more.map(([key]) => key));
  const defaults: Pair[] = [
    ["name", NAME],
    ["timeoutMs", "1000"],
    ["tries", "1"],
  ];
  return ask(dns, [
    ...defaults.filter(([key]) => !given.has(key)),
    ...ports.map((port): Pair => ["server", `127.0.0.1:${port}`]),
    ...more,
  ]);
}

const codesOf = (report: Report) => report.findings.map((one) => `${one.severity} ${one.code}`);
const drawn = async (...asked: Parameters<typeof asking>) => codesOf(await asking(...asked));

describe("one answer", () => {
  const sql = "db.database.windows.net.";
  const link = "db.privatelink.database.windows.net.";
  const chained = (address: string) => (heard: Heard) =>
    reply(heard, { answers: [cname(sql, link), a(link, address)] });

  test("private-link name that ends public: information, and a failure when private is expected", async () => {
    const named: Pair[] = [["name", sql]];
    expect(await drawn([chained("8.8.8.8")], named)).toEqual(["info dns.private_link_public"]);
    expect(await drawn([chained("10.0.0.4")], named)).toEqual([]);
    const { demanded } = await expecting(chained("8.8.8.8"), named);
    expect(demanded).toMatchObject({ verdict: "fail", expected: [{ ok: false }] });
  });

  async function expecting(script: Script, more: Pair[]) {
    const demanded = await asking([script], [...more, ["expect.answerClass", "private"]]);
    return { demanded };
  }

  test("an Azure service without a private-link name in its chain names the zone that it would need", async () => {
    const plain = (address: string) => (heard: Heard) =>
      reply(heard, { answers: [a("v.vault.azure.net.", address)] });
    const named: Pair[] = [["name", "v.vault.azure.net"]];
    const report = await asking([plain("8.8.8.8")], named);
    expect(codesOf(report)).toEqual(["info dns.azure_service"]);
    expect(report.findings[0]?.evidence).toContain("privatelink.vaultcore.azure.net");
    expect(await drawn([plain("10.0.0.4")], named)).toEqual([]);
    expect(await drawn([chained("10.0.0.4")], [["name", sql]])).toEqual([]);
  });

  test("IPv6 only, IPv4 only, and neither", async () => {
    const types: Pair[] = [
      ["type", "A"],
      ["type", "AAAA"],
      ["control", "0"],
    ];
    const six: Script = (heard) =>
      reply(heard, { answers: heard.type === "AAAA" ? [aaaa(NAME, V6)] : [] });
    const both: Script = (heard) =>
      reply(heard, { answers: heard.type === "AAAA" ? [aaaa(NAME, V6)] : [a(NAME, "10.0.0.4")] });
    expect(await drawn([six], types)).toEqual(["warn dns.ipv6_only", "info dns.nodata"]);
    expect(await drawn([both], types)).toEqual([]);
    const four = await asking([(heard) => good(heard)], types);
    expect(four.verdict).toBe("pass");
    expect(codesOf(four)).toEqual(["info dns.ipv4_only", "info dns.nodata"]);
    // Another record that is missing is not explained by it, nor is a family that was asked for alone.
    const more = await asking([(heard) => good(heard)], [...types, ["type", "MX"]]);
    expect(codesOf(more)).toEqual(["warn dns.nodata", "info dns.ipv4_only"]);
    const alone = await asking([(heard) => good(heard)], [["type", "AAAA"]]);
    expect(codesOf(alone)).toEqual(["fail dns.nodata"]);
  });

  test("half-read answers are said to be", async () => {
    const half: Script = (heard) => {
      const bytes = Buffer.concat([good(heard), Buffer.from([0xc0])]);
      bytes.writeUInt16BE(2, 6);
      return bytes;
    };
    expect(await drawn([half])).toEqual(["warn dns.half_read"]);
    expect(await drawn([(heard) => good(heard)])).toEqual([]);
  });

  test("an extended error is shown; one of DNSSEC explains a SERVFAIL", async () => {
    const failing =
      (code: number, rcode = 2): Script =>
      (heard) =>
        reply(heard, { rcode, ede: [code, "because"] });
    expect(await drawn([failing(6)], [["control", "0"]])).toEqual([
      "fail dns.servfail",
      "fail dns.dnssec_bogus",
      "info dns.extended_error",
    ]);
    expect(await drawn([failing(23)], [["control", "0"]])).toEqual([
      "fail dns.servfail",
      "info dns.extended_error",
    ]);
  });

  test("a SERVFAIL that goes away unchecked is DNSSEC; one that stays is not", async () => {
    const validating: Script = (heard) => (heard.cd ? good(heard) : reply(heard, { rcode: 2 }));
    expect(await drawn([validating])).toContain("fail dns.dnssec_bogus");
    expect(await drawn([(heard) => reply(heard, { rcode: 2 })])).not.toContain(
      "fail dns.dnssec_bogus",
    );
  });

  test("a referral is lame; an empty answer of the zone itself is no data", async () => {
    const lame: Script = (heard) =>
      reply(heard, { ra: false, authority: [ns("example.test.", "ns.example.test.")] });
    const empty: Script = (heard) =>
      reply(heard, { aa: true, authority: [soa("example.test.", "ns.example.test.")] });
    expect((await drawn([lame]))[0]).toBe("fail dns.lame");
    expect((await drawn([empty]))[0]).toBe("fail dns.nodata");
  });

  test("aliases in a circle, and an alias to itself", async () => {
    const circle: Script = (heard) =>
      reply(heard, { answers: [cname(NAME, "b.test."), cname("b.test.", NAME)] });
    expect((await drawn([circle]))[0]).toBe("fail dns.cname_loop");
    const long: Script = (heard) =>
      reply(heard, { answers: [cname(NAME, "b.test."), a("b.test.", "10.0.0.4")] });
    expect(await drawn([long])).toEqual([]);
  });
});

describe("servers side by side", () => {
  const none: Script = (heard) => reply(heard, { rcode: 3 });
  const other: Script = (heard) => good(heard, "10.0.0.5");
  const same: Script = (heard) => good(heard);
  const quiet: Pair[] = [["control", "0"]];

  test("disagree, or agree in another order", async () => {
    expect(await drawn([same, other])).toEqual(["warn dns.servers_disagree"]);
    const two =
      (...addresses: string[]): Script =>
      (heard) =>
        reply(heard, { answers: addresses.map((one) => a(NAME, one)) });
    expect(await drawn([two("10.0.0.4", "10.0.0.5"), two("10.0.0.5", "10.0.0.4")])).toEqual([]);
  });

  test("one goes the private way and another the public one, or both the same", async () => {
    const sql = "db.database.windows.net.";
    const link = "db.privatelink.database.windows.net.";
    const ending =
      (address: string): Script =>
      (heard) =>
        reply(heard, { answers: [cname(sql, link), a(link, address)] });
    const named: Pair[] = [["name", sql]];
    const report = await asking([ending("10.0.0.4"), ending("8.8.8.8")], named);
    expect(codesOf(report).slice(0, 2)).toEqual([
      "warn dns.forwarder_missing",
      "warn dns.servers_disagree",
    ]);
    expect(report.findings.find(({ code }) => code === "dns.forwarder_missing")?.on).toHaveLength(
      1,
    );
    for (const both of ["8.8.8.8", "10.0.0.4"]) {
      const codes = await drawn([ending(both), ending(both)], named);
      expect(codes).not.toContain("warn dns.forwarder_missing");
    }
    const plain: Script = (heard) => reply(heard, { answers: [a(sql, "8.8.8.8")] });
    expect(await drawn([plain, ending("10.0.0.4")], named)).not.toContain(
      "warn dns.forwarder_missing",
    );
  });

  test("know the name and deny it, or deny it all alike", async () => {
    expect(await drawn([same, none], quiet)).toEqual([
      "warn dns.nxdomain",
      "warn dns.known_to_some",
    ]);
    expect(await drawn([none, none], quiet)).toEqual(["fail dns.nxdomain"]);
  });

  test("one is dead beside a living one, or both are", async () => {
    const [dead, gone] = [await closedPort(), await closedPort()];
    expect(await drawn([same, dead], quiet)).toEqual(["warn dns.unreachable", "warn dns.one_dead"]);
    expect(await drawn([dead, gone], quiet)).toEqual(["fail dns.unreachable"]);
  });

  test("one server is asked in two ways: TCP is shut, and no server is dead", async () => {
    const inBothWays = async (tcp: boolean) => {
      const { port } = await scriptedDns(same, { tcp });
      const servers = ["udp", "tcp"].map((way): Pair => ["server", `${way}://127.0.0.1:${port}`]);
      return drawn([], [...quiet, ...servers]);
    };
    expect(await inBothWays(false)).toEqual(["warn dns.unreachable", "warn dns.tcp_shut"]);
    expect(await inBothWays(true)).toEqual([]);
  });

  test("one is slow, or both are", async () => {
    const slow: Script = async (heard) => {
      await new Promise((done) => setTimeout(done, 650));
      return good(heard);
    };
    const patient: Pair[] = [["timeoutMs", "4000"]];
    expect(await drawn([same, slow], patient)).toEqual(["info dns.one_slow"]);
    expect(await drawn([slow, slow], patient)).toEqual([]);
  });
});

describe("the way to a server", () => {
  test("TCP is shut: seen by the control question, or when an answer is cut", async () => {
    const cut: Script = (heard) => reply(heard, { tc: true });
    expect(await drawn([cut], [], false)).toEqual(["warn dns.tcp_shut", "warn dns.truncated"]);
    expect(await drawn([(heard) => good(heard)], [["control", "1"]], false)).toContain(
      "warn dns.tcp_shut",
    );
    expect(await drawn([(heard) => good(heard)], [["control", "1"]])).not.toContain(
      "warn dns.tcp_shut",
    );
  });

  test("an answer that is cut comes whole over TCP, and nothing is said", async () => {
    const whole: Script = (heard) =>
      heard.over === "tcp" ? good(heard) : reply(heard, { tc: true });
    expect(await drawn([whole])).toEqual([]);
  });

  test("UDP is shut: silence there, an answer over TCP", async () => {
    const report = await asking([(heard) => (heard.over === "tcp" ? good(heard) : undefined)]);
    expect(codesOf(report)).toEqual(["warn dns.udp_silent"]);
    expect(report.result["servers"]).toMatchObject([{ query: { transport: "tcp" } }]);
  });

  test("UDP is closed: refused there, an answer over TCP", async () => {
    const { port } = await scriptedDns((heard) => good(heard), { udp: false });
    const report = await asking([port]);
    expect(codesOf(report)).toEqual(["warn dns.udp_silent"]);
    expect(report.findings[0]?.evidence).toBe("over UDP: udp.refused; over TCP an answer");
  });

  test("larger answers get lost, or were only late", async () => {
    const small: Script = (heard) =>
      heard.over === "udp" && (heard.size ?? 0) <= 512 ? good(heard) : undefined;
    expect(await drawn([small], [["edns", "4096"]], false)).toContain("warn dns.udp_size");
    let asked = 0;
    const late: Script = (heard) => {
      asked += 1;
      return asked > 1 ? good(heard) : undefined;
    };
    expect(await drawn([late])).toEqual(["info dns.question_lost"]);
  });

  test("EDNS is discarded or refused; a refusal without EDNS too is the server's own", async () => {
    const shy = (rcode: number | undefined): Script => {
      return (heard) => {
        if (heard.size === undefined) return good(heard);
        return rcode === undefined ? undefined : reply(heard, { rcode });
      };
    };
    expect(await drawn([shy(undefined)], [], false)).toContain("warn dns.edns_trouble");
    expect(await drawn([shy(1)])).toEqual(["warn dns.edns_trouble"]);
    expect(await drawn([shy(4)])).toEqual(["warn dns.edns_trouble"]);
    const never: Script = (heard) => reply(heard, { rcode: 4 });
    expect(await drawn([never], [["edns", "off"]])).not.toContain("warn dns.edns_trouble");
  });

  test("datagrams that are not the answer are evidence", async () => {
    const forger: Script = (heard) => [
      reply(heard, { id: heard.bytes.readUInt16BE(0) ^ 1 }),
      good(heard),
    ];
    const report = await asking([forger]);
    expect(codesOf(report)).toEqual(["warn dns.forged"]);
    expect(report.findings[0]?.evidence).toBe("1 dropped: id");
  });
});

describe("control questions", () => {
  const sql: Pair[] = [["name", "db.database.windows.net"]];
  const zone = "privatelink.database.windows.net.";
  const privateSoa = soa(zone, "azureprivatedns.net.");
  const publicSoa = soa(zone, "ns1.database.windows.net.");

  /** Denies the name, and answers for zones as told. */
  const zones =
    (known: Readonly<Record<string, Buffer>>): Script =>
    (heard) => {
      const found = heard.type === "SOA" ? known[heard.name] : undefined;
      if (heard.name === "example.com.")
        return reply(heard, { answers: [a(heard.name, "8.8.8.8")] });
      return reply(heard, found === undefined ? { rcode: 3 } : { answers: [found] });
    };

  test("are put once to each server, whichever type fails, but for a second one that is not there", async () => {
    const controlsOf = async (script: Script, ...types: string[]) => {
      const report = await asking(
        [script],
        types.map((type): Pair => ["type", type]),
      );
      return report.steps
        .filter(({ name }) => name === "control")
        .map(({ on }) => on?.split(" ")[1]);
    };
    const ill: Script = (heard) =>
      heard.type === "TXT" ? reply(heard, { rcode: 2 }) : good(heard);
    expect(await controlsOf(ill, "A", "TXT")).toEqual(["TXT"]);
    expect(await controlsOf(ill, "A", "AAAA")).toEqual([]);
    expect(await controlsOf((heard) => reply(heard, { rcode: 3 }), "A", "TXT")).toHaveLength(1);
  });

  test("a server that answers nothing is down; one that answers others is not", async () => {
    const mute: Script = () => undefined;
    expect(await drawn([mute], [], false)).toEqual(["fail dns.timeout", "warn dns.server_down"]);
    const picky: Script = (heard) => (heard.name === NAME ? undefined : good(heard));
    const codes = await drawn([picky], [], false);
    expect(codes).toContain("warn dns.silent_for_name");
    expect(codes).not.toContain("warn dns.server_down");
  });

  test("a server that declines a public name does not recurse; one that has it does", async () => {
    const own: Script = (heard) => reply(heard, { rcode: heard.name === NAME ? 3 : 5, ra: false });
    expect(await drawn([own])).toContain("info dns.not_recursive");
    expect(await drawn([zones({})])).not.toContain("info dns.not_recursive");
  });

  test("only the private-link zone is forwarded, or both are", async () => {
    const root = "database.windows.net.";
    expect(await drawn([zones({ [zone]: privateSoa })], sql)).toContain(
      "warn dns.private_zone_only",
    );
    const both = zones({ [zone]: privateSoa, [root]: soa(root, "ns1.database.windows.net.") });
    expect(await drawn([both], sql)).not.toContain("warn dns.private_zone_only");
  });

  test("the zone is linked and the record missing, or the zone is the public one", async () => {
    expect(await drawn([zones({ [zone]: privateSoa })], sql)).toContain("warn dns.record_missing");
    expect(await drawn([zones({ [zone]: publicSoa })], sql)).not.toContain(
      "warn dns.record_missing",
    );
  });

  test("are asked by themselves when something fails, and never more than six", async () => {
    const server = await scriptedDns((heard) => reply(heard, { rcode: 3 }));
    const report = await asking([server.port], sql);
    expect(report.result["servers"]).toMatchObject([
      { query: { rcode: "NXDOMAIN" }, control: { controls: [{}, {}, {}, {}, {}, {}] } },
    ]);
    expect(report.result["servers"]).toMatchObject([{ stopped: { stage: "query" } }]);
    expect(server.heard).toHaveLength(7);
    const calm = await scriptedDns((heard) => good(heard));
    await asking([calm.port]);
    expect(calm.heard).toHaveLength(1);
  });
});

test("watch= asks again when the TTL ends, and shows what changed", async () => {
  let asked = 0;
  const moving: Script = (heard) => {
    asked += 1;
    return reply(heard, { answers: [a(NAME, asked < 3 ? "10.0.0.4" : "10.0.0.5", 1)] });
  };
  const report = await asking([moving], [["watch", "3s"]]);
  expect(codesOf(report)).toEqual(["info dns.changed"]);
  expect(report.findings[0]?.evidence).toBe(`+ ${NAME} A 10.0.0.5; - ${NAME} A 10.0.0.4`);
  expect(report.result["servers"]).toMatchObject([{ query: {}, samples: [{ query: {} }, {}] }]);
  expect(report.verdict).toBe("pass");
});
