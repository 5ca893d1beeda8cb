/** A client certificate: where it comes from, and whether an alert is about it. */
import { Failure } from "../failure.ts";
import type { Here } from "../here.ts";
import type { Identity } from "../net/contexts.ts";
import type { Flight } from "../protocols/tls/flight.ts";

/** What came with the question, or what the platform keeps. */
export type IdentitySource = Identity | { readonly thumbprint: string } | undefined;

/** Throws `tls.client_certificate_unusable` when the platform keeps none of this thumbprint. */
export function identityFrom(source: IdentitySource, here: Here): Identity | undefined {
  if (source === undefined || !("thumbprint" in source)) return source;
  const pfx = here.privateCertificate?.(source.thumbprint);
  if (pfx !== undefined) return { pfx };
  const message = here.host.os.startsWith("Windows")
    ? "Windows keeps certificates where Node cannot read their keys: send cert= and key= in a POST"
    : "the platform keeps no private certificate of this thumbprint where it can be read";
  throw new Failure("tls.client_certificate_unusable", message);
}

/** Alerts about the client's certificate, or the lack of one: RFC 8446 §6.2. */
const CERTIFICATE_REQUIRED = 116;
const aboutCertificates = new Set([40, 42, 43, 44, 45, 46, 48, 49, 51, CERTIFICATE_REQUIRED]);

/** Whether a handshake ended for a client certificate, or for the lack of one. */
function isAboutCertificate({ code, detail }: Failure, flight: Flight | undefined): boolean {
  if (code !== "tls.alert") return false;
  const alert = Number(detail["alert"]);
  const asked = flight?.certificateRequest !== undefined;
  return alert === CERTIFICATE_REQUIRED || (asked && aboutCertificates.has(alert));
}

/** An alert after a CertificateRequest is about the certificate that was asked for. */
export function blamed(failure: Failure, flight: Flight | undefined, shown: boolean): Failure {
  if (!isAboutCertificate(failure, flight)) return failure;
  const said = `with alert ${failure.detail["alert"]} (${failure.detail["name"]})`;
  if (shown) {
    const message = `the server refused the client certificate ${said}`;
    return new Failure("tls.client_certificate_refused", message, failure.detail);
  }
  const message = `the server ended the handshake for want of a client certificate, ${said}`;
  return new Failure("tls.client_certificate_required", message, failure.detail);
}
