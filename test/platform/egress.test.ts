import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  artefact,
  isRoutable6,
  judgeEgress,
  labelOf,
  readExpected,
} from "../../lib/platform/egress.ts";
import { providersOf } from "../../lib/platform/providers.ts";
import { planSamples } from "../../lib/platform/sample-plan.ts";
import { readWhoami } from "../../lib/protocols/whoami.ts";

const read = (SONDE_OUTBOUND_PROVIDERS: string) => providersOf({ SONDE_OUTBOUND_PROVIDERS });
const names = (found: ReturnType<typeof read>) =>
  "wrong" in found ? found.wrong : found.providers.map(({ name }) => name);

describe("the providers", () => {
  test("are a fixed list of several operators and methods, for both families", () => {
    const found = read("");
    if ("wrong" in found) throw new Error(found.wrong);
    const { providers } = found;
    expect(new Set(providers.map(({ operator }) => operator)).size).toBeGreaterThan(3);
    expect(new Set(providers.map(({ method }) => method))).toEqual(
      new Set(["https", "dns", "stun"]),
    );
    expect(new Set(providers.flatMap(({ families }) => families))).toEqual(new Set([4, 6]));
    expect(providers.find(({ name }) => name === "cloudflare-doh")).toMatchObject({
      scheme: "https",
      path: "/dns-query",
      question: { name: "whoami.cloudflare.", type: "TXT", class: "CH" },
    });
    expect(providers.find(({ name }) => name === "opendns6")).toMatchObject({
      host: "2620:119:35::35",
      port: 53,
      families: [6],
      question: { type: "AAAA" },
    });
  });

  test("are all documented, and no others", () => {
    const page = readFileSync(new URL("../../docs/outbound.md", import.meta.url), "utf8");
    const rows = [
      ...page.matchAll(/^\| `([\w-]+)`\s+\| [A-Z]?\w+\s+\|.*IPv|^\| `([\w-]+)`\s+\|.*both/gm),
    ];
    const documented = rows.map(([, first, second]) => first ?? second);
    expect(documented).toEqual(names(read("")));
  });

  test("are narrowed by name and replaced by URL", () => {
    expect(names(read("ipify google-dns"))).toEqual(["ipify", "google-dns"]);
    expect(names(read("mine=http://127.0.0.1:8080/ip stun://127.0.0.1"))).toEqual([
      "mine",
      "127.0.0.1",
    ]);
  });

  test("are not guessed: what cannot be read is said, and not repeated", () => {
    for (const word of ["ipfy", "ftp://PLANTED/", "https://u:PLANTED@host/"]) {
      expect(names(read(`ipify ${word}`))).toBe(
        "word 2 of SONDE_OUTBOUND_PROVIDERS is neither a known name nor a URL",
      );
    }
    expect(providersOf({ SONDE_OUTBOUND_ECHO: "dns://127.0.0.1/a" })).toHaveProperty("wrong");
  });
});

describe("the plan", () => {
  const plan = (families: readonly (4 | 6)[], turns = 1, setting = "") => {
    const found = providersOf({ SONDE_OUTBOUND_PROVIDERS: setting });
    if ("wrong" in found) throw new Error(found.wrong);
    return planSamples(found.providers, families, turns);
  };

  test("asks nobody twice while there are others, and ends after ten", () => {
    const asked = plan([4], 2).map(({ provider, turn }) => `${provider.name} ${turn}`);
    expect(asked).toHaveLength(10);
    expect(new Set(asked.slice(0, 9)).size).toBe(9);
    expect(asked.at(-1)).toBe("ipify 1");
  });

  test("hears several operators in each family, also when it is cut short", () => {
    const both = plan([4, 6]);
    expect(both).toHaveLength(10);
    for (const family of [4, 6] as const) {
      const asked = both.filter((one) => one.family === family);
      expect(new Set(asked.map(({ provider }) => provider.operator)).size).toBeGreaterThan(2);
    }
  });

  test("is empty where nobody is left, and turns are taken after each other", () => {
    expect(plan([6], 3, "ipify")).toEqual([]);
    expect(plan([4], 3, "ipify amazon").map(({ provider }) => provider.name)).toEqual([
      "ipify",
      "amazon",
      "ipify",
      "amazon",
      "ipify",
      "amazon",
    ]);
  });
});

