import * as z from "zod";
import { includes, line } from "../facts/read.ts";
import { Failure } from "../failure.ts";
import { printable } from "../protocols/speaks.ts";
import { malformed, wrongProtocol, type Talk } from "../protocols/talk.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  identification: z.string().describe("Protocol and software, as the server calls itself"),
  keyExchange: z.array(z.string()),
  hostKeys: z.array(z.string()).describe("The kinds of key by which the server can prove itself"),
  ciphers: z.array(z.string()),
});

const sheet = {
  name: "ssh",
  proves: "an SSH server answers",
  facts,
  headline: line(facts, "SSH", ["identification"], (seen) => `${seen.identification} answers`),
  lines: [
    line(facts, "Server", ["identification"], ({ identification }) => identification),
    line(facts, "Key exchange", ["keyExchange"], ({ keyExchange }) => keyExchange.join(", ")),
    line(facts, "Host keys", ["hostKeys"], ({ hostKeys }) => hostKeys.join(", ")),
    line(facts, "Ciphers", ["ciphers"], ({ ciphers }) => ciphers.join(", ")),
  ],
  gauges: [],
  expect: { sshHostKey: includes(facts, "hostKeys", "A kind of host key, as in ssh-ed25519") },
} as const satisfies FactSheet<"ssh", typeof facts>;

const KEXINIT = 20;

/** RFC 4253: both name themselves, then the server says what it can. Nothing is agreed on. */
export const ssh: Service<typeof sheet> = {
  sheet,
  title: "SSH, SFTP",
  schemes: { ssh: { port: 22, tls: "never" }, sftp: { port: 22, tls: "never" } },
  notProved: ["the host key itself, and login"],
  told: {
    sends: "an identification line",
    leaves: "a connection closed before authentication, which fail2ban and MaxStartups may count",
    triedOn: "OpenSSH 9.2 of Debian",
  },

  async greet(talk, { note }) {
    const identification = await identify(talk);
    note({ identification: printable(Buffer.from(identification, "latin1"), 100) });
    talk.say("SSH-2.0-Sonde\r\n");
    const head = await talk.octets(5);
    const length = head.readUInt32BE();
    if (length < 22 || length > 35_000) throw malformed("SSH", `a packet of ${length} octets`);
    const payload = await talk.octets(length - 1);
    if (payload[0] !== KEXINIT) throw malformed("SSH", "no KEXINIT follows");
    const [keyExchange = [], hostKeys = [], ciphers = []] = namesIn(payload.subarray(17));
    note({ keyExchange, hostKeys, ciphers });
    return "done";
  },

  reproduce: ({ host, port }) => [
    `ssh -v -p ${port} ${host} exit`,
    `ssh-keyscan -p ${port} ${host}`,
  ],
};

/** Other lines may come before it, RFC 4253 §4.2. */
async function identify(talk: Talk): Promise<string> {
  for (let lines = 0; lines < 20; lines += 1) {
    const said = await talk.line();
    if (said.startsWith("SSH-")) return said;
    // How OpenSSH turns a client away before it names itself: by MaxStartups, and by PerSourcePenalties.
    if (/^(?:Exceeded MaxStartups|Not allowed at this time)/.test(said)) {
      throw new Failure(
        "service.refused",
        `SSH answers: ${printable(Buffer.from(said, "latin1"))}`,
      );
    }
    if (lines === 0 && /^(?:HTTP\/|\d{3}[ -]|\+OK|\* )/.test(said)) break;
  }
  throw wrongProtocol(talk, "SSH");
}

/** The first three lists of names: key exchange, host keys, ciphers to the server. */
function namesIn(bytes: Buffer): string[][] {
  const lists: string[][] = [];
  let at = 0;
  while (lists.length < 3) {
    const end = at + 4 <= bytes.length ? at + 4 + bytes.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (end > bytes.length) throw malformed("SSH", "a list of names is cut short");
    const names = printable(bytes.subarray(at + 4, end), 4096).split(",");
    lists.push(names.slice(0, 64));
    at = end;
  }
  return lists;
}
