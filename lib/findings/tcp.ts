import type { Leaf } from "../leaves.ts";
import type { Rule } from "./rule.ts";

/** How long Linux and Windows wait before they send a lost SYN again, and again: RFC 6298 §2, §5.5. */
const retransmissions = [1000, 3000, 7000];

/** A connection that took just this long was not slow: its first SYN, or the answer, was lost. */
const NEAR_MS = 120;

const deadly = ["tcp.timeout", "tcp.unreachable", "tcp.refused"];

const isDead = ({ stopped }: Leaf) => stopped !== undefined && deadly.includes(stopped.code);

/** A refusal is an answer too, and no connection: what came of it stands beside the address. */
const without = ({ on, stopped }: Leaf) => `${on} (${stopped?.code})`;

/** Where one answer is enough: the addresses of a family that gave none before another did. */
function triedInVain({ facts: { connect } }: Leaf, family: 4 | 6): string[] {
  const { tried = [], connectMs } = connect ?? {};
  const dead = tried.filter(
    ({ address, code }) => deadly.includes(code) && address.includes(":") === (family === 6),
  );
  return connectMs === undefined ? [] : dead.map(({ address, code }) => `${address} (${code})`);
}

/** The connection opened, whatever became of it. What we or this host forbid is neither dead nor living. */
const isLiving = ({ facts, stopped }: Leaf) =>
  stopped === undefined || facts.connect?.connectMs !== undefined;

/** `the control`, or `all 2 controls`. */
export const countOf = ({ length }: readonly Leaf[]) =>
  length === 1 ? "the control" : `all ${length} controls`;

/** The leaves of one address each, which is where a run over all addresses of a name ends. */
const addressed = (all: readonly Leaf[]) =>
  all.filter(
    ({ facts, on }) => facts.connect?.address !== undefined && facts.connect.address === on,
  );

