import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { detect, relaysOf, resolversOf } from "../../lib/platform/detect.ts";
import { vantageOf } from "../../lib/platform/vantage.ts";
import { parseResolvConf } from "../../lib/platform/resolvconf.ts";
import { vantage } from "../../lib/report.ts";
import { arriveWith } from "../stages/arriving.ts";
import { mark, recorded } from "./environments.ts";

describe.each(recorded.map((each) => [each.name, each] as const))("%s", (_name, each) => {
  test("is recognised", () => {
    const found: Record<string, unknown> = { ...detect(each.environment) };
    for (const [key, value] of Object.entries(each.expected))
      expect(found[key], key).toEqual(value);
  });

  test("gives none of its secrets away", async () => {
    const outputs = [
      detect(each.environment),
      vantageOf(each.environment, "1.2.3"),
      resolversOf(each.environment, ""),
      relaysOf(each.environment),
      await arriveWith({}, each.environment),
    ];
    expect(JSON.stringify(each.environment)).toContain(mark);
    expect(JSON.stringify(outputs)).not.toContain(mark);
  });

  test("has a vantage that claims to stand for nobody", () => {
    const found = vantage.parse(vantageOf(each.environment, "1.2.3"));
    expect(found).toMatchObject({
      version: "1.2.3",
      represents: { basis: "unknown", same: [], differs: [] },
    });
  });
});

test("without a platform the vantage is local", () => {
  expect(vantageOf({}, "1.2.3").app).toBe("local");
  expect(vantageOf({ WEBSITE_INSTANCE_ID: "a" }, "1.2.3").app).toBe("unknown");
});

test.each([
  "WEBSITE_INSTANCE_ID",
  "WEBSITE_SITE_NAME",
  "WEBSITE_PRIVATE_IP",
  "IDENTITY_ENDPOINT",
  "MSI_ENDPOINT",
  "CONTAINER_APP_NAME",
  "MANAGED_ENVIRONMENT",
  "LEGION_SERVICE_HOST",
])("%s alone is a sign of a platform, also beside Core Tools", (name) => {
  expect(detect({ [name]: "x" }).hosted).toBe(true);
  expect(detect({ [name]: "x", FUNCTIONS_CORETOOLS_ENVIRONMENT: "true" }).hosted).toBe(true);
  expect(detect({ [name]: "" }).hosted).toBe(false);
});

describe("name servers", () => {
  test("the app's own, its alternative, then the machine's, each once", () => {
    const environment = {
      WEBSITE_DNS_SERVER: "10.0.0.4,10.0.0.5,not-an-address,10.0.0.6,10.0.0.7,10.0.0.8,10.0.0.9",
      WEBSITE_DNS_ALT_SERVER: "168.63.129.16",
    };
    const found = resolversOf(environment, "nameserver 10.0.0.4\nnameserver fe80::1%eth0\n");
    expect(found.map(({ address, port, origin }) => `${address} ${port} ${origin}`)).toEqual([
      "10.0.0.4 53 WEBSITE_DNS_SERVER",
      "10.0.0.5 53 WEBSITE_DNS_SERVER",
      "10.0.0.6 53 WEBSITE_DNS_SERVER",
      "10.0.0.7 53 WEBSITE_DNS_SERVER",
      "10.0.0.8 53 WEBSITE_DNS_SERVER",
      "168.63.129.16 53 WEBSITE_DNS_ALT_SERVER",
      "fe80::1%eth0 53 /etc/resolv.conf",
    ]);
  });

  test("none set is none found", () => {
    expect(resolversOf({}, "")).toEqual([]);
  });
});

describe("resolv.conf", () => {
  test("is read as resolv.conf(5) says", () => {
    const text = [
      "# made by hand",
      "; also a comment",
      "nameserver 127.0.0.11",
      "nameserver\t2001:db8::53   # second",
      "nameserver example.com",
      "domain ignored.example",
      "search k8se-apps.svc.cluster.local svc.cluster.local. cluster.local",
      "options timeout:2 ndots:5 rotate",
      "sortlist 10.0.0.0",
    ].join("\r\n");
    expect(parseResolvConf(text)).toEqual({
      nameservers: ["127.0.0.11", "2001:db8::53"],
      search: ["k8se-apps.svc.cluster.local", "svc.cluster.local", "cluster.local"],
      ndots: 5,
    });
  });

  test("the last of domain and search counts, and ndots has a ceiling", () => {
    expect(parseResolvConf("search a b\ndomain c\noptions ndots:99")).toEqual({
      nameservers: [],
      search: ["c"],
      ndots: 15,
    });
    expect(parseResolvConf("options ndots:x")).toEqual({ nameservers: [], search: [], ndots: 1 });
  });
});

describe("hybrid connections", () => {
  const secret = `SharedAccessKey=${mark}`;
  test.each([
    [`db.corp.example:1433;${secret}`],
    [`DB.corp.example:1433,db.corp.example:1433 ${secret}`],
    [JSON.stringify([{ hostName: "db.corp.example", port: 1433, key: secret }])],
    [
      JSON.stringify({
        relays: [
          {
            Hostname: "DB.corp.example",
            Port: "1433",
            connectionString: `Endpoint=sb://n;${secret}`,
          },
        ],
      }),
    ],
    [JSON.stringify({ a: { endpoint: "db.corp.example:1433", sendKey: secret } })],
  ])("%s", (text) => {
    expect(relaysOf({ WEBSITE_RELAYS: text })).toEqual([{ host: "db.corp.example", port: 1433 }]);
  });

  test.each([
    "",
    "[]",
    "nonsense",
    "host:0",
    "host:70000",
    "a b:1x",
    '{"host":"a"}',
    "{",
    "null",
    "7",
  ])("nothing is read from %s", (text) => {
    expect(relaysOf({ WEBSITE_RELAYS: text })).toEqual([]);
  });
});

test("nothing throws, whatever the environment holds", () => {
  const name = fc.constantFrom(
    "WEBSITE_SITE_NAME",
    "WEBSITE_SKU",
    "WEBSITE_DNS_SERVER",
    "WEBSITE_RELAYS",
    "WEBSITE_PRIVATE_IP",
    "WEBSITE_INSTANCE_ID",
    "CONTAINER_NAME",
  );
  fc.assert(
    fc.property(
      fc.dictionary(name, fc.string({ unit: "binary" })),
      fc.string({ unit: "binary" }),
      (environment, text) => {
        vantage.parse(vantageOf(environment, "1"));
        resolversOf(environment, text);
        relaysOf(environment);
      },
    ),
  );
  fc.assert(fc.property(fc.json(), (text) => void relaysOf({ WEBSITE_RELAYS: text })));
});
