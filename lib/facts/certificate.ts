/** A certificate as every sheet shows it. RFC 5280. */
import * as z from "zod";

export const certificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()).describe("Subject alternative names, typed as OpenSSL types them"),
  serial: z.string().describe("Hexadecimal"),
  validFrom: z.iso.datetime(),
  validTo: z.iso.datetime(),
  daysLeft: z.number().describe("Until validTo, rounded down; negative once expired"),
  key: z.string().describe("Kind and size, such as `EC prime256v1` or `RSA 2048`"),
  signature: z.string().optional().describe("The algorithm that the issuer signed with"),
  usages: z
    .array(z.string())
    .optional()
    .describe("What the key may be used for (EKU), such as serverAuth; absent when for anything"),
  sha1: z.string().describe("Fingerprint, hexadecimal: what Azure calls the thumbprint"),
  sha256: z.string().describe("Fingerprint, hexadecimal"),
  selfIssued: z.boolean().describe("Subject and issuer are the same name"),
  pem: z.string().optional().describe("The certificate itself, where `pem=1` asked for it"),
});

export type Certificate = z.infer<typeof certificate>;

/** How long a certificate is still valid, in whole days and words. Days are rounded down, on either side of now. */
export function validity(daysLeft: number): string {
  if (daysLeft === -1) return "expired less than a day ago";
  const whole = daysLeft < 0 ? -daysLeft - 1 : daysLeft;
  const days = whole === 1 ? "day" : "days";
  return daysLeft < 0 ? `expired ${whole} ${days} ago` : `${whole} ${days} left`;
}
