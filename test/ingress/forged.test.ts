import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Headers } from "../../lib/ingress/headers.ts";
import { dumps, environments } from "./dump.ts";
import { site, walk } from "./walking.ts";

/** What a caller may put to the left: whole tokens, some of which look like the real ones. */
const forged = fc.array(
  fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.tuple(fc.ipV4(), fc.nat(65_535)).map(([address, port]) => `${address}:${port}`),
    fc.constantFrom(
      "unknown",
      "_x",
      "*******",
      "127.0.0.1",
      "10.0.0.5:1",
      "147.243.2.10",
      "[::1]:1",
      "zzz",
    ),
  ),
  { minLength: 1, maxLength: 5 },
);

function prefixed(headers: Headers, tokens: readonly string[]): Headers {
  const left = tokens.join(", ");
  return headers.map(([name, value]) =>
    name.toLowerCase() === "x-forwarded-for" ? [name, `${left}, ${value}`] : [name, value],
  );
}

function lower(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

describe("forged entries on the left change nothing", () => {
  const chained = dumps.filter((dump) => "x-forwarded-for" in lower(dump.headers));

  test.each(chained.map((dump) => [dump.name, dump] as const))("%s", (_name, dump) => {
    const headers = Object.entries(dump.headers);
    const environment = environments[dump.expected.on];
    const before = walk(dump.headers, environment);
    fc.assert(
      fc.property(forged, (tokens) => {
        const after = walk(Object.fromEntries(prefixed(headers, tokens)), environment);
        expect(after).toEqual(before);
      }),
    );
  });

  test("also behind a gateway in front of App Service", () => {
    const chain = "203.0.113.9:4444, 10.1.0.4:5555";
    const headers = {
      "x-appgw-trace-id": "ca99b77c0afee96d6a12bff457f7be09",
      "x-arr-log-id": "1",
      "client-ip": "10.1.0.4:5555",
    };
    const honest = walk({ ...headers, "x-forwarded-for": chain }, site);
    expect(honest).toMatchObject({ address: "203.0.113.9", port: 4444, confidence: "claimed" });
    fc.assert(
      fc.property(forged, (tokens) => {
        const value = [...tokens, chain].join(",");
        expect(walk({ ...headers, "x-forwarded-for": value }, site)).toEqual(honest);
      }),
    );
  });
});
