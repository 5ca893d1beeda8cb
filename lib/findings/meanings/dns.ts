import type { Meanings } from "../rule.ts";

export const dns: Meanings<"dns"> = {
  "dns.nxdomain": {
    severity: "fail",
    blame: "dns",
    confidence: "certain",
    title: "The name does not exist for this resolver",
    why:
      "The resolver that answered knows no such name; the system resolver says the same of a name that has no " +
      "addresses. Another resolver may know it.",
    rivals: [
      "a private DNS zone is linked here but holds no record for this name",
      "a search list or a typing error changed the name that was asked",
      "the name is there, and has no address",
    ],
    next: [
      "Which of the configured servers knows the name? A check that fails asks each of them, as /api/dns?name=NAME does.",
      "With a private endpoint: does the private DNS zone hold a record, and is it linked to this VNet?",
    ],
  },
  "dns.nodata": {
    severity: "fail",
    blame: "dns",
    confidence: "certain",
    title: "The name exists but has no such record",
    why: "The name is there, without an address of the kind that was asked for.",
    rivals: ["the name has addresses of the other family only"],
    next: ["Ask for the other record types: /api/dns?name=NAME&type=AAAA and type=CNAME."],
  },
  "dns.servfail": {
    severity: "fail",
    blame: "dns",
    confidence: "certain",
    title: "The server could not find the answer",
    why: "SERVFAIL is the server's word for a failure of its own or further up: it says nothing about the name.",
    rivals: [
      "the server cannot reach the servers that know the zone",
      "DNSSEC validation failed",
      "a forwarder behind it is down",
    ],
    next: [
      "Ask another server for the same name: server=ADDRESS on /api/dns.",
      "Look at this server's forwarders, and at its log at the time of the run.",
    ],
  },
  "dns.refused": {
    severity: "fail",
    blame: "dns",
    confidence: "certain",
    title: "The server refuses to answer",
    why: "The server is there and declines this question.",
    rivals: [
      "it answers only certain clients, and this one is not among them",
      "it does not recurse, and is not responsible for the zone",
    ],
    next: [
      "Is the address this app leaves from among those the server serves?",
      "Ask it for a name of its own zone: does it answer that?",
    ],
  },
  "dns.rcode": {
    severity: "fail",
    blame: "dns",
    confidence: "certain",
    title: "The server answers with an error",
    why: "The response code is neither success nor one of the usual refusals; the report shows it.",
    rivals: ["a middlebox that does not understand EDNS answers in the server's place"],
    next: ["Ask over TCP, server=tcp://ADDRESS: does the answer change?"],
  },
  "dns.timeout": {
    severity: "fail",
    blame: "network",
    confidence: "likely",
    title: "No answer from the name server",
    why: "The question was sent and nothing came back in time. UDP gives no sign whether it arrived.",
    rivals: [
      "the server is down",
      "a firewall, security group or route discards port 53",
      "the server does not serve this client and stays silent",
    ],
    next: [
      "The attempts show what else was tried: smaller answers, no EDNS, TCP.",
      "Check the rules on the way for UDP and TCP 53 to this server.",
      "Is there a route back from the server's network to this app's subnet?",
    ],
  },
  "dns.unreachable": {
    severity: "fail",
    blame: "network",
    confidence: "certain",
    title: "The name server cannot be reached",
    why: "The question could not be delivered: the port is closed or there is no route.",
    rivals: ["the DNS service is stopped on a host that is up"],
    next: [
      "Is this address still the name server? Compare it with the DNS settings of the VNet and of the app.",
      "Is the DNS service running there and listening on this port?",
    ],
  },
  "dns.cname_loop": {
    severity: "fail",
    blame: "dns",
    confidence: "certain",
    title: "The aliases go in a circle",
    why: "Following the CNAME records comes back to a name that was passed already.",
    rivals: [],
    next: ["Correct the records: one name of the chain must end in an address."],
  },
  "dns.cname_dangling": {
    severity: "fail",
    blame: "dns",
    confidence: "certain",
    title: "The alias ends nowhere",
    why: "The name is an alias, and the name it points to does not exist.",
    rivals: ["the target lives in a private zone that this resolver does not see"],
    next: [
      "Does the target of the alias still exist? An alias to a deleted resource can be taken over by others.",
    ],
  },
  "dns.system_busy": {
    severity: "fail",
    blame: "sonde",
    confidence: "certain",
    title: "The system resolver hangs",
    why: "Every slot for the system resolver is taken by a look-up that does not come back, so this one was not begun.",
    rivals: [
      "the name servers of this host do not answer, and each look-up waits for its own time-out",
    ],
    next: [
      "Ask the servers directly, which needs no slot: /api/dns?name=NAME&server=ADDRESS.",
      "Targets given as addresses need no resolver.",
    ],
  },
  "dns.system_failed": {
    severity: "fail",
    blame: "dns",
    confidence: "likely",
    basis: "documents",
    title: "The system resolver got no usable answer",
    why: "getaddrinfo reports a temporary failure: none of the servers it asked gave an answer it could use.",
    rivals: [
      "all configured name servers are unreachable",
      "the servers answer with an error",
      "this instance is short of outbound ports or processor time: under load that surfaces as names that fail",
    ],
    next: [
      "What do the configured servers say, one by one? A check that fails asks each of them, as /api/dns?name=NAME does.",
      "If one of several is dead, every look-up pays its time-out first: remove or repair it.",
    ],
  },
  "dns.malformed": {
    severity: "fail",
    blame: "dns",
    confidence: "certain",
    title: "The answer makes no sense",
    why: "What came back could not be read as a DNS answer.",
    rivals: ["something other than a name server listens on this port", "a middlebox rewrites DNS"],
    next: ["Ask over TCP, and ask another server: does only this path break the answer?"],
  },
  "dns.lame": {
    severity: "fail",
    blame: "dns",
    confidence: "certain",
    title: "The server refers to others instead of answering",
    why: "It is not responsible for the name and does not look it up: it only says who else might know.",
    rivals: [
      "it is meant for other servers, not for applications",
      "recursion was not asked for: rd=0",
    ],
    next: [
      "Use a server that recurses, or allow recursion on this one for this client.",
      "Where it should hold the zone itself: is the zone loaded there?",
    ],
  },
};
