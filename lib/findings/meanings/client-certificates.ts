import type { Meanings } from "../rule.ts";

export const clientCertificates: Pick<
  Meanings<"tls">,
  | "tls.client_certificate_required"
  | "tls.client_certificate_refused"
  | "tls.client_certificate_unusable"
> = {
  "tls.client_certificate_required": {
    severity: "fail",
    blame: "configuration",
    confidence: "certain",
    title: "The server wants a client certificate",
    why: "The server asked for a client certificate, got none, and ended the handshake.",
    rivals: [],
    next: [
      "Show one to /api/tls: with cert= and key= in a POST, or with certThumbprint= where the platform keeps it.",
      "The report lists the issuers that the server accepts; does the app have a certificate of one of them?",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/configure-ssl-certificate-in-code",
  },
  "tls.client_certificate_refused": {
    severity: "fail",
    blame: "configuration",
    confidence: "certain",
    title: "The server refused the client certificate",
    why: "A certificate was shown, and the server ended the handshake with an alert about it.",
    rivals: [
      "it is not issued by an authority that the server accepts",
      "it has expired, or is not meant for clients (clientAuth)",
      "its intermediate certificates were not sent along",
    ],
    next: [
      "Compare its issuer with those that the server names, and its dates and usages with what the server demands.",
    ],
  },
  "tls.client_certificate_unusable": {
    severity: "fail",
    blame: "configuration",
    confidence: "certain",
    title: "There is no usable client certificate to show",
    why: "The certificate that should be shown was not found or cannot be used with its key.",
    rivals: [],
    next: [
      "On Linux plans of App Service: is the thumbprint listed in WEBSITE_LOAD_CERTIFICATES, and the file in /var/ssl/private?",
      "On Windows plans Node cannot read the certificate store: send cert= and key= in a POST instead.",
    ],
    docs: "https://learn.microsoft.com/azure/app-service/configure-ssl-certificate-in-code",
  },
};
