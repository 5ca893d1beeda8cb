import * as z from "zod";
import { includes, isTrue, line } from "../facts/read.ts";
import { Failure } from "../failure.ts";
import { readReply } from "../protocols/replies.ts";
import { printable } from "../protocols/speaks.ts";
import { malformed, wrongProtocol } from "../protocols/talk.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  greeting: z.string(),
  extensions: z.array(z.string()).describe("What the server offers before TLS"),
  starttls: z.boolean().describe("Whether TLS is offered in mid-conversation"),
});

const sheet = {
  name: "smtp",
  proves: "an SMTP server answers",
  facts,
  headline: line(facts, "SMTP", ["greeting"], ({ greeting }) => `SMTP answers: ${greeting}`),
  lines: [
    line(facts, "Greeting", ["greeting"], ({ greeting }) => greeting),
    line(facts, "Extensions", ["extensions"], ({ extensions }) => extensions.join(", ")),
    line(facts, "STARTTLS", ["starttls"], ({ starttls }) => (starttls ? "offered" : "not offered")),
  ],
  gauges: [],
  expect: {
    smtpStarttls: isTrue(facts, "starttls", "Whether SMTP offers STARTTLS"),
    smtpExtension: includes(facts, "extensions", "An extension that is offered, as in 8BITMIME"),
  },
} as const satisfies FactSheet<"smtp", typeof facts>;

/** RFC 5321, RFC 3207. */
export const smtp: Service<typeof sheet> = {
  sheet,
  title: "SMTP",
  schemes: {
    smtp: { port: 25, tls: "upgrade" },
    submission: { port: 587, tls: "upgrade" },
    smtps: { port: 465, tls: "first" },
  },
  notProved: [
    "that mail is accepted, and what is offered after TLS: AUTH mostly is, and only there",
  ],
  told: {
    sends: "`EHLO`, then `STARTTLS` where it is offered, or `QUIT`",
    leaves: "a connection without a message in the mail log",
    triedOn: "Postfix 3.7 of Debian, with STARTTLS, without, and inside TLS",
  },

  async greet(talk, { note, scheme }) {
    const greeting = await readReply(talk, "SMTP");
    const text = printable(Buffer.from(greeting.lines[0] ?? "", "latin1"), 100);
    if (greeting.code !== 220) {
      if (![421, 450, 521, 554].includes(greeting.code)) throw wrongProtocol(talk, "SMTP");
      throw new Failure("service.refused", `SMTP answers ${greeting.code} ${text}`);
    }
    note({ greeting: text });
    talk.say("EHLO sonde.invalid\r\n");
    const { code, lines } = await readReply(talk, "SMTP");
    // FTP greets with the same number, and knows no EHLO.
    if (code !== 250) throw wrongProtocol(talk, "SMTP");
    const extensions = lines
      .slice(1, 65)
      .map((each) => printable(Buffer.from(each, "latin1")).toUpperCase());
    const starttls = extensions.includes("STARTTLS");
    note({ extensions, starttls });
    if (!starttls || scheme === "smtps") {
      talk.say("QUIT\r\n");
      return "done";
    }
    talk.say("STARTTLS\r\n");
    const agreed = await readReply(talk, "SMTP");
    if (agreed.code !== 220)
      throw malformed("SMTP", `STARTTLS is offered and answered ${agreed.code}`);
    return "tls";
  },

  reproduce: ({ scheme }, place) => [
    `openssl s_client ${scheme === "smtps" ? "" : "-starttls smtp "}-connect ${place}`,
  ],
};
