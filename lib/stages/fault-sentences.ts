/** What is wrong with a certificate, as it was seen. */
import type { faults } from "../facts/session.ts";
import type { Secured } from "../net/secure.ts";
import { describeCertificate } from "../protocols/x509.ts";

/** What was seen, in one sentence, for the fault that leads. */
export const sentences: Readonly<
  Record<(typeof faults)[number], (host: string, secured: Secured) => string>
> = {
  "tls.expired": (_host, { chain }) => {
    const one = chain.find(({ validToDate }) => validToDate.getTime() < Date.now());
    return `${shortly(one?.subject)} ended on ${one?.validToDate.toISOString().slice(0, 10)}`;
  },
  "tls.not_yet_valid": (_host, { chain }) => {
    const one = chain.find(({ validFromDate }) => validFromDate.getTime() > Date.now());
    return `${shortly(one?.subject)} begins on ${one?.validFromDate.toISOString().slice(0, 10)}`;
  },
  "tls.name_mismatch": (host, { chain: [leaf] }) =>
    `the certificate is not for ${host}${leaf === undefined ? "" : insteadFor(leaf)}`,
  "tls.self_signed": () => "the server presented a self-signed certificate",
  "tls.incomplete_chain": () =>
    "the server sent its own certificate only, and nothing here issued it",
  "tls.untrusted": (_host, { chain }) =>
    `the chain leads to ${named(chain.at(-1)?.issuer)}, which is not trusted here`,
  "tls.weak": () => "the verifier finds a key or signature of the chain too weak",
  "tls.invalid": (_host, { verifier }) => `the verifier says: ${verifier}`,
};

/** As many names as a line bears: they are the issuer's to choose. */
function insteadFor(leaf: Secured["chain"][number]): string {
  const { names } = describeCertificate(leaf, Date.now());
  const few = names.slice(0, 3).map((one) => one.replace(/^[A-Za-z ]+:/, "").slice(0, 60));
  if (few.length === 0) return ": it has no names";
  return `, but for ${few.join(", ")}${names.length > few.length ? " and others" : ""}`;
}

function shortly(subject: string | undefined): string {
  return `the certificate of ${named(subject)}`;
}

/** The common name, or the whole subject on one line: it is the issuer's to choose. */
function named(subject = ""): string {
  const name = /^CN=(.*)$/m.exec(subject)?.[1] ?? subject.split("\n").join(", ");
  return name.slice(0, 100) || "nobody";
}
