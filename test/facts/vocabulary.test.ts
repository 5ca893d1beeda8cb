import { expect, test } from "vitest";
import { arriveSheet } from "../../lib/facts/arrive.ts";
import { chainSheet } from "../../lib/facts/chain.ts";
import { egressSheet } from "../../lib/facts/egress.ts";
import { ownSheet } from "../../lib/facts/own.ts";
import type { Expectation } from "../../lib/stage.ts";

const expectations: Readonly<Record<string, Expectation>> = {
  ...arriveSheet.expect,
  ...chainSheet.expect,
  ...egressSheet.expect,
  ...ownSheet.expect,
};

const GUID = "0a1b2c3d-0000-4000-8000-000000000001";

test.each([
  ["hop", "frontdoor", "did you mean front-door?"],
  ["hop", "front-door,proxi", "did you mean proxy?"],
  ["judgedAs", "internet", "use one of public, private"],
  ["chainJudgedAs", "service-endpoints", "did you mean service-endpoint?"],
  ["arrivedScheme", "ftp", "use one of http, https"],
  ["fdid", "contoso", "a GUID"],
  ["fdid", `${GUID},`, "a GUID"],
  ["header", "x-azure-fdid: 1", "the name of a header"],
  ["header", "a,", "a value is needed"],
  ["publicHost", "https://shop.example/", "a host name"],
  ["publicHost", "shop.example:8443", "a host name"],
  ["egressVerdict", "nat", "did you mean"],
  ["entry", "private", "private-endpoint"],
])("expect.%s=%s can never hold, and is said to be wrong", (key, text, why) => {
  const read = expectations[key]?.read(text);
  expect(read).toEqual({ wrong: expect.stringContaining(why) });
});

test.each([
  ["hop", "Front-Door, worker"],
  ["judgedAs", "PUBLIC,private"],
  ["chainJudgedAs", "service-endpoint"],
  ["arrivedScheme", "https,http"],
  ["fdid", GUID.toUpperCase()],
  ["header", "X-Azure-FDID,via"],
  ["publicHost", "[2001:db8::1]"],
  ["publicHost", "shop_1.example"],
  ["egressVerdict", "nat-gateway,firewall"],
  ["entry", "shared"],
])("expect.%s=%s can be held against a report", (key, text) => {
  expect(expectations[key]?.read(text)).not.toHaveProperty("wrong");
});
