import * as z from "zod";
import { isTrue, line } from "../facts/read.ts";
import { Failure } from "../failure.ts";
import { readReply } from "../protocols/replies.ts";
import { printable } from "../protocols/speaks.ts";
import { wrongProtocol } from "../protocols/talk.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  greeting: z.string(),
  tls: z.boolean().describe("Whether `AUTH TLS` is accepted, or TLS came first"),
});

const sheet = {
  name: "ftp",
  proves: "an FTP server answers",
  facts,
  headline: line(facts, "FTP", ["greeting"], ({ greeting }) => `FTP answers: ${greeting}`),
  lines: [
    line(facts, "Greeting", ["greeting"], ({ greeting }) => greeting),
    line(facts, "TLS", ["tls"], ({ tls }) => (tls ? "yes" : "refused")),
  ],
  gauges: [],
  expect: { ftpTls: isTrue(facts, "tls", "Whether FTP speaks TLS") },
} as const satisfies FactSheet<"ftp", typeof facts>;

/** RFC 959, RFC 4217. */
export const ftp: Service<typeof sheet> = {
  sheet,
  title: "FTP",
  schemes: { ftp: { port: 21, tls: "upgrade" }, ftps: { port: 990, tls: "first" } },
  notProved: ["login, and the ports of the data connections"],
  told: {
    sends: "`AUTH TLS`, or `QUIT` where TLS came first",
    leaves: "a connection without a login",
    triedOn: "vsftpd 3.0 of Debian, with and without TLS",
  },

  async greet(talk, { note, scheme }) {
    const { code, lines } = await readReply(talk, "FTP");
    const greeting = printable(Buffer.from(lines.at(-1) ?? "", "latin1"), 100);
    // SMTP greets with the same number, and says who it is.
    if (/\be?smtp\b/i.test(greeting)) throw wrongProtocol(talk, "FTP");
    // 500 is how vsftpd says that it cannot go on.
    if ([421, 500, 530, 550].includes(code)) {
      throw new Failure("service.refused", `FTP answers ${code} ${greeting}`);
    }
    if (code !== 220) throw wrongProtocol(talk, "FTP");
    note({ greeting });
    if (scheme === "ftps") {
      note({ tls: true });
      talk.say("QUIT\r\n");
      return "done";
    }
    talk.say("AUTH TLS\r\n");
    const agreed = (await readReply(talk, "FTP")).code === 234;
    note({ tls: agreed });
    return agreed ? "tls" : "done";
  },

  reproduce: ({ scheme }, place) => [
    `openssl s_client ${scheme === "ftps" ? "" : "-starttls ftp "}-connect ${place}`,
  ],
};
