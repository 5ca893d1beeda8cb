import type { Meanings } from "../rule.ts";
import { clientCertificates } from "./client-certificates.ts";

export const tls: Meanings<"tls"> = {
  ...clientCertificates,
  "tls.timeout": {
    severity: "fail",
    blame: "network",
    confidence: "likely",
    title: "The TLS handshake got no answer",
    why: "TCP works, and the ClientHello or its answer did not come through.",
    rivals: [
      "a middlebox stalls on large ClientHello messages",
      "the path drops large packets (MTU)",
      "the service waits for something else before TLS",
      "a firewall opened the connection in the target's name",
    ],
    next: [
      "Does a small ClientHello get through? openssl s_client -groups X25519 sends one.",
      "Does the port expect TLS at once, or another protocol first?",
    ],
  },
  "tls.not_tls": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "This port does not speak TLS",
    why: "The answer to the ClientHello was something else.",
    rivals: [
      "the service starts in plain text and upgrades later (SQL Server, SMTP, PostgreSQL)",
      "plain HTTP on this port",
    ],
    next: [
      "Which protocol is this port for? Try starttls= or the scheme of the service, or http://.",
    ],
  },
  "tls.not_offered": {
    severity: "fail",
    blame: "configuration",
    confidence: "certain",
    title: "The service does not offer TLS",
    why: "It answered in its own protocol and has no upgrade to TLS on this port, or declined it.",
    rivals: [
      "the service speaks TLS from the first octet, on another port",
      "TLS is offered to some clients only, by their address",
      "something on the way takes the offer out of the greeting",
    ],
    next: [
      "Is a certificate configured in the service? Most offer TLS only then.",
      "Compare with what the service offers to a client beside it.",
    ],
  },
  "tls.alert": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The server ended the handshake with an alert",
    why: "The server understood the ClientHello and declined; the alert says why.",
    rivals: [
      "alert 40 or 70: no version or cipher in common",
      "alert 112: the server does not know the name",
      "alert 40 after a renegotiation: a client certificate is wanted for this path only",
    ],
    next: [
      "Compare the TLS versions, the name sent as SNI and the client certificate policy with the server's.",
    ],
  },
  "tls.closed": {
    severity: "fail",
    blame: "target",
    confidence: "likely",
    title: "The connection ended during the handshake",
    why: "TCP works, and the connection was cut when TLS began.",
    rivals: [
      "a firewall filters by the name in the ClientHello (SNI)",
      "the server does not know the name, and hangs up",
      "the port speaks another protocol",
    ],
    next: [
      "Does the same address answer for another name? Then the name decides.",
      "Look at the firewall's application rules for this host name.",
    ],
  },
  "tls.failed": {
    severity: "fail",
    blame: "target",
    confidence: "possible",
    title: "The handshake failed",
    why: "OpenSSL gave a reason that Sonde has no word for; the report shows it as it is.",
    rivals: [],
    next: ["Compare with: openssl s_client -connect host:port -servername host"],
  },
  "tls.expired": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "A certificate has expired",
    why: "A certificate of the chain is past its end of validity by this host's clock.",
    rivals: ["this host's clock is wrong"],
    next: [
      "Renew the certificate that has run out, or have the server load the renewed one.",
      "The chain shows which one it is: the server's own or an intermediate.",
    ],
  },
  "tls.not_yet_valid": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "A certificate is not valid yet",
    why: "A certificate of the chain begins later than now by this host's clock.",
    rivals: ["this host's clock is wrong"],
    next: ["Compare this host's clock with a time server."],
  },
  "tls.name_mismatch": {
    severity: "fail",
    blame: "configuration",
    confidence: "certain",
    title: "The certificate is for another name",
    why: "None of the names in the certificate is the one that was asked for.",
    rivals: [
      "the name leads to the wrong server (DNS)",
      "the client uses a privatelink name or an address instead of the public name",
      "the server has no binding for this name, and answered with its default certificate",
    ],
    next: [
      "Use the name the certificate was issued for.",
      "Check where the name leads: /api/dns?name=NAME",
    ],
  },
  "tls.self_signed": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "The certificate is self-signed",
    why: "The server presented a certificate that it issued to itself, and this host does not trust it.",
    rivals: ["a development certificate, or the default of an appliance"],
    next: [
      "Install a certificate from an authority that the clients trust.",
      "If it is meant: let the app trust it (NODE_EXTRA_CA_CERTS, or WEBSITE_LOAD_CERTIFICATES on App Service).",
    ],
  },
  "tls.incomplete_chain": {
    severity: "fail",
    blame: "target",
    confidence: "likely",
    title: "The chain is incomplete",
    why: "The server sent its own certificate only, and no issuer that this host knows fits it.",
    rivals: ["the issuer is a private authority that is not trusted here"],
    next: [
      "Configure the server to send its intermediate certificates.",
      "Browsers fetch a missing intermediate; most other clients do not.",
    ],
  },
  "tls.untrusted": {
    severity: "fail",
    blame: "configuration",
    confidence: "likely",
    title: "The chain ends in an unknown root",
    why: "No root in this host's trust store stands at the end of the chain.",
    rivals: [
      "a firewall or proxy with TLS inspection signs in the server's place",
      "a private certificate authority",
      "a chain with a wrong intermediate",
    ],
    next: [
      "Is the issuer the one you expect for this server? If not, look for TLS inspection on the way.",
      "If it is a private authority: let the app trust its root (NODE_EXTRA_CA_CERTS, or WEBSITE_LOAD_CERTIFICATES on App Service). Other runtimes may trust otherwise.",
    ],
  },
  "tls.weak": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "A key or signature is too weak",
    why: "The verifier rejects a key or a signature algorithm of the chain as too weak.",
    rivals: [],
    next: ["Issue the certificate anew with at least RSA 2048 or ECDSA P-256 and SHA-256."],
  },
  "tls.invalid": {
    severity: "fail",
    blame: "target",
    confidence: "certain",
    title: "A certificate of the chain may not be used like this",
    why: "The chain leads to a trusted root, and the verifier refuses it all the same.",
    rivals: [
      "INVALID_PURPOSE: the certificate is meant for clients, not for servers",
      "permitted or excluded subtree violation: its authority may not issue for these names",
      "INVALID_CA or PATH_LENGTH_EXCEEDED: a certificate of the chain may not issue this one",
    ],
    next: [
      "Compare the usages and names that the report shows with what the server is for; issue the certificate anew.",
    ],
  },
};
