/** What the operating system's and OpenSSL's words for a failure mean in ours. */
import { Failure, type Code } from "../failure.ts";

interface Meaning {
  readonly code: Code;
  readonly message: string;
}

/** errno(3) as `connect(2)`, `read(2)` and `write(2)` give it. */
const tcp: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: { code: "tcp.refused", message: "the connection was refused" },
  ETIMEDOUT: { code: "tcp.timeout", message: "the operating system gave up waiting for an answer" },
  ECONNRESET: { code: "tcp.reset", message: "the connection was reset" },
  EPIPE: { code: "tcp.reset", message: "the connection was closed while we wrote" },
  EHOSTUNREACH: { code: "tcp.unreachable", message: "no route to this host" },
  ENETUNREACH: { code: "tcp.unreachable", message: "no route to this network" },
  EHOSTDOWN: { code: "tcp.unreachable", message: "the host is down" },
  // A `blackhole` route answers connect(2) with EINVAL on Linux.
  EINVAL: { code: "tcp.unreachable", message: "the route to this address discards everything" },
  EACCES: { code: "tcp.forbidden", message: "the operating system forbids this connection" },
  EPERM: { code: "tcp.forbidden", message: "a local rule forbids this connection" },
  EADDRNOTAVAIL: { code: "tcp.no_ports", message: "no local address and port left for this peer" },
  EADDRINUSE: { code: "tcp.no_ports", message: "no local port left for this peer" },
  EMFILE: { code: "sonde.busy", message: "this instance has no file descriptors left" },
  ENFILE: { code: "sonde.busy", message: "this machine has no file descriptors left" },
  ENOBUFS: { code: "sonde.busy", message: "this machine has no socket buffers left" },
  ERR_IP_BLOCKED: { code: "policy.floor", message: "the connector refused this address" },
};

const udp: Readonly<Record<string, Meaning>> = {
  ...tcp,
  ECONNREFUSED: { code: "udp.refused", message: "the port is closed: ICMP port unreachable" },
};

/** The `code` that Node puts on its errors, or the empty string. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "";
}

function failureOf(error: unknown, table: typeof tcp, otherwise: Code): Failure {
  if (error instanceof Failure) return error;
  const errno = errorCode(error);
  const known = table[errno];
  if (known !== undefined) return new Failure(known.code, known.message, { errno });
  if (errno === "") throw error; // a TypeError of ours is a bug, never "the network"
  return new Failure(otherwise, `the operating system says ${errno}`, { errno });
}

export function tcpFailure(error: unknown): Failure {
  return failureOf(error, tcp, "tcp.failed");
}

export function udpFailure(error: unknown): Failure {
  return failureOf(error, udp, "udp.failed");
}

/** TLS alert descriptions, RFC 8446 §6 and RFC 5246 §7.2. */
const alerts: Readonly<Record<number, string>> = {
  10: "unexpected_message",
  20: "bad_record_mac",
  40: "handshake_failure",
  42: "bad_certificate",
  43: "unsupported_certificate",
  44: "certificate_revoked",
  45: "certificate_expired",
  46: "certificate_unknown",
  47: "illegal_parameter",
  48: "unknown_ca",
  49: "access_denied",
  50: "decode_error",
  51: "decrypt_error",
  70: "protocol_version",
  71: "insufficient_security",
  80: "internal_error",
  86: "inappropriate_fallback",
  109: "missing_extension",
  112: "unrecognized_name",
  113: "bad_certificate_status_response",
  116: "certificate_required",
  120: "no_application_protocol",
};

/**
 * What went wrong in a handshake. OpenSSL renamed its alert codes between versions, so an alert is
 * recognised by the number in the message; a peer that hangs up reads as a reset either way, so FIN
 * and RST are told apart by Node's wording.
 */
export function tlsFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const code = errorCode(error);
  const text = error instanceof Error ? error.message : "";
  const alert = /SSL alert number (\d+)/.exec(text)?.[1];
  if (alert !== undefined) {
    const name = alerts[Number(alert)] ?? "unknown";
    return new Failure("tls.alert", `the server answered with alert ${alert} (${name})`, {
      alert: Number(alert),
      name,
    });
  }
  if (notTls.has(code)) {
    return new Failure(
      "tls.not_tls",
      "what came back is not TLS: this port speaks something else",
      {
        openssl: code,
      },
    );
  }
  if (code === "ECONNRESET") {
    return text.includes("before secure TLS connection")
      ? new Failure("tls.closed", "the server closed the connection during the handshake")
      : new Failure("tls.closed", "the connection was reset during the handshake", { errno: code });
  }
  if (code.startsWith("ERR_SSL_")) {
    return new Failure("tls.failed", `OpenSSL says ${code.slice(8).toLowerCase()}`, {
      openssl: code,
    });
  }
  return tcpFailure(error);
}

const notTls = new Set([
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_HTTP_REQUEST",
  "ERR_SSL_UNEXPECTED_MESSAGE",
  "ERR_SSL_RECORD_LAYER_FAILURE",
]);