describe("a reply", () => {
  test.each([
    ["20.50.1.2\n", { address: "20.50.1.2" }],
    ['{"ip":"20.50.1.2"}', { address: "20.50.1.2" }],
    ["fl=1\nip=2a01::1\nwarp=off\n", { address: "2a01::1" }],
    ["fl=1\nip=20.50.1.2\nwarp=on\n", { address: "20.50.1.2", doubt: expect.anything() }],
    [
      '{"result":{"arrive":{"client":{"address":"20.50.1.2","port":4711}}}}',
      { address: "20.50.1.2", port: 4711 },
    ],
  ])("%s", (text, found) => expect(readWhoami(text)).toEqual(found));

  test.each(["", "{", '{"ip":7}', "a=b\n", `<html>${"x".repeat(100)}`, "{}"])(
    "without an address: %s",
    (text) => expect(readWhoami(text)).toBeUndefined(),
  );
});

test.each([
  ["2a01:111::1", true],
  ["fd00::1", false],
  ["fe80::1", false],
  ["20.50.1.2", false],
])("%s of an interface leads out over IPv6: %s", (address, leads) => {
  expect(isRoutable6(address)).toBe(leads);
});

describe("an artefact", () => {
  test.each([
    ["10.0.0.4", "ipify", false, /private/],
    ["100.64.1.1", "ipify", false, /shared/],
    ["104.16.1.1", "cloudflare", false, /belongs to the operator/],
    ["nonsense", "ipify", false, /no address/],
    ["fd00::1", "own echo", true, /service or private endpoint/],
  ])("%s of %s", (address, operator, isEcho, why) => {
    expect(artefact(address, operator, isEcho)).toMatch(why);
  });

  test.each([
    ["20.50.1.2", "cloudflare"],
    ["104.16.1.1", "ipify"],
  ])("is not %s of %s", (address, operator) => {
    expect(artefact(address, operator, false)).toBeUndefined();
  });
});

describe("what was expected", () => {
  const expected = readExpected("outbound=20.50.1.2,20.50.1.3 nat=20.60.0.0/29 20.70.0.1") ?? [];

  test.each([
    ["20.50.1.3", "outbound"],
    ["20.60.0.7", "nat"],
    ["20.60.0.8", undefined],
    ["20.70.0.1", "expected"],
  ])("%s is %s", (address, label) => expect(labelOf(address, expected)).toBe(label));

  test("is read as a whole or not at all", () => {
    for (const text of ["20.1.1.1/33", "x", "nat=", "20.1.1.1/2/3", "20.1.1.1/-1"]) {
      expect(readExpected(text) ?? [], text).toEqual([]);
    }
  });

  test("of equal ones the possible addresses come last: the others are among them", () => {
    const both = readExpected("possible=20.50.1.2,20.50.1.3 outbound=20.50.1.2") ?? [];
    expect(labelOf("20.50.1.2", both)).toBe("outbound");
    expect(labelOf("20.50.1.3", both)).toBe("possible");
  });

  test("of several that fit the narrowest counts", () => {
    const both = readExpected("possible=20.50.0.0/16 nat=20.50.1.2") ?? [];
    expect(labelOf("20.50.1.2", both)).toBe("nat");
  });

  test.each([
    [[], true, "none"],
    [["nat"], false, "unjudged"],
    [["outbound", "outbound"], true, "platform"],
    [["possible"], true, "possible"],
    [["nat"], true, "nat-gateway"],
    [["firewall"], true, "firewall"],
    [["office"], true, "expected"],
    [["azure"], true, "region"],
    [["onpremises"], true, "on-premises"],
    [["outboundipaddresses"], true, "platform"],
    [["possibleoutboundipaddresses"], true, "possible"],
    [["nat", "firewall"], true, "mixed"],
    [["nat", undefined], true, "unexpected"],
  ])("%j with expectations %s is %s", (labels, isExpected, verdict) => {
    expect(judgeEgress({ labels, isExpected, seenPrivately: false })).toBe(verdict);
  });

  test("nothing public, and a private sight by another Sonde, is closed", () => {
    const seen = { isExpected: true, seenPrivately: true };
    expect(judgeEgress({ ...seen, labels: [] })).toBe("closed");
    expect(judgeEgress({ ...seen, labels: ["nat"] })).toBe("nat-gateway");
  });
});
