import { describe, expect, test } from "vitest";
import { arriveWith } from "../stages/arriving.ts";
import { site } from "./walking.ts";

const url = "https://orders.azurewebsites.net/api/echo?code=PLANTED";

const publicUrl = async (headers: Readonly<Record<string, string>>, at = url) =>
  (await arriveWith({ url: at, headers: Object.entries(headers) }, site)).publicUrl;

/** What Front Door always sends along. */
const frontDoor = { "x-azure-fdid": "00000000-0000-4000-8000-000000000fd0", "x-azure-ref": "0abc" };

describe("the URL that the client asked for", () => {
  test.each<[string, Readonly<Record<string, string>>, string, string]>([
    [
      "x-forwarded-host",
      { "x-forwarded-host": "shop.example" },
      "https://shop.example/api/echo",
      "claimed",
    ],
    [
      "the outermost of several",
      { "x-forwarded-host": "Shop.Example:8443, inner.example" },
      "https://shop.example:8443/api/echo",
      "claimed",
    ],
    [
      "x-original-host",
      { "x-original-host": "shop.example" },
      "https://shop.example/api/echo",
      "claimed",
    ],
    [
      "Forwarded",
      { forwarded: 'for=1.2.3.4;host="shop.example"' },
      "https://shop.example/api/echo",
      "claimed",
    ],
    [
      "a prefix that was taken away",
      { "x-forwarded-host": "shop.example", "x-forwarded-prefix": "/tools/sonde/" },
      "https://shop.example/tools/sonde/api/echo",
      "claimed",
    ],
    [
      "a port that is none of the scheme's",
      { "x-forwarded-host": "shop.example", "x-forwarded-port": "8443" },
      "https://shop.example:8443/api/echo",
      "claimed",
    ],
    [
      "Static Web Apps, without its query",
      { "x-ms-original-url": "https://swa.example/api/echo?code=PLANTED" },
      "https://swa.example/api/echo",
      "claimed",
    ],
  ])("%s", async (_by, headers, expected, confidence) => {
    expect(await publicUrl(headers)).toMatchObject({ url: expected, confidence });
  });

  test("is as sure as the hop that writes it", async () => {
    const found = await publicUrl({ ...frontDoor, "x-forwarded-host": "shop.example" });
    const hops = (await arriveWith({ url, headers: Object.entries(frontDoor) }, site)).hops;
    expect(found).toEqual({
      url: "https://shop.example/api/echo",
      evidence: ["x-forwarded-host"],
      confidence: hops?.find(({ kind }) => kind === "front-door")?.confidence,
    });
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ["nothing says so", {}],
    [
      "it is the one that arrived",
      { "x-forwarded-host": "orders.azurewebsites.net", "x-forwarded-port": "443" },
    ],
    ["the prefix was kept", { "x-forwarded-prefix": "/api" }],
    ["what stands there is no host", { "x-forwarded-host": "u:PLANTED@shop.example" }],
    ["what stands there is no path", { "x-forwarded-prefix": "/a?sig=PLANTED" }],
  ])("is not told where %s", async (_why, headers) => {
    expect(await publicUrl(headers)).toBeUndefined();
  });
});