export const tcpRules: readonly Rule[] = [
  {
    code: "tcp.ipv6_dead",
    before: "tcp.refused",
    severity: "warn",
    blame: "network",
    confidence: "certain",
    title: "IPv6 comes first and is dead",
    why:
      "The resolver puts an IPv6 address first, and it takes no connection, while IPv4 does. Where it is " +
      "silent, a client that races the families (RFC 8305) loses a quarter of a second, and one that does " +
      "not waits for its time-out; where it refuses, a client that tries one address alone fails.",
    rivals: [
      "the network here has no IPv6 at all, and the name is published for those that have",
      "it refuses: the service listens on IPv4 alone",
    ],
    next: [
      "Does this network have IPv6? If not, let the client prefer IPv4, or drop the AAAA record.",
      "Does the address refuse? Let the service listen on IPv6 as well.",
    ],
    when(leaf, all) {
      const [vain] = triedInVain(leaf, 6);
      if (vain !== undefined && leaf.facts.connect?.family === 4) {
        return `no connection to ${vain}, but to ${leaf.facts.connect.address}`;
      }
      const [first] = addressed(all);
      if (first !== leaf || leaf.facts.connect?.family !== 6 || !isDead(leaf)) return undefined;
      const living = addressed(all).find((one) => one.facts.connect?.family === 4 && isLiving(one));
      return living && `no connection to ${without(leaf)}, but to ${living.on}`;
    },
  },
  {
    code: "tcp.some_dead",
    before: "tcp.refused",
    severity: "warn",
    blame: "target",
    confidence: "certain",
    title: "Some of the addresses take no connection",
    why:
      "The name leads to several addresses of one family, and not all of them take a connection. Clients " +
      "that are given one of those fail or wait, and the others never notice.",
    rivals: ["a rule on the way that knows only some of the addresses"],
    next: ["Take the address out of DNS, or bring the host or the service behind it back."],
    when(leaf, all) {
      const { family = 4, address } = leaf.facts.connect ?? {};
      const vain = triedInVain(leaf, family);
      if (vain.length > 0) return `no connection to ${vain.join(", ")}, but to ${address}`;
      const kin = addressed(all).filter((one) => one.facts.connect?.family === family);
      const dead = kin.filter(isDead);
      if (dead[0] !== leaf || !kin.some(isLiving)) return undefined; // once for the family
      return `no connection to ${dead.length} of ${kin.length} IPv${family} addresses: ${dead.map(without).join(", ")}`;
    },
  },
  {
    code: "tcp.sandbox_port",
    severity: "fail",
    before: "tcp.forbidden",
    blame: "platform",
    confidence: "certain",
    basis: "documents",
    title: "The sandbox of this plan closes the port",
    why:
      "Windows plans forbid connections to ports 137, 138, 139 and 445 (NetBIOS and SMB) whatever the network " +
      "would allow. The packet was never sent, so nothing is said about the network or the target.",
    rivals: [],
    next: [
      "Mount the share by the platform (azureStorageAccounts), or use the REST interface on port 443.",
      "Measure the path to this port from a Linux plan or a machine in the same network.",
    ],
    docs: "https://github.com/projectkudu/kudu/wiki/Azure-Web-App-sandbox",
    when: ({ stopped }) =>
      stopped?.detail?.["sandboxPort"] === undefined ? undefined : stopped.message,
  },
  {
    code: "tcp.snat_shape",
    severity: "warn",
    blame: "platform",
    confidence: "possible",
    basis: "documents",
    title: "Many connections at once to one public target fail, others do not",
    why:
      "Some of the connections that were opened together to one public address and port got no answer, " +
      "while the control targets did. This is the shape of SNAT exhaustion: an instance has 128 " +
      "preallocated ports for each public destination.",
    rivals: [
      "the target limits connections from one address, or is overloaded",
      "a firewall on the way limits new connections",
    ],
    next: [
      "Does the failing share grow with parallel=? Do private targets stay untouched?",
      "The platform's SNAT detector counts the ports; a NAT gateway, a private endpoint or pooled connections relieve them.",
    ],
    when(leaf, all) {
      const { tally, connect } = leaf.facts;
      const kin = all.filter((one) => one.facts.tally !== undefined && one.facts.tally === tally);
      if (kin[0] !== leaf || connect?.class !== "public") return undefined;
      const silent = kin.filter(({ stopped }) => stopped?.code === "tcp.timeout").length;
      const controls = all.filter((one) => one.fork === "controls");
      const untouched = controls.length > 0 && controls.every((one) => one.stopped === undefined);
      return untouched && silent > 0 && silent < kin.length
        ? `${silent} of ${kin.length} to ${connect.address} got no answer, ${countOf(controls)} did`
        : undefined;
    },
  },
  {
    code: "tcp.lost_syn",
    severity: "warn",
    blame: "network",
    confidence: "likely",
    title: "A packet was lost while connecting",
    why:
      "The connection took as long as the operating system waits before it sends a lost SYN again. " +
      "The host is not slow: the first packet, or its answer, did not come through.",
    rivals: [
      "a load balancer that takes a moment to choose a backend",
      "outbound ports to this destination are nearly used up (SNAT)",
    ],
    next: ["Repeat with count=20: how many of the attempts take so long?"],
    when({ facts: { connect } }) {
      const ms = connect?.connectMs;
      const lost = retransmissions.some(
        (wait) => ms !== undefined && ms >= wait && ms < wait + NEAR_MS,
      );
      return lost ? `connected after ${ms} ms` : undefined;
    },
  },
  {
    code: "tcp.first_slow",
    severity: "info",
    blame: "network",
    confidence: "likely",
    title: "The first attempt was much slower than the rest",
    why: "Something on the way had to wake up: the first connection paid for it, the next ones did not.",
    rivals: [
      "a route or tunnel that is set up on demand (VPN, relay)",
      "a target that scales from zero",
      "address resolution on the last link",
      "the first packet was lost by chance: then tcp.lost_syn stands beside this",
    ],
    next: ["Repeat after some minutes of silence: does the first attempt pay again?"],
    when(leaf, all) {
      const { tally } = leaf.facts;
      // The attempts of one address share its tally: it is said once.
      if (all.find((one) => one.facts.tally === tally) !== leaf) return undefined;
      const { firstMs, medianMs, answered = 0 } = tally ?? {};
      if (firstMs === undefined || medianMs === undefined || answered < 3) return undefined;
      return firstMs > 50 && firstMs > medianMs * 5
        ? `the first took ${firstMs} ms, the median ${medianMs} ms`
        : undefined;
    },
  },
];
