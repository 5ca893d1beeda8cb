import * as z from "zod";
import { includes, line } from "../facts/read.ts";
import { Failure } from "../failure.ts";
import { printable } from "../protocols/speaks.ts";
import { malformed, wrongProtocol, type Talk } from "../protocols/talk.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  greeting: z.string(),
  capabilities: z.array(z.string()).describe("What the server offers before TLS"),
});

const sheet = {
  name: "imap",
  proves: "an IMAP server answers",
  facts,
  headline: line(facts, "IMAP", ["greeting"], ({ greeting }) => `IMAP answers: ${greeting}`),
  lines: [
    line(facts, "Greeting", ["greeting"], ({ greeting }) => greeting),
    line(facts, "Capabilities", ["capabilities"], ({ capabilities }) => capabilities.join(" ")),
  ],
  gauges: [],
  expect: { imapCapability: includes(facts, "capabilities", "A capability, as in STARTTLS") },
} as const satisfies FactSheet<"imap", typeof facts>;

/** RFC 9051 §6.1.1, §6.2.1. */
export const imap: Service<typeof sheet> = {
  sheet,
  title: "IMAP",
  schemes: { imap: { port: 143, tls: "upgrade" }, imaps: { port: 993, tls: "first" } },
  notProved: ["login and the mailboxes"],
  told: {
    sends: "`CAPABILITY`, then `STARTTLS` where it is offered, or `LOGOUT`",
    leaves: "a connection without a login",
    triedOn: "Dovecot 2.3 of Debian, with STARTTLS, without, and inside TLS",
  },

  async greet(talk, { note, scheme }) {
    const said = await talk.line();
    const [, kind, text = ""] = /^\* (OK|PREAUTH|BYE)\b ?(.*)$/i.exec(said) ?? [];
    const greeting = printable(Buffer.from(text, "latin1"), 100);
    if (kind === undefined) throw wrongProtocol(talk, "IMAP");
    if (kind.toUpperCase() === "BYE")
      throw new Failure("service.refused", `IMAP answers: ${greeting}`);
    note({ greeting });
    talk.say("a CAPABILITY\r\n");
    const lines = await untilDone(talk, "a", "CAPABILITY");
    const offered = lines.find((each) => /^\* CAPABILITY /i.test(each))?.split(" ") ?? [];
    const capabilities = offered
      .slice(2, 100)
      .map((each) => printable(Buffer.from(each, "latin1")));
    note({ capabilities });
    if (scheme === "imaps" || !capabilities.some((each) => /^STARTTLS$/i.test(each))) {
      talk.say("b LOGOUT\r\n");
      return "done";
    }
    talk.say("b STARTTLS\r\n");
    await untilDone(talk, "b", "STARTTLS");
    return "tls";
  },

  reproduce: ({ scheme }, place) => [
    `openssl s_client ${scheme === "imaps" ? "" : "-starttls imap "}-connect ${place}`,
  ],
};

/** What comes before the answer to the command with this tag, which must be OK. */
async function untilDone(talk: Talk, tag: string, command: string): Promise<string[]> {
  const lines: string[] = [];
  while (lines.length < 64) {
    const said = await talk.line();
    if (new RegExp(`^${tag} OK\\b`, "i").test(said)) return lines;
    if (said.startsWith(`${tag} `) || /^\* BYE\b/i.test(said)) {
      const text = printable(Buffer.from(said.slice(2), "latin1"), 200);
      throw new Failure("service.refused", `IMAP answers ${command} by ${text}`);
    }
    lines.push(said);
  }
  throw malformed("IMAP", `${lines.length} lines come, and no answer to ${command}`);
}
