/** What the attempts show about the way to a server. */
import type { Leaf } from "../../leaves.ts";
import type { Rule } from "../rule.ts";

type Attempts = NonNullable<NonNullable<Leaf["facts"]["query"]>["attempts"]>;

const attemptsOf = ({ facts }: Leaf): Attempts => facts.query?.attempts ?? [];
const came = ({ outcome }: Attempts[number]) => outcome === "answered" || outcome === "truncated";
const over = (attempts: Attempts, transport: string) =>
  attempts.filter((one) => one.transport === transport);
const sizeOf = ({ edns }: Attempts[number]) => (typeof edns === "number" ? edns : 0);

/** The sizes that stayed silent to the last, and what was answered. */
function ladder(leaf: Leaf) {
  const udp = over(attemptsOf(leaf), "udp");
  const [first] = udp;
  const last = udp.at(-1);
  // The last question repeats the first: when it is answered, size and EDNS were not the trouble.
  const stays = first?.outcome === "timeout" && last?.outcome === "timeout";
  return { wanted: first === undefined ? 0 : sizeOf(first), udp: stays ? udp.filter(came) : [] };
}

export const transportRules: readonly Rule[] = [
  {
    code: "dns.tcp_shut",
    severity: "warn",
    blame: "network",
    confidence: "likely",
    title: "The server answers over UDP and not over TCP",
    why:
      "Answers that do not fit a datagram come over TCP (RFC 7766). Short ones work, long ones fail: so " +
      "names break one by one, as their answers grow.",
    rivals: ["the server itself does not serve TCP"],
    next: ["Open TCP 53 beside UDP 53 in the rules on the way to this server."],
    when(leaf, all) {
      const attempts = attemptsOf(leaf);
      const server = leaf.facts.query?.server;
      // The caller may have asked the same server in both ways, each a view of its own.
      const ways = all.filter((one) => one.facts.query?.server === server).map(attemptsOf);
      const controlled = leaf.facts.control?.controls?.find(
        ({ purpose }) => purpose === "the same over TCP",
      )?.outcome;
      const tried = over(attempts, "tcp").map(({ outcome }) => outcome);
      const shut = [...tried, ...(controlled === undefined ? [] : [controlled])].filter(isShut);
      return ways.some((way) => over(way, "udp").some(came)) &&
        shut.length > 0 &&
        !over(attempts, "tcp").some(came)
        ? `answered over UDP; over TCP: ${shut[0]}`
        : undefined;
    },
  },
  {
    code: "dns.udp_silent",
    severity: "warn",
    blame: "network",
    confidence: "likely",
    title: "The server answers over TCP and not over UDP",
    why: "Most programs ask over UDP first: each look-up waits for a time-out before TCP is tried, if ever.",
    rivals: ["the server itself serves TCP only"],
    next: [
      "Open UDP 53 beside TCP 53 in the rules on the way to this server, and on the way back.",
    ],
    when(leaf) {
      const attempts = attemptsOf(leaf);
      const udp = over(attempts, "udp");
      return udp.length > 0 && !udp.some(came) && over(attempts, "tcp").some(came)
        ? `over UDP: ${[...new Set(udp.map(({ outcome }) => outcome))].join(", ")}; over TCP an answer`
        : undefined;
    },
  },
  {
    code: "dns.udp_size",
    severity: "warn",
    blame: "network",
    confidence: "likely",
    title: "Larger answers over UDP get lost",
    why:
      "A smaller answer comes through and a larger one does not, twice. Larger answers are sent in " +
      "fragments, and something on the way discards those.",
    rivals: ["the server drops what it cannot send in one piece"],
    next: ["Ask with edns=1232, which passes nearly everywhere, or let fragments pass on the way."],
    when(leaf) {
      const { wanted, udp } = ladder(leaf);
      const best = Math.max(0, ...udp.map(sizeOf));
      return best > 0 ? `silent at ${wanted} octets, answered at ${best}` : undefined;
    },
  },
  {
    code: "dns.edns_trouble",
    severity: "warn",
    blame: "network",
    confidence: "likely",
    title: "Questions with EDNS are not understood",
    why:
      "Without EDNS the server answers, with it it does not. Validating resolvers need EDNS, and " +
      "answers over 512 octets need TCP without it.",
    rivals: ["an old server", "a firewall that inspects DNS and discards what it does not know"],
    next: ["Is there a DNS inspection on the way to this server? Switch it off, or update it."],
    when(leaf) {
      const { udp } = ladder(leaf);
      if (udp.length > 0 && udp.every(({ edns }) => edns === "off")) {
        return "silent with EDNS, answered without";
      }
      const [refused] = attemptsOf(leaf).filter(
        ({ rcode = "", edns }) =>
          ["FORMERR", "NOTIMP", "BADVERS"].includes(rcode) && edns !== "off",
      );
      const without = attemptsOf(leaf).some((one) => one.edns === "off" && came(one));
      return refused !== undefined && without
        ? `${refused.rcode} with EDNS, another answer without`
        : undefined;
    },
  },
  {
    code: "dns.forged",
    severity: "warn",
    blame: "network",
    confidence: "possible",
    title: "Datagrams came that are not the answer",
    why:
      "They carried a wrong id, another question, or were no answer at all, and were dropped. Somebody " +
      "guesses answers, or somebody mixes them up.",
    rivals: [
      "late answers of a server that is slow",
      "a NAT device or load balancer that mixes up flows",
    ],
    next: ["Ask again, and over TCP: do they come back?"],
    when(leaf) {
      const dropped = attemptsOf(leaf).flatMap((one) => one.dropped ?? []);
      if (dropped.length === 0) return undefined;
      return `${dropped.length} dropped: ${[...new Set(dropped)].join(", ")}`;
    },
  },
  {
    code: "dns.question_lost",
    severity: "info",
    blame: "network",
    confidence: "possible",
    title: "A question over UDP was lost, and its repetition answered",
    why: "A program that repeats it less patiently, or not at all, sees a failure here.",
    rivals: ["the server was slow, and had the answer ready when it was asked again"],
    next: ["Repeat the run: how often does this happen?"],
    when(leaf) {
      const udp = over(attemptsOf(leaf), "udp");
      const lost = udp.filter(({ outcome }) => outcome === "timeout");
      return lost.some(({ edns }) => udp.some((one) => one.edns === edns && came(one)))
        ? `${lost.length} of ${udp.length} questions were lost`
        : undefined;
    },
  },
  {
    code: "dns.truncated",
    severity: "warn",
    blame: "network",
    confidence: "certain",
    title: "The answer is cut short, and TCP gives none",
    why: "The records that did not fit are missing, here and for the application.",
    rivals: ["TCP 53 is closed on the way", "the server does not serve TCP"],
    next: ["Open TCP 53 to this server. Until then, a larger edns= may let more records through."],
    when: ({ facts }) =>
      facts.query?.truncated === true
        ? `${facts.query.answers?.length ?? 0} records came in the datagram that was cut`
        : undefined,
  },
  {
    code: "dns.untrusted_channel",
    severity: "warn",
    blame: "target",
    confidence: "certain",
    title: "The name server's certificate does not prove who it is",
    why: "The question was asked all the same, but a client that is strict about it would refuse (RFC 8310).",
    rivals: ["the server was named by its address, and its certificate holds only its name"],
    next: ["GET /api/tls?target=SERVER:PORT shows the certificate and what is wrong with it."],
    when({ facts }) {
      const { trusted, faults = [] } = facts.query?.channel ?? {};
      return trusted === false ? faults.join(", ") : undefined;
    },
  },
];

function isShut(outcome: string): boolean {
  return outcome.startsWith("tcp.") || ["dns.timeout", "dns.unreachable"].includes(outcome);
}
