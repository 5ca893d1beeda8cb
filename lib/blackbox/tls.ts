/** `tls_config`: whom to trust, what to show, which versions. */
import * as z from "zod";
import { defined } from "../platform/values.ts";
import { certificatesIn, isKeyOf } from "../protocols/pem.ts";
import { file, flag, refused, section, text, type ReadFile } from "./form.ts";

const versions = {
  TLS10: "TLSv1",
  TLS11: "TLSv1.1",
  TLS12: "TLSv1.2",
  TLS13: "TLSv1.3",
} as const;

const version = z
  .enum(["TLS10", "TLS11", "TLS12", "TLS13"], "use TLS10, TLS11, TLS12 or TLS13")
  .transform((name) => versions[name]);

const noManager = "there is no manager of secrets here";

/** Terms as the stage `agree` takes them. */
export function tlsConfig(read: ReadFile) {
  const pem = file(read).transform((bytes) => Buffer.from(bytes).toString());
  return section({
    ca: text.optional(),
    ca_file: pem.optional(),
    ca_ref: refused(noManager),
    cert: text.optional(),
    cert_file: pem.optional(),
    cert_ref: refused(noManager),
    key: text.optional(),
    key_file: pem.optional(),
    key_ref: refused(noManager),
    server_name: text.optional(),
    insecure_skip_verify: flag.default(false),
    min_version: version.optional(),
    max_version: version.optional(),
  }).transform((given, check) => {
    const { ca = given.ca_file, cert = given.cert_file, key = given.key_file } = given;
    const wrong = wrongAuthorities(ca) ?? wrongIdentity(cert, key);
    if (wrong !== undefined) {
      check.addIssue({ code: "custom", ...wrong });
      return z.NEVER;
    }
    return {
      verify: !given.insecure_skip_verify,
      ...defined("authorities", ca === undefined ? undefined : certificatesIn(ca)),
      ...defined("identity", cert && key ? { cert, key } : undefined),
      ...defined("servername", given.server_name || undefined),
      ...defined("minVersion", given.min_version),
      ...defined("maxVersion", given.max_version),
    };
  });
}

/** Of a module that says nothing of TLS. */
export const usualTerms = { verify: true } as const;

function wrongAuthorities(pem: string | undefined) {
  if (pem === undefined) return undefined;
  const fits = certificatesIn(pem) !== undefined;
  return fits ? undefined : { message: "ca holds no certificates in PEM", path: ["ca_file"] };
}

function wrongIdentity(cert: string | undefined, key: string | undefined) {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    return { message: "a certificate and its key belong together", path: ["cert_file"] };
  }
  const message = "in PEM a certificate is needed, and its private key without a password";
  return isKeyOf(key, cert) ? undefined : { message, path: ["key_file"] };
}
