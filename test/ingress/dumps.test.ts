import { describe, expect, test } from "vitest";
import { arriveSheet } from "../../lib/facts/arrive.ts";
import { conclude } from "../../lib/findings/conclude.ts";
import { leavesOf } from "../../lib/leaves.ts";
import { arriveWith, type ArriveFacts } from "../stages/arriving.ts";
import { type Dump, dumps, environments } from "./dump.ts";

/** Without a scheme, unless it is asked for: none that could be mistaken for one that a header tells. */
async function read(dump: Dump, scheme = ""): Promise<ArriveFacts> {
  const headers = Object.entries(dump.headers);
  const host = dump.headers["host"] ?? dump.headers["Host"] ?? "app.example";
  return arriveWith(
    { headers, url: `${scheme}//${host}/api/echo` },
    environments[dump.expected.on],
  );
}

test("all dumps are there", () => {
  expect(dumps).toHaveLength(18);
});

describe.each(dumps.map((dump) => [dump.name, dump] as const))("%s", (_name, dump) => {
  const { expected } = dump;

  test("is complete under the sheet's schema", async () => {
    expect(arriveSheet.facts.safeParse(await read(dump)).error).toBeUndefined();
  });

  test("names the client and the hops as diagnosed", async () => {
    const facts = await read(dump);
    const { address, port, confidence } = facts.client ?? {};
    expect({ address, port, confidence }).toEqual({
      address: undefined,
      port: undefined,
      ...expected.client,
    });
    expect(facts.hops?.map((hop) => hop.kind)).toEqual(expected.hops);
    expect(facts.scheme).toBe(expected.scheme);
  });

  test("tells the name that the client asked for, where it is another", async () => {
    const { publicUrl } = await read(dump, "https:");
    const host = publicUrl === undefined ? undefined : new URL(publicUrl.url).hostname;
    expect(host).toBe(expected.publicHost);
  });

  test("shows every header name that arrived", async () => {
    const { headers } = await read(dump);
    expect(headers?.map((header) => header.name)).toEqual(Object.keys(dump.headers));
  });

  test("masks what is secret and nothing else", async () => {
    const facts = await read(dump);
    const masked = facts.headers?.filter((header) => header.masked !== undefined);
    expect(masked?.map((header) => header.name.toLowerCase()).toSorted()).toEqual(
      expected.masked.toSorted(),
    );
    for (const secret of expected.secrets) expect(JSON.stringify(facts)).not.toContain(secret);
  });

  test("tells the legs and how sure each hop is", async () => {
    const { hops = [] } = await read(dump);
    if (expected.confidences)
      expect(hops.map((hop) => hop.confidence)).toEqual(expected.confidences);
    expect(hops.map((hop) => hop.tls)).toEqual(expected.tls);
    if (expected.tlsVersion)
      expect(hops.map((hop) => hop.tlsVersion)).toContain(expected.tlsVersion);
    for (const [kind, detail] of Object.entries(expected.detail ?? {}))
      expect(hops.find((hop) => hop.kind === kind)?.detail).toMatchObject(detail);
  });

  test("tells where TLS ended, what a restriction judges, and whom the request is from", async () => {
    const { tlsEnd, judged, purpose } = await read(dump);
    expect(tlsEnd?.at).toBe(expected.tlsEnd);
    const { family, embedded, address } = judged ?? {};
    expect(judged === undefined ? null : `${family} ${embedded ?? address ?? "unknown"}`).toBe(
      expected.judged,
    );
    expect(purpose).toBe(expected.purpose);
  });

  test("concludes what the diagnosis says, and nothing else", async () => {
    const result = { arrive: await read(dump) };
    const findings = conclude(leavesOf(result)).map((one) => one.code);
    expect(findings.toSorted()).toEqual(expected.findings);
  });

  test("reads zones, hidden addresses and certificates", async () => {
    const { forwarded = [], clientCertificate } = await read(dump);
    if (expected.zone) expect(forwarded.map((entry) => entry.zone)).toContain(expected.zone);
    if (expected.embedded)
      expect(forwarded.map((entry) => entry.embedded)).toContain(expected.embedded);
    if (expected.certificate) expect(clientCertificate).toMatchObject(expected.certificate);
    else expect(clientCertificate).toBeUndefined();
  });
});
