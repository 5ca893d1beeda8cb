import { expect, test } from "vitest";
import { formatAddress } from "../../lib/policy/address.ts";
import { classify, classOf, productionFloor } from "../../lib/policy/classes.ts";
import { formatPrefix } from "../../lib/policy/prefix.ts";
import { at } from "./settings.ts";

/**
 * The whole of both address spaces as consecutive stretches, each from its first address up to the next
 * one: tier and class. Written from the IANA registries of special purpose addresses (IPv4 and IPv6) and
 * the documents of the cloud platforms, not from the tables of the code.
 */
const ipv4 = `
0.0.0.0 floor unspecified
0.0.0.1 floor this-network
1.0.0.0 public public
10.0.0.0 private private
11.0.0.0 public public
100.64.0.0 reserved shared
100.100.100.200 floor cloud-metadata
100.100.100.201 reserved shared
100.128.0.0 public public
127.0.0.0 floor loopback
128.0.0.0 public public
168.63.129.16 floor azure-platform
168.63.129.17 public public
169.254.0.0 floor link-local
169.255.0.0 public public
172.16.0.0 private private
172.32.0.0 public public
192.0.0.0 floor ietf-protocol
192.0.1.0 public public
192.0.2.0 reserved documentation
192.0.3.0 public public
192.88.99.0 floor 6to4-relay
192.88.100.0 public public
192.168.0.0 private private
192.169.0.0 public public
198.18.0.0 reserved benchmark
198.20.0.0 public public
198.51.100.0 reserved documentation
198.51.101.0 public public
203.0.113.0 reserved documentation
203.0.114.0 public public
224.0.0.0 floor multicast
240.0.0.0 floor reserved
255.255.255.255 floor broadcast`;

const ipv6 = `
:: floor unspecified
::1 floor loopback
::2 floor ipv4-compatible
::1:0:0 public public
::ffff:0:0:0 floor ipv4-translated
::ffff:1:0:0 public public
64:ff9b:1:: floor nat64-local
64:ff9b:2:: public public
100:: floor discard
100:0:0:1:: floor dummy
100:0:0:2:: public public
2001:: floor teredo
2001:1:: reserved ietf-protocol
2001:2:: reserved benchmark
2001:2:1:: reserved ietf-protocol
2001:200:: public public
2001:db8:: reserved documentation
2001:db9:: public public
2002:: floor 6to4
2003:: public public
3fff:: reserved documentation
3fff:1000:: public public
5f00:: floor srv6-sid
5f01:: public public
fc00:: private unique-local
fd00:ec2::254 floor cloud-metadata
fd00:ec2::255 private unique-local
fd20:ce::254 floor cloud-metadata
fd20:ce::255 private unique-local
fe00:: public public
fe80:: floor link-local
fec0:: floor site-local
ff00:: floor multicast`;

const stretches = [ipv4, ipv6].map((text) =>
  text
    .trim()
    .split("\n")
    .map((line) => {
      const [first = "", ...is] = line.split(" ");
      return { first: at(first), is: is.join(" ") };
    }),
);

const tierAndClass = (value: bigint, family: 4 | 6) => {
  const { tier, class: name } = classify({ family, value });
  return `${tier} ${name}`;
};

const edges = stretches.flatMap((space) =>
  space.map(({ first, is }, index) => {
    const next = space[index + 1]?.first.value ?? (first.family === 4 ? 2n ** 32n : 2n ** 128n);
    const name = formatAddress(first);
    return { name, family: first.family, first: first.value, last: next - 1n, is };
  }),
);

// The last stretch before ::1:0:0 ends in IPv4-mapped addresses, which never reach the table as IPv6.
test.each(edges)("$name starts a stretch that is $is to its end", ({ family, first, last, is }) => {
  const middle = first + (last - first) / 2n;
  for (const value of [first, middle, last]) expect(tierAndClass(value, family)).toBe(is);
});

test("the edges of every block of the floor are edges of the registries", () => {
  const starts = new Set(edges.map(({ family, first }) => `${family} ${first}`));
  for (const { prefix, only } of productionFloor) {
    if (only !== undefined) continue;
    const bits = prefix.family === 4 ? 32n : 128n;
    const next = prefix.value + (1n << (bits - BigInt(prefix.length)));
    for (const value of [prefix.value, next]) {
      if (value < 1n << bits) expect(starts).toContain(`${prefix.family} ${value}`);
    }
  }
});

