import * as z from "zod";
import { line, oneOf } from "../facts/read.ts";
import { Failure } from "../failure.ts";
import { encodeNegotiate, readNegotiated } from "../protocols/smb.ts";
import type { FactSheet } from "../stage.ts";
import type { Service } from "./service.ts";

const facts = z.object({
  dialect: z.string().describe("The newest that both sides know, such as 3.1.1"),
  signing: z.enum(["required", "enabled", "disabled"]),
  encryption: z
    .string()
    .describe(
      "The cipher that a session would have; `none` where the server cannot, or will not with this client",
    ),
  time: z.iso.datetime().optional().describe("By the server's clock"),
});

const sheet = {
  name: "smb",
  proves: "an SMB server answers",
  facts,
  headline: line(facts, "SMB", ["dialect"], ({ dialect }) => `SMB ${dialect} answers`),
  lines: [
    line(facts, "Dialect", ["dialect"], ({ dialect }) => dialect),
    line(facts, "Signing", ["signing"], ({ signing }) => signing),
    line(facts, "Encryption", ["encryption"], ({ encryption }) => encryption),
    line(facts, "Server's time", ["time"], ({ time }) => time),
  ],
  gauges: [],
  expect: {
    smbDialect: oneOf(facts, "dialect", "The dialect that is agreed on, as in 3.1.1"),
    smbSigning: oneOf(facts, "signing", "required, enabled or disabled"),
    smbEncryption: oneOf(facts, "encryption", "The cipher, as in AES-256-GCM, or none"),
  },
} as const satisfies FactSheet<"smb", typeof facts>;

/** [MS-SMB2] 3.3.5.4: a server answers NEGOTIATE before it knows who asks. */
export const smb: Service<typeof sheet> = {
  sheet,
  title: "SMB (Azure Files, file shares)",
  schemes: { smb: { port: 445, tls: "never" } },
  closedOnWindowsPlans: true,
  notProved: [
    "a session, the share, and that encryption is required: a share may ask for it alone",
  ],
  told: {
    sends: "`NEGOTIATE` with the dialects 2.0.2 to 3.1.1",
    leaves: "nothing at the usual levels; a connection in a firewall's log",
    triedOn:
      "Samba 4.17 of Debian. On App Service for Windows the sandbox closes port 445: nothing is tried there, " +
      "and the report says so",
  },

  async greet(talk, { note }) {
    talk.say(encodeNegotiate());
    const { status, timeMs, ...known } = await readNegotiated(talk);
    if (status !== 0) {
      const code = `0x${status.toString(16).padStart(8, "0").toUpperCase()}`;
      throw new Failure("service.refused", `SMB answers with status ${code}`, { status: code });
    }
    note({ ...known, ...(timeMs === undefined ? {} : { time: new Date(timeMs).toISOString() }) });
    return "done";
  },

  reproduce: ({ host, port }) => [`smbclient -N -p ${port} -L ${host} -m SMB3`],
};
