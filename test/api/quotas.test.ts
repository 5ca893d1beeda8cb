import { describe, expect, test } from "vitest";
import { makeQuotas } from "../../lib/api/quotas.ts";
import { readSettings } from "../../lib/api/settings.ts";
import { makePolicy } from "../../lib/policy/policy.ts";

const { limits } = readSettings({}, true);
const tight = { ...limits, inFlight: 3, perCaller: 2, light: 2, targets: 2, connects: 2 };

const policy = makePolicy({
  auth: "key",
  local: false,
  ownAddresses: () => [],
  resolvers: [],
  relays: [],
  azure: false,
});
const peer = (address: string, port = 443) =>
  policy.admit({ kind: "tcp", host: address, port, addresses: [address] });

describe("what is under way", () => {
  test("is bounded for each caller and for the instance, rated or not", () => {
    const quotas = makeQuotas(tight, false);
    const first = quotas.enter("a", "light");
    quotas.enter("a", "light");
    expect(quotas.enter("a", "light")).toMatchObject({ retryAfter: 1 });
    expect(quotas.enter("b", "light")).toHaveProperty("leave");
    expect(quotas.enter("c", "light")).toMatchObject({
      because: expect.stringContaining("instance"),
    });
    if ("leave" in first) first.leave();
    expect(quotas.enter("c", "light")).toHaveProperty("leave");
  });
});

describe("a suite", () => {
  test("takes the places of all that it has under way, or none", () => {
    const quotas = makeQuotas({ ...tight, inFlight: 9, perCaller: 8 }, false);
    const suite = quotas.enter("a", "heavy", 6);
    expect(quotas.enter("a", "heavy", 6)).toMatchObject({ retryAfter: 1 });
    expect(quotas.enter("a", "light", 2)).toHaveProperty("leave");
    expect(quotas.enter("a", "light")).toMatchObject({ retryAfter: 1 });
    if ("leave" in suite) suite.leave();
    expect(quotas.enter("a", "heavy", 6)).toHaveProperty("leave");
  });

  test("has as many targets as it is long, and no more connections to a public one", () => {
    const quotas = makeQuotas(tight, true);
    for (let host = 1; host <= 9; host += 1) quotas.admit(undefined, peer(`10.0.0.${host}`), 1);
    quotas.admit(undefined, peer("8.8.8.8"), 2);
    expect(() => quotas.admit(undefined, peer("8.8.8.8"), 1)).toThrow("one public target");
  });
});

describe("rates", () => {
  test("admit so many a minute, and say when to come back", () => {
    let now = 0;
    const quotas = makeQuotas(tight, true, () => now);
    const spend = () => {
      const entry = quotas.enter("a", "light");
      if ("leave" in entry) entry.leave();
      return entry;
    };
    spend();
    now = 20_000;
    spend();
    expect(spend()).toMatchObject({ retryAfter: 40 });
    now = 60_000;
    expect(spend()).toHaveProperty("leave");
  });

  test("are off where they would only be in the way", () => {
    const quotas = makeQuotas({ ...tight, perCaller: 9 }, false);
    for (let count = 0; count < 9; count += 1) {
      const entry = quotas.enter("a", "light");
      expect(entry).toHaveProperty("leave");
      if ("leave" in entry) entry.leave();
    }
  });
});

describe("targets", () => {
  test("of one caller are so many different ones in ten minutes", () => {
    let now = 0;
    const quotas = makeQuotas(tight, true, () => now);
    quotas.admit("a", peer("10.0.0.1"), 1);
    quotas.admit("a", peer("10.0.0.2"), 1);
    quotas.admit("a", peer("10.0.0.1"), 1);
    expect(() => quotas.admit("a", peer("10.0.0.3"), 1)).toThrow("different targets");
    expect(() => quotas.admit("b", peer("10.0.0.3"), 1)).not.toThrow();
    now = 600_001;
    expect(() => quotas.admit("a", peer("10.0.0.3"), 1)).not.toThrow();
  });

  test("that are public are connected to so often, whoever asks; private ones are not counted", () => {
    const quotas = makeQuotas({ ...tight, targets: 50 }, true, () => 0);
    const connect = (address: string) => () => quotas.admit("a", peer(address), 1);
    connect("20.30.40.50")();
    connect("20.30.40.50")();
    expect(connect("20.30.40.50")).toThrow("connections a minute");
    for (let count = 0; count < 9; count += 1) expect(connect("10.0.0.1")).not.toThrow();
    expect(() => quotas.admit("a", peer("20.30.40.51"), 3)).toThrow("connections a minute");
    expect(() => quotas.admit("a", peer("20.30.40.51"), 2)).not.toThrow();
  });
});

describe("SONDE_LIMITS", () => {
  test.each([
    ["inFlight=32 light=120", { inFlight: 32, light: 120, perCaller: 8 }],
    ["inFlight=1,light=600", { inFlight: 1, light: 600 }],
    ["", { inFlight: 64 }],
  ])("%j is read", (text, wanted) => {
    const settings = readSettings({ SONDE_LIMITS: text }, true);
    expect(settings.problem).toBeUndefined();
    expect(settings.limits).toMatchObject(wanted);
  });

  test.each([
    "inFlight=0",
    "inFlight=129",
    "light=601",
    "speed=1",
    "inFlight",
    "inFlight=x",
    "__proto__=1",
  ])("%j closes everything and says why", (text) => {
    expect(readSettings({ SONDE_LIMITS: text }, true).problem).toContain("SONDE_LIMITS");
  });
});
