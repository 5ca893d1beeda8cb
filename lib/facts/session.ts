/** What may be learned of a TLS connection. */
import * as z from "zod";
import type { Code } from "../failure.ts";
import { certificate } from "./certificate.ts";

/** What can be wrong with a certificate, judged apart, in the order in which it leads. */
export const faults = [
  "tls.expired",
  "tls.not_yet_valid",
  "tls.name_mismatch",
  "tls.self_signed",
  "tls.incomplete_chain",
  "tls.untrusted",
  "tls.weak",
  "tls.invalid",
] as const satisfies readonly Code[];

/** What can be unusual about a chain as it was sent. */
export const oddities = ["out_of_order", "duplicate", "stranger", "root_sent"] as const;

const chain = z.object({
  sent: z
    .array(certificate)
    .describe("As the server sent it, in its order; the first ten of `sentCount`"),
  sentCount: z.int().describe("How many certificates the server sent"),
  built: z
    .array(certificate)
    .describe("Leaf first, completed from the local trust store where it could be"),
  oddities: z
    .array(z.enum(oddities))
    .describe("Order broken, a certificate twice, one that leads nowhere, a root sent along"),
});

const clientCertificate = z.object({
  demand: z
    .enum(["none", "requested", "required"])
    .describe("Required when the server ended the handshake for the lack of one"),
  acceptableCAs: z.array(z.string()).describe("Issuers that the server names; empty when any"),
  signatureSchemes: z.array(z.string()).optional(),
  shown: z.boolean().describe("Whether this probe had one to show"),
});

const ocsp = z.object({
  stapled: z.boolean(),
  response: z.string().optional().describe("Whether the responder could answer at all"),
  status: z.enum(["good", "revoked", "unknown"]).optional(),
  thisUpdate: z.iso.datetime().optional(),
  nextUpdate: z.iso.datetime().optional(),
  ageHours: z.number().optional().describe("Since thisUpdate"),
});

const smallHello = z.object({
  answered: z.boolean(),
  handshakeMs: z.number().optional(),
  clientHelloBytes: z.int().optional(),
});

export const sessionFacts = z.object({
  servername: z.string().describe("The name sent as SNI; empty when none was sent"),
  protocol: z.string().describe("The version agreed on, such as TLSv1.3"),
  cipher: z.string().describe("The cipher suite, by its IANA name"),
  group: z
    .string()
    .optional()
    .describe("The key exchange group; absent when the key exchange has no forward secrecy"),
  forwardSecrecy: z.boolean().describe("A stolen key does not open what was recorded before"),
  signatureScheme: z
    .string()
    .optional()
    .describe("What the server signed the handshake with; unknown before TLS 1.2"),
  alpn: z.string().optional().describe("The application protocol agreed on"),
  handshakeMs: z
    .number()
    .describe("From the ClientHello to our Finished; before TLS 1.3, to the server's"),
  clientHelloBytes: z.int().describe("The size of our first message"),
  helloRetry: z.boolean().describe("The server asked for another key share: one more round trip"),
  smallHello: smallHello
    .optional()
    .describe("Another attempt with a small ClientHello, made beside one that stalled"),
  trusted: z.boolean().describe("Name, dates and path are all right, by the trust in force"),
  faults: z.array(z.enum(faults)).describe("Everything that is wrong; empty when trusted"),
  whyNot: z.string().optional().describe("What the verifier said first, in its own word"),
  trustedBy: z
    .array(z.enum(["bundled", "extra", "system", "given"]))
    .describe(
      "Stores with a root above this chain: Node's own, NODE_EXTRA_CA_CERTS, the system's, `ca=`",
    ),
  checkedName: z.string().describe("The name or address the certificate was checked for"),
  daysLeft: z.number().describe("Of the leaf certificate"),
  earliestDaysLeft: z.number().describe("Of the certificate in the chain that ends first"),
  leaf: certificate,
  chain,
  clientCertificate,
  ocsp,
  signedTimestamps: z.int().describe("Certificate transparency logs that vouch for the leaf"),
  revocation: z
    .object({ crl: z.array(z.string()), ocsp: z.array(z.string()) })
    .describe("Where the leaf says that its revocation can be looked up"),
});