test("NAT64 is as public as the IPv4 address it carries", () => {
  for (const { name, family, is } of edges.filter((edge) => edge.family === 4)) {
    const tier = classify({ family, value: at(name).value }).tier;
    const wrapped = classify(at(`64:ff9b::${name}`));
    expect([is, wrapped.tier, wrapped.class]).toStrictEqual(
      tier === "public" ? [is, "public", "public"] : [is, "floor", "nat64"],
    );
  }
});

test.each([
  ["::8.8.4.4", "8.8.4.4"],
  ["::ffff:0:808:404", "8.8.4.4"],
  ["64:ff9b::808:404", "8.8.4.4"],
  ["2002:808:404::1", "8.8.4.4"],
  ["2001:0:4136:e378:8000:63bf:f7f7:fbfb", "8.8.4.4"],
  ["2a01:111::5efe:808:404", "8.8.4.4"],
  ["2a01:111::200:5efe:808:404", "8.8.4.4"],
  ["2a01:111::201:5efe:808:404", undefined],
  ["2a01:111::100:5efe:808:404", undefined],
  ["2a01:111::5eff:808:404", undefined],
  ["64:ff9c::808:404", undefined],
  ["::1", undefined],
  ["::", undefined],
  ["8.8.4.4", undefined],
])("%s carries %s", (text, carried) => {
  const { embedded } = classify(at(text));
  expect(embedded && formatAddress(embedded)).toBe(carried);
});

test.each([
  ["fe80::1%eth0", "link-local"],
  ["::ffff:10.0.0.4", "private"],
  ["FD12:3456::1", "unique-local"],
  ["168.63.129.16", "azure-platform"],
  ["2a01:111::5efe:808:404", "isatap"],
  ["0x7f.1", "unknown"],
  ["", "unknown"],
])("classOf(%j) is %s", (text, name) => {
  expect(classOf(text)).toBe(name);
});

test("the production floor is this one", () => {
  const table = productionFloor.map(
    ({ prefix, class: name, why, only }) =>
      `${formatPrefix(prefix)}${only === undefined ? "" : " when it matches"} ${name}: ${why}`,
  );
  expect(table.join("\n")).toMatchInlineSnapshot(`
    "0.0.0.0/32 unspecified: on many systems a way to say loopback
    0.0.0.0/8 this-network: RFC 791, valid as a source only
    127.0.0.0/8 loopback: this very instance and its side-cars
    169.254.0.0/16 link-local: instance metadata and platform services
    168.63.129.16/32 azure-platform: the virtual address of the Azure host
    192.0.0.0/24 ietf-protocol: RFC 6890, protocol assignments
    192.88.99.0/24 6to4-relay: RFC 7526, deprecated relay anycast
    100.100.100.200/32 cloud-metadata: instance metadata of Alibaba Cloud
    224.0.0.0/4 multicast: RFC 5771, never one host
    255.255.255.255/32 broadcast: RFC 919, every host on the link
    240.0.0.0/4 reserved: RFC 1112, never assigned
    ::/128 unspecified: on many systems a way to say loopback
    ::1/128 loopback: this very instance and its side-cars
    ::/96 ipv4-compatible: RFC 4291, deprecated, carries an IPv4 address
    ::ffff:0:0:0/96 ipv4-translated: RFC 2765, carries an IPv4 address
    64:ff9b:1::/48 nat64-local: RFC 8215, carries an IPv4 address nobody else can read
    64:ff9b::/96 when it matches nat64: RFC 6052, only public IPv4 may be carried
    2001::/32 teredo: RFC 4380, carries an IPv4 address
    2002::/16 6to4: RFC 3056, carries an IPv4 address
    100::/64 discard: RFC 6666, a black hole
    100:0:0:1::/64 dummy: RFC 9780, never routed
    5f00::/16 srv6-sid: RFC 9602, segment identifiers, not hosts
    fe80::/10 link-local: one link only, platform services
    fec0::/10 site-local: RFC 3879, deprecated
    ff00::/8 multicast: RFC 4291, never one host
    fd00:ec2::254/128 cloud-metadata: instance metadata of AWS
    fd20:ce::254/128 cloud-metadata: instance metadata of Google Cloud
    ::/0 when it matches isatap: RFC 5214, carries an IPv4 address"
  `);
});
