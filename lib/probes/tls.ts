import * as z from "zod";
import * as field from "../fields.ts";
import { serviceSchemes, upgradeSchemes, upgradeServices, type Upgradable } from "../greetings.ts";
import type { Probe } from "../probe.ts";
import { certificatesIn, isKeyOf } from "../protocols/pem.ts";
import { greetWith } from "../securing.ts";
import { greeting } from "../stages/greet.ts";
import { interception } from "../stages/interception.ts";
import { offer } from "../stages/offer.ts";
import { resolve } from "../stages/resolve.ts";
import { revocation } from "../stages/revocation.ts";
import { parseTarget, reported, type Target } from "../target.ts";
import { addressToRepeat, climb } from "../walk.ts";
import { greet, schemePorts } from "../walks.ts";

/** Of PEM text: a chain of ten certificates takes about 20 KB. */
const MOST_PEM = 64 * 1024;

const authorities = z
  .string()
  .max(MOST_PEM)
  .describe("Authorities in PEM to trust beside Node's own")
  .transform((pem, check) => {
    const found = certificatesIn(pem);
    if (found !== undefined) return [...found];
    check.addIssue({ code: "custom", message: "certificates in PEM are needed" });
    return z.NEVER;
  });

const rules = { schemes: schemePorts, ports: serviceSchemes, otherwise: "tls" };

const input = z
  .strictObject({
    target: field.target(
      rules,
      "host[:443], [v6]:port or a URL; the name is sent as SNI and looked for in the certificate",
    ),
    starttls: z
      .enum(["none", ...upgradeServices.keys()])
      .optional()
      .describe(
        "The service that is talked into TLS first; a scheme or port of such a service implies it, none begins with TLS",
      ),
    servername: field
      .serverName("Sent as SNI and looked for in the certificate instead; empty for no SNI at all")
      .optional(),
    checkName: field
      .certifiedName("Name or address that is looked for in the certificate, whatever was sent")
      .optional(),
    versions: z.boolean().default(false).describe("Offers TLS 1.0 to 1.3, each by itself"),
    control: z
      .boolean()
      .default(false)
      .describe("Looks at hosts with public certificates too: is TLS intercepted on the way out?"),
    crl: z
      .boolean()
      .default(false)
      .describe("Connects to where the certificate's revocation can be looked up"),
    pem: z.boolean().default(false).describe("Shows the certificates themselves"),
    ca: authorities.optional(),
    cert: z
      .string()
      .max(MOST_PEM)
      .optional()
      .describe("A client certificate in PEM, perhaps with its issuers; only in the body of a POST")
      .meta({ writeOnly: true }),
    key: z
      .string()
      .max(MOST_PEM)
      .optional()
      .describe("The private key of `cert` in PEM, without a password; only in the body of a POST")
      .meta({ writeOnly: true }),
    certThumbprint: z
      .string()
      .regex(/^[0-9a-fA-F]{40}$/, "40 hexadecimal digits are needed")
      .optional()
      .describe(
        "A client certificate that the platform keeps: Linux plans with WEBSITE_LOAD_CERTIFICATES",
      ),
    timeoutMs: field.timeoutMs,
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    path: ["cert"],
    error: "cert and key belong together",
  })
  .refine(({ cert, key }) => cert === undefined || key === undefined || isKeyOf(key, cert), {
    path: ["key"],
    error:
      "a private key in PEM is needed, without a password, and of the first certificate in cert",
  });

type Asked = z.output<typeof input>;

/** Whom the target is asked through, and with the port of that service where none was given. */
function placed({ target, starttls }: Asked): { target: Target; upgrade: Upgradable | undefined } {
  if (starttls === undefined) return { target, upgrade: upgradeSchemes.get(target.scheme) };
  const upgrade = upgradeServices.get(starttls);
  const again = parseTarget(target.input, { ...rules, otherwise: upgrade?.scheme ?? "tls" });
  return { target: "wrong" in again ? target : again, upgrade };
}

function walkFor({ servername, checkName, ca, cert, key, ...rest }: Asked, upgrade?: Upgradable) {
  const { certThumbprint: thumbprint, versions, crl, pem } = rest;
  const kept = thumbprint === undefined ? undefined : { thumbprint };
  const identity = cert === undefined || key === undefined ? kept : { cert, key };
  const manner = { servername, checkName, authorities: ca ?? [], identity, pem };
  return greetWith({ manner, upgrade, versions, revocation: crl });
}

const hellos = [...upgradeServices.values()].map(({ service }) => greeting(service, "tls"));

export const tls: Probe<typeof input> = {
  name: "tls",
  title: "TLS handshake",
  summary: "Completes TLS with every address of a name and judges dates, name and path apart.",
  input,
  stages: [resolve, ...greet.stages, ...hellos, offer, revocation, interception],
  cost: "medium",
  example: "target=127.0.0.1:8443",
  async run(question, trail) {
    const { target, upgrade } = placed(question);
    await climb(trail, target, walkFor(question, upgrade));
    if (question.control) await trail.take(interception, undefined);
  },
  about: (question, result) => {
    const { target, upgrade } = placed(question);
    const walk = walkFor(question, upgrade);
    const { notProved } = walk;
    const reproduce = walk.reproduce(target, addressToRepeat(result));
    return { target: reported(target, "tls"), notProved, reproduce };
  },
};
