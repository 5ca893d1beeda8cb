import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { containerApp, site, walk } from "./walking.ts";

describe("Front Door", () => {
  const behind = {
    "x-arr-log-id": "1",
    "disguised-host": "contoso.azurewebsites.net",
    "x-azure-fdid": "ee9655cc-0000-4000-8000-000000000000",
    "x-azure-socketip": "203.0.113.1",
    "x-azure-clientip": "198.51.100.66",
    "x-forwarded-proto": "https",
  };

  test("is likely when its id and its address agree, and then its peer is the client", () => {
    const read = walk(
      {
        ...behind,
        "client-ip": "147.243.2.10:4000",
        "x-forwarded-for": "203.0.113.1, 147.243.2.10:4000",
      },
      site,
    );
    expect(read).toMatchObject({ address: "203.0.113.1", confidence: "likely" });
    expect(read.hops).toEqual(["front-door likely", "app-service-front-end proven"]);
  });

  test("is not believed when the front end was reached from elsewhere", () => {
    const read = walk(
      { ...behind, "client-ip": "198.51.100.7:4000", "x-forwarded-for": "198.51.100.7:4000" },
      site,
    );
    expect(read).toMatchObject({ address: "198.51.100.7", port: 4000, confidence: "proven" });
    expect(read.hops[0]).toBe("front-door claimed");
  });
});

describe("App Service", () => {
  test("CLIENT-IP stands in for a chain that a framework consumed", () => {
    const read = walk(
      { "x-arr-log-id": "1", "client-ip": "203.0.113.5:1234", "x-original-for": "[::1]:1" },
      site,
    );
    expect(read).toMatchObject({ address: "203.0.113.5", port: 1234, confidence: "proven" });
  });

  test("an entry that a proxy inside repeats is read once", () => {
    const read = walk(
      {
        "x-arr-log-id": "1",
        "client-ip": "203.0.113.5:1234",
        "x-forwarded-for": "9.9.9.9, 203.0.113.5:1234, 203.0.113.5",
      },
      site,
    );
    expect(read).toMatchObject({ address: "203.0.113.5", port: 1234, confidence: "proven" });
  });

  test("its headers prove nothing elsewhere", () => {
    const read = walk({ "x-arr-log-id": "1", "client-ip": "203.0.113.5:1234" }, {});
    expect(read).toMatchObject({ address: "203.0.113.5", confidence: "claimed" });
    expect(read.hops).toEqual(["app-service-front-end claimed"]);
  });
});

describe("Container Apps", () => {
  const ingress = {
    "x-arr-ssl": "true",
    "x-k8se-app-name": "contoso--abc",
    "x-envoy-external-address": "203.0.113.92",
    "x-forwarded-for": "203.0.113.92",
  };

  test("the ingress is proven inside the app it names", () => {
    const read = walk(ingress, containerApp);
    expect(read).toMatchObject({ address: "203.0.113.92", confidence: "proven" });
    expect(read.hops).toEqual(["container-apps-envoy proven"]);
  });

  test("headers of Front Door change nothing unless the ingress was reached from there", () => {
    const forged = {
      ...ingress,
      "x-azure-fdid": "ee9655cc-0000-4000-8000-000000000000",
      "x-azure-socketip": "198.51.100.66",
    };
    const read = walk(forged, containerApp);
    expect(read).toMatchObject({ address: "203.0.113.92", confidence: "proven" });
    expect(read.reasons.join()).toContain("Front Door's headers are not believed");
    const real = { ...forged, "x-envoy-external-address": "147.243.2.10" };
    expect(walk(real, containerApp).address).toBe("198.51.100.66");
  });

  test("and claimed inside another", () => {
    expect(walk(ingress, { ...containerApp, CONTAINER_APP_NAME: "other" })).toMatchObject({
      confidence: "claimed",
    });
    expect(walk(ingress, site).hops).toEqual(["container-apps-envoy claimed"]);
  });
});

describe("other ways in", () => {
  test("the gateway's host header is ASP.NET Core's beside X-Original-For", () => {
    const pair = { "x-forwarded-port": "443", "x-original-host": "a.example" };
    expect(walk(pair, {}).hops).toEqual(["application-gateway claimed"]);
    expect(walk({ ...pair, "x-original-for": "[::1]:1" }, {}).hops).toEqual(["proxy claimed"]);
  });

  test("Via names each proxy, and Front Door by its pseudonym", () => {
    expect(walk({ via: "1.1 squid, HTTP/1.1 Azure" }, {}).hops).toEqual([
      "proxy claimed",
      "front-door claimed",
    ]);
  });

  test("nothing is made up for a bare request", () => {
    expect(walk({ host: "localhost", "user-agent": "curl/8" }, {})).toMatchObject({
      address: undefined,
      hops: [],
    });
  });

  test("Forwarded and X-Real-IP serve where there is no X-Forwarded-For", () => {
    expect(walk({ forwarded: 'for=192.0.2.1, for="[2001:db8::1]:5"' }, {})).toMatchObject({
      address: "2001:db8::1",
      port: 5,
      confidence: "claimed",
    });
    expect(walk({ "x-real-ip": "192.0.2.1" }, {})).toMatchObject({
      address: "192.0.2.1",
      confidence: "claimed",
    });
  });

  test("hops are found in anything without a throw", () => {
    const names = fc.constantFrom(
      "x-forwarded-for",
      "via",
      "client-ip",
      "x-azure-ref",
      "x-azure-socketip",
      "x-arr-log-id",
      "x-arr-ssl",
      "forwarded",
      "max-forwards",
      "x-envoy-external-address",
      "x-k8se-app-name",
      "x-ms-original-url",
    );
    fc.assert(
      fc.property(
        fc.dictionary(names, fc.string({ unit: "binary" })),
        fc.constantFrom(site, containerApp, {}),
        (headers, environment) => {
          walk(headers, environment);
        },
      ),
    );
  });
});

test("a forged Front Door id on a request that never passed it adds no entry of the chain", () => {
  const headers = {
    "client-ip": "20.30.40.50:1234",
    "disguised-host": "app.example",
    "x-arr-log-id": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "x-azure-fdid": "0f8fad5b-d9cb-469f-a165-70867728950f",
    "x-forwarded-for": "203.0.113.9, 20.30.40.50:1234",
  };
  expect(walk(headers, site)).toMatchObject({ address: "20.30.40.50", confidence: "proven" });
});
