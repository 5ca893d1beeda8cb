/** Runs where resolv.conf names 10.9.8.7, behind which named answers: dns-views.test.ts makes the place. */
import { beforeAll, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import { dns } from "../../lib/probes/dns.ts";
import { text } from "../../lib/surfaces/text.ts";
import { sheets } from "../../lib/facts/index.ts";
import { ask, localEdge } from "../asking.ts";
import { named } from "../servers/named.ts";
import { needs } from "../servers/needs.ts";
import { relayedDns } from "../servers/scripted-dns.ts";

const zone = String.raw`$TTL 300
@ SOA ns host\.master 1 3600 600 86400 60
@ NS ns
@ MX 10 a
@ MX 0 .
@ CAA 0 issue "ca.example.test; account=7"
@ CAA 128 iodef "mailto:a@example.test"
ns A 127.0.0.1
a A 10.0.0.4
six AAAA 2001:db8::4
alias CNAME a
text TXT "hello world" "and \"more\"" "\255"
_sip._tcp SRV 1 2 5060 a
_443._tcp TLSA 3 1 1 d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971
naptr NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.test!" .
ptr PTR a
`;

const asking = (owner: string, type: string, more: Pair[] = []) =>
  ask(
    dns,
    [["name", `${owner}example.test.`], ["type", type], ["views", "all"], ...more],
    localEdge({ SONDE_LOCAL_HOST: "1" }, "nameserver 10.9.8.7\n"),
  );

needs("named")("c-ares beside the server that it asks", () => {
  beforeAll(async () => {
    const { port } = await named({ "example.test": zone });
    await relayedDns(port, { host: "10.9.8.7", port: 53 });
  });

  test.each([
    ["", "SOA"],
    ["", "NS"],
    ["", "MX"],
    ["", "CAA"],
    ["a.", "A"],
    ["six.", "AAAA"],
    ["alias.", "CNAME"],
    ["text.", "TXT"],
    ["_sip._tcp.", "SRV"],
    ["_443._tcp.", "TLSA"],
    ["naptr.", "NAPTR"],
    ["ptr.", "PTR"],
  ])("%sexample.test. %s: the same data", async (owner, type) => {
    const { result, findings } = await asking(owner, type);
    const views: { on: string; query: { answers: { data: string }[] } }[] = Object(
      result["servers"],
    );
    const dataOf = (place: string) =>
      views
        .find(({ on }) => on === place)
        ?.query.answers.map(({ data }) => data.replaceAll(/(?<=[\dA-F]{56}) /g, ""))
        .toSorted();
    expect(dataOf("cares")).not.toEqual([]);
    expect(dataOf("cares")).toEqual(dataOf("10.9.8.7:53"));
    expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
  });

  test("a type that it cannot be asked for has no such view", async () => {
    const { result } = await asking("a.", "HTTPS");
    expect(result["servers"]).toMatchObject([{ on: "10.9.8.7:53" }]);
    expect(result["servers"]).toHaveLength(1);
  });

  test("no such record is the same no in both views", async () => {
    const { result } = await asking("a.", "TXT", [["control", "0"]]);
    expect(result["servers"]).toMatchObject([
      { on: "cares", stopped: { code: "dns.nodata" } },
      { on: "10.9.8.7:53", stopped: { code: "dns.nodata" } },
    ]);
  });

  test("the text says that it hands on no TTL", async () => {
    const printed = text.write(await asking("", "MX"), sheets);
    expect(printed).toMatch(/example\.test\. - IN MX 10 a\.example\.test\./);
  });
});
