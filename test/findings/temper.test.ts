import { describe, expect, test } from "vitest";
import { catalogue } from "../../lib/findings/catalogue.ts";
import { restsOn, temper } from "../../lib/findings/temper.ts";
import type { Finding, Vantage } from "../../lib/report.ts";
import { tcp } from "../../lib/probes/tcp.ts";
import { ask, localEdge } from "../asking.ts";
import { closedPort } from "../servers/ports.ts";

const finding = (code: string, confidence: Finding["confidence"] = "certain"): Finding => ({
  code,
  severity: "fail",
  blame: "network",
  confidence,
  title: "",
  why: "",
  evidence: "",
  on: [],
  rivals: ["another"],
  next: [],
  commands: [],
});

const beside: Vantage["represents"] = {
  app: "orders",
  basis: "same-subnet",
  same: ["subnet", "routing"],
  differs: ["dns"],
  unknown: ["hybrid connections", "certificates", "proxies"],
};

const one = (...given: Parameters<typeof temper>) => temper(...given)[0];

describe("a finding", () => {
  test.each([
    ["dns.nxdomain", "the dns here differs from that of orders"],
    ["tls.untrusted", "it is unknown whether orders has the certificates of here"],
  ])("%s that rests on such a setting loses a step and says which", (code, doubt) => {
    expect(one([finding(code)], beside)).toMatchObject({
      confidence: "likely",
      rivals: ["another", doubt],
    });
    expect(one([finding(code, "possible")], beside)?.confidence).toBe("possible");
  });

  test.each(["tcp.timeout", "tls.expired", "policy.floor", "http.status"])(
    "%s that rests on what is the same, or on none, stays as it is",
    (code) => expect(one([finding(code)], beside)).toEqual(finding(code)),
  );

  const elsewhere = {
    ...beside,
    same: ["dns", "certificates"],
    differs: ["subnet"],
    unknown: ["routing"],
  };

  test.each([
    "tcp.timeout",
    "udp.refused",
    "sql.firewall",
    "sql.vnet_rule",
    "sql.redirect_blocked",
    "http.subnet_forbidden",
    "http.storage_firewall",
    "outbound.unexpected",
  ])("%s rests on the subnet, which decides whom others see", (code) => {
    expect(one([finding(code)], elsewhere)).toMatchObject({
      confidence: "likely",
      rivals: ["another", expect.stringContaining("subnet here differs"), expect.anything()],
    });
  });

  test.each([
    "tcp.no_ports",
    "tcp.forbidden",
    "tcp.sandbox_port",
    "sql.login_failed",
    "http.client_error",
    "names.no_binding",
  ])("%s does not", (code) => expect(one([finding(code)], elsewhere)).toEqual(finding(code)));

  test("has a row for no code that does not exist", () => {
    const known = new Set(catalogue().map((entry) => entry.code));
    const written = restsOn.filter(([start]) => !start.endsWith(".")).map(([start]) => start);
    expect(written.filter((code) => !known.has(code))).toEqual([]);
  });

  test("that may rest on an app setting that differs says so", () => {
    const settings = { ...beside, differs: ["app settings"], unknown: ["dns"] };
    expect(one([finding("dns.nxdomain")], settings)?.rivals[1]).toContain("perhaps in dns");
  });

  test.each([
    ["nobody is named", { ...beside, app: "unknown" }],
    ["it is the site itself", { ...beside, basis: "same-site" as const }],
  ])("stays as it is where %s", (_when, represents) => {
    expect(one([finding("dns.nxdomain")], represents)).toEqual(finding("dns.nxdomain"));
  });
});

test("in a report the confidence follows SONDE_BESIDE", async () => {
  const local = { SONDE_LOCAL_HOST: "1", SONDE_TARGETS: "@loopback" };
  const target: [string, string] = ["target", `127.0.0.1:${await closedPort()}`];
  const plain = await ask(tcp, [target], localEdge(local));
  const named = await ask(tcp, [target], localEdge({ ...local, SONDE_BESIDE: "app=orders" }));
  expect(plain.findings[0]).toMatchObject({ code: "tcp.refused", confidence: "certain" });
  expect(named.findings[0]).toMatchObject({ code: "tcp.refused", confidence: "likely" });
  expect(named.findings[0]?.rivals.join()).toContain("orders");
});
