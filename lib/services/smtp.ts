import * as z from "zod";
import { includes, isTrue, line } from "../facts/read.ts";
import { Failure } from "../failure.ts";
import { readReply, type Reply } from "../protocols/replies.ts";
import { printable, speaks } from "../protocols/speaks.ts";
import { wrongProtocol } from "../protocols/talk.ts";
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
      throw turnsAway(greeting) ? refusal(greeting) : wrongProtocol(talk, "SMTP");
    }
    note({ greeting: text });
    talk.say("EHLO sonde.invalid\r\n");
    const hello = await readReply(talk, "SMTP");
    if (hello.code !== 250) {
      // FTP greets with the same number, and knows no EHLO.
      const isOurs = turnsAway(hello) || speaks(talk.opening()) === "smtp";
      throw isOurs ? refusal(hello, "SMTP answers EHLO by") : wrongProtocol(talk, "SMTP");
    }
    const extensions = hello.lines
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
    // RFC 3207 §4 has 454 for a server that offers TLS and cannot begin it.
    if (agreed.code !== 220) throw refusal(agreed, "SMTP offers STARTTLS and answers it by");
    return "tls";
  },

  reproduce: ({ scheme }, place) => [
    `openssl s_client ${scheme === "smtps" ? "" : "-starttls smtp "}-connect ${place}`,
  ],
};

/** Of this service, of this client, or by a policy: RFC 5321 §4.2.1 for the second digit, RFC 7504 for 521. */
function turnsAway({ code }: Reply): boolean {
  return code === 421 || code === 521 || /^[45][57]/.test(String(code));
}

function refusal({ code, lines }: Reply, words = "SMTP answers"): Failure {
  const text = printable(Buffer.from(`${code} ${lines.join(" ")}`.trimEnd(), "latin1"), 200);
  return new Failure("service.refused", `${words} ${text}`);
}
