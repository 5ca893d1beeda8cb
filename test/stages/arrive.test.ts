import { describe, expect, test } from "vitest";
import { arriveSheet } from "../../lib/facts/arrive.ts";
import { arriveWith } from "./arriving.ts";

const site = { WEBSITE_INSTANCE_ID: "f".repeat(64), WEBSITE_SITE_NAME: "contoso" };
const direct = {
  url: "https://contoso.azurewebsites.net/api/echo?code=S3cr3t&clientId=default&x=1",
  method: "POST",
  headers: [
    ["client-ip", "203.0.113.10:64769"],
    ["x-arr-log-id", "00000000-0000-4000-8000-000000000003"],
    ["x-forwarded-for", "203.0.113.10:64769"],
    ["x-appservice-proto", "https"],
    ["x-forwarded-tlsversion", "1.3"],
    ["x-functions-key", "S3cr3t"],
    ["x-empty", ""],
  ],
} as const;

test("notes everything at once, complete under the schema and without a secret", async () => {
  const facts = await arriveWith(direct, site);
  expect(arriveSheet.facts.safeParse(facts).error).toBeUndefined();
  expect(facts.url).toBe("https://contoso.azurewebsites.net/api/echo?code=***&clientId=***&x=1");
  expect(facts.headers?.map((header) => header.name)).toEqual(direct.headers.map(([name]) => name));
  expect(JSON.stringify(facts)).not.toContain("S3cr3t");
});

test("a bare request has a client nobody names, and came as its URL says", async () => {
  const facts = await arriveWith({ url: "http://127.0.0.1:7071/api/echo" });
  expect(facts.client?.address).toBeUndefined();
  expect(facts.scheme).toBe("http");
  expect(facts.hops?.map((hop) => `${hop.kind} ${hop.tls}`)).toEqual([
    "client none",
    "worker plain",
  ]);
});

test("a long value is cut after its secrets are withheld", async () => {
  const value = `${"a ".repeat(2000)}token=S3cr3t`;
  const [header] = (await arriveWith({ headers: [["x-long", value]] })).headers ?? [];
  expect(header?.value.length).toBeLessThan(2100);
  expect(header?.length).toBe(value.length);
});

test("every address of a chain is listed, and text that is none is searched for secrets", async () => {
  const headers = [
    ["x-forwarded-for", "203.0.113.1, token=S3cr3t, _hidden"],
    ["forwarded", "for=192.0.2.1;by=token=S3cr3t;host=a.example;proto=https"],
  ] as const;
  const { forwarded, ...rest } = await arriveWith({ headers });
  expect(forwarded).toEqual([
    expect.objectContaining({ header: "x-forwarded-for", address: "203.0.113.1" }),
    { header: "x-forwarded-for", kind: "other", text: "token=***" },
    { header: "x-forwarded-for", kind: "obfuscated", text: "_hidden" },
    expect.objectContaining({
      header: "forwarded",
      address: "192.0.2.1",
      by: "token=***",
      host: "a.example",
      proto: "https",
    }),
  ]);
  expect(JSON.stringify(rest)).not.toContain("S3cr3t");
});

async function holds(key: keyof typeof arriveSheet.expect, text: string): Promise<boolean> {
  const demand = arriveSheet.expect[key].read(text);
  if ("wrong" in demand) throw new Error(demand.wrong);
  return demand.holds(await arriveWith(direct, site));
}

describe("expectations", () => {
  const met: readonly (readonly [keyof typeof arriveSheet.expect, string])[] = [
    ["clientAddress", "203.0.113.10"],
    ["arrivedScheme", "https"],
    ["hop", "app-service-front-end"],
    ["hop", "client, worker"],
    ["header", "X-Functions-Key"],
  ];
  const missed: typeof met = [
    ["clientAddress", "203.0.113.11"],
    ["arrivedScheme", "http"],
    ["hop", "front-door"],
    ["hop", "worker,front-door"],
    ["header", "x-absent"],
  ];

  test.each(met)("%s=%s is met", async (key, text) => {
    expect(await holds(key, text)).toBe(true);
  });

  test.each(missed)("%s=%s is not met", async (key, text) => {
    expect(await holds(key, text)).toBe(false);
  });

  test.each(["clientAddress", "arrivedScheme", "hop", "header"] as const)(
    "%s needs a value",
    (key) => {
      expect(arriveSheet.expect[key].read("")).toHaveProperty("wrong");
    },
  );
});

test("lines are silent about what is not known", () => {
  for (const line of arriveSheet.lines) expect(line.needs.length).toBeGreaterThan(0);
});

test("lines read as sentences", async () => {
  const facts = await arriveWith(direct, site);
  const said = Object.fromEntries(
    arriveSheet.lines
      .filter((line) => line.needs.every((need) => need in facts))
      .map((line) => [line.label, line.say(facts)]),
  );
  expect(said["Client"]).toEqual([
    "203.0.113.10, proven",
    "CLIENT-IP agrees with the rightmost entry",
    "app-service-front-end appended 203.0.113.10:64769",
  ]);
  expect(said["Hops"]).toEqual([
    "client, proven by client-ip, x-forwarded-for",
    "app-service-front-end over TLS 1.3, proven by x-arr-log-id, client-ip",
    "worker, proven by app-service",
  ]);
});
