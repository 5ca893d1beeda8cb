import * as z from "zod";
import { isTrue, line } from "../facts/read.ts";
import { Failure } from "../failure.ts";
import { printable } from "../protocols/speaks.ts";
import { wrongProtocol } from "../protocols/talk.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  greeting: z.string(),
  tls: z.boolean().describe("Whether `STLS` is accepted, or TLS came first"),
});

const sheet = {
  name: "pop3",
  proves: "a POP3 server answers",
  facts,
  headline: line(facts, "POP3", ["greeting"], ({ greeting }) => `POP3 answers: ${greeting}`),
  lines: [
    line(facts, "Greeting", ["greeting"], ({ greeting }) => greeting),
    line(facts, "TLS", ["tls"], ({ tls }) => (tls ? "yes" : "refused")),
  ],
  gauges: [],
  expect: { pop3Tls: isTrue(facts, "tls", "Whether POP3 speaks TLS") },
} as const satisfies FactSheet<"pop3", typeof facts>;

/** RFC 1939, RFC 2595 §4. */
export const pop3: Service<typeof sheet> = {
  sheet,
  title: "POP3",
  schemes: { pop3: { port: 110, tls: "upgrade" }, pop3s: { port: 995, tls: "first" } },
  notProved: ["login and the mailbox"],
  told: {
    sends: "`STLS`, or `QUIT` where TLS came first",
    leaves: "a connection without a login",
    triedOn: "Dovecot 2.3 of Debian, with STLS, without, and inside TLS",
  },

  async greet(talk, { note, scheme }) {
    const said = await talk.line();
    const greeting = printable(Buffer.from(said.slice(4), "latin1"), 100);
    if (said.startsWith("-ERR")) {
      throw new Failure("service.refused", `POP3 answers: ${greeting}`);
    }
    // Redis says +OK as well, but never first.
    if (!said.startsWith("+OK")) throw wrongProtocol(talk, "POP3");
    note({ greeting });
    if (scheme === "pop3s") {
      note({ tls: true });
      talk.say("QUIT\r\n");
      return "done";
    }
    talk.say("STLS\r\n");
    const agreed = (await talk.line()).startsWith("+OK");
    note({ tls: agreed });
    return agreed ? "tls" : "done";
  },

  reproduce: ({ scheme }, place) => [
    `openssl s_client ${scheme === "pop3s" ? "" : "-starttls pop3 "}-connect ${place}`,
  ],
};
