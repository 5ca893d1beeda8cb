import { expect, test } from "vitest";
import { followChain } from "../../../lib/protocols/dns/chain.ts";
import type { ResourceRecord } from "../../../lib/protocols/dns/message.ts";

const answers = (...lines: string[]): ResourceRecord[] =>
  lines.map((line) => {
    const [name = "", type = "", data = "", kind = "IN"] = line.split(" ");
    return { name, type, class: kind, ttl: 60, data };
  });

test("aliases are followed in their order, whatever the order of the records and the case of the names", () => {
  const found = answers(
    "C.test. A 192.0.2.1",
    "b.Test. CNAME c.test.",
    "a.test. CNAME B.test.",
    "c.test. AAAA ::1",
    "d.test. A 192.0.2.9",
  );
  expect(followChain("A.test", "A", found)).toEqual({
    chain: [
      { name: "a.test.", target: "B.test." },
      { name: "b.Test.", target: "c.test." },
    ],
    end: "c.test.",
    loop: false,
    addresses: ["192.0.2.1", "::1"],
  });
});

test("a name without an alias is its own end", () => {
  const direct = followChain("a.test", "A", answers("a.test. A 192.0.2.1", "a.test. A 192.0.2.2"));
  expect(direct).toEqual({
    chain: [],
    end: "a.test.",
    loop: false,
    addresses: ["192.0.2.1", "192.0.2.2"],
  });
  expect(followChain("a.test", "A", [])).toEqual({
    chain: [],
    end: "a.test.",
    loop: false,
    addresses: [],
  });
});

test("a dangling alias ends at its target, with no address", () => {
  const dangling = followChain(
    "a.test",
    "A",
    answers("a.test. CNAME gone.test.", "b.test. A 192.0.2.1"),
  );
  expect(dangling).toMatchObject({ end: "gone.test.", loop: false, addresses: [] });
});

test("a loop is told and left", () => {
  const two = followChain("a.test", "A", answers("a.test. CNAME b.test.", "b.test. CNAME A.test."));
  expect(two).toMatchObject({ end: "A.test.", loop: true, addresses: [] });
  expect(two.chain).toHaveLength(2);
  expect(followChain("a.test", "A", answers("a.test. CNAME a.test."))).toMatchObject({
    loop: true,
  });
  const later = answers("a.test. CNAME b.test.", "b.test. CNAME c.test.", "c.test. CNAME b.test.");
  expect(followChain("a.test", "A", later)).toMatchObject({ loop: true, end: "b.test." });
});

test.each(["CNAME", "cname", "5", "ANY"])("asked for %s, an alias is the answer", (type) => {
  expect(followChain("a.test", type, answers("a.test. CNAME b.test."))).toMatchObject({
    chain: [],
    end: "a.test.",
  });
});

test("of several aliases of one name the first one counts", () => {
  const double = answers("a.test. CNAME b.test.", "a.test. CNAME c.test.");
  expect(followChain("a.test", "A", double)).toMatchObject({ end: "b.test." });
});

test("addresses of another class or another name do not count", () => {
  const others = answers("a.test. A 192.0.2.1 CH", "b.test. A 192.0.2.2");
  expect(followChain("a.test", "A", others).addresses).toEqual([]);
});

test("letters beyond ASCII keep their case", () => {
  const escaped = answers("\\196.test. CNAME b.test.");
  expect(followChain("\\228.test", "A", escaped).chain).toEqual([]);
  expect(followChain("\\196.test", "A", escaped).chain).toHaveLength(1);
});
