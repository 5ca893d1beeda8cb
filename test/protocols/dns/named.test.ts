/** Differential: what `dig` prints for every record of a zone, and what is read here from the same server. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codec } from "../../../lib/protocols/dns/codec.ts";
import { screen } from "../../../lib/protocols/dns/match.ts";
import type { Message, QueryEdns, ResourceRecord } from "../../../lib/protocols/dns/message.ts";
import { type Named, missing, startNamed } from "./named.ts";
import { zone } from "./zone.ts";

describe.skipIf(missing.length > 0)("against named", () => {
  let server: Named;
  beforeAll(async () => {
    server = await startNamed(zone);
  }, 30_000);
  afterAll(() => server?.stop());

  async function ask(name: string, type: string, kind = "IN", more: Partial<QueryEdns> = {}) {
    const { encodeQuery, decode } = await codec();
    const sent = { id: 4711, name, type, class: kind };
    const edns = { udpSize: 1232, dnssecOk: false, ...more };
    const bytes = await server.ask(encodeQuery({ ...sent, recursionDesired: false, edns }));
    expect(screen(bytes, sent)).toEqual({ ok: true });
    return decode(bytes);
  }

  test.each(["example.test", "nsec3.test"])(
    "every record of %s reads as dig prints it",
    async (origin) => {
      // BIND 9.18 does not know the name that RFC 9461 gave to key7.
      const transfer = await server.dig("AXFR", origin);
      const theirs = new Set(transfer.map((line) => line.replace(" key7=", " dohpath=")));
      const ours = new Set<string>();
      for (const set of new Set(
        transfer.map((line) => line.split(" ", 4).toSpliced(1, 2).join(" ")),
      )) {
        const [name = "", type = ""] = set.split(" ");
        const message = await ask(name, type, "IN", { dnssecOk: true });
        expect(message.defects, set).toEqual([]);
        for (const line of allLines(message)) ours.add(line);
      }
      expect([...ours].filter((line) => !theirs.has(line))).toEqual([]);
      // Hashed owners cannot be asked for (RFC 5155 §7.2.8): their records come with a denial.
      for (const name of ["nothing", "a", "www.tree"]) {
        const message = await ask(`${name}.${origin}`, "TLSA", "IN", { dnssecOk: true });
        for (const line of allLines(message)) ours.add(line);
      }
      expect([...theirs].filter((line) => !ours.has(line))).toEqual([]);
      expect(theirs.size).toBeGreaterThan(10);
    },
  );

  test("the Chaosnet names of a server read as dig prints them", async () => {
    for (const name of ["version.bind", "id.server"]) {
      const message = await ask(name, "TXT", "CH");
      expect(message.answers.map(printed)).toEqual(await server.dig("CH", "TXT", name));
      expect(message.answers).toHaveLength(1);
    }
  });

  test("the server names itself and answers the cookie when asked to", async () => {
    const cookie = Buffer.from("0123456789abcdef", "hex");
    const { edns } = await ask("a.example.test", "A", "IN", { nsid: true, cookie });
    expect(edns).toMatchObject({ version: 0, udpSize: 1232, dnssecOk: false, ede: [] });
    expect(edns?.nsid).toEqual({ hex: "736f6e64652d74657374", text: "sonde-test" });
    expect(edns?.cookie?.client).toBe("0123456789abcdef");
    expect(edns?.cookie?.server).toMatch(/^[\da-f]{32}$/);
  });

  test("flags, codes and sections of a denial", async () => {
    const message = await ask("nothing.example.test", "A");
    expect(message).toMatchObject({ rcode: "NXDOMAIN", rcodeNumber: 3, answers: [] });
    expect(message.flags).toEqual({
      qr: true,
      aa: true,
      tc: false,
      rd: false,
      ra: false,
      ad: false,
      cd: false,
    });
    expect(message.question).toEqual([{ name: "nothing.example.test.", type: "A", class: "IN" }]);
    expect(message.authority.map((record) => record.type)).toEqual(["SOA"]);
    expect(await ask("elsewhere.example", "A")).toMatchObject({ rcode: "REFUSED" });
  });

  test("a version of EDNS that nobody knows comes back as BADVERS", async () => {
    const { encodeQuery, decode } = await codec();
    const edns = { udpSize: 1232, dnssecOk: false };
    const query = encodeQuery({
      id: 1,
      name: "example.test",
      type: "A",
      recursionDesired: false,
      edns,
    });
    query[query.length - 5] = 1;
    expect(decode(await server.ask(query))).toMatchObject({ rcode: "BADVERS", rcodeNumber: 16 });
  });
});

function allLines(message: Message): string[] {
  return [...message.answers, ...message.authority, ...message.additional].map(printed);
}

function printed(record: ResourceRecord): string {
  return `${record.name} ${record.ttl} ${record.class} ${record.type} ${record.data}`;
}
