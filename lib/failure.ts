/**
 * Every way a stage can say no, and the one error that carries it.
 *
 * Codes are an API: dotted, append-only, never renamed. `findings/codes.ts` owes each of them a
 * meaning, and the compiler collects the debt.
 */
export const codes = [
  "dns.nxdomain",
  "dns.nodata",
  "dns.servfail",
  "dns.refused",
  "dns.rcode",
  "dns.timeout",
  "dns.unreachable",
  "dns.cname_loop",
  "dns.cname_dangling",
  "dns.system_busy",
  "dns.system_failed",
  "dns.malformed",
  "dns.lame",
  "tcp.refused",
  "tcp.timeout",
  "tcp.reset",
  "tcp.closed",
  "tcp.unacknowledged",
  "tcp.unreachable",
  "tcp.forbidden",
  "tcp.no_ports",
  "tcp.failed",
  "udp.refused",
  "udp.failed",
  "tls.timeout",
  "tls.not_tls",
  "tls.not_offered",
  "tls.alert",
  "tls.client_certificate_required",
  "tls.client_certificate_refused",
  "tls.client_certificate_unusable",
  "tls.closed",
  "tls.failed",
  "tls.expired",
  "tls.not_yet_valid",
  "tls.name_mismatch",
  "tls.self_signed",
  "tls.incomplete_chain",
  "tls.untrusted",
  "tls.weak",
  "tls.invalid",
  "http.timeout",
  "http.closed",
  "http.malformed",
  "http.status",
  "http.client_error",
  "http.redirect_loop",
  "http.too_many_redirects",
  "http.redirect_downgrade",
  "http.proxy_refused",
  "http.not_upgraded",
  "grpc.not_grpc",
  "grpc.not_serving",
  "grpc.unknown_service",
  "grpc.status",
  "ntp.timeout",
  "ntp.kod",
  "ntp.unsynchronised",
  "ntp.malformed",
  "service.timeout",
  "service.wrong_protocol",
  "service.malformed",
  "service.refused",
  "sql.not_tds",
  "sql.no_instance",
  "sql.browser_timeout",
  "sql.redirect_blocked",
  "sql.login_timeout",
  "sql.firewall",
  "sql.vnet_rule",
  "sql.public_access_off",
  "sql.unknown_server",
  "sql.unavailable",
  "sql.login_failed",
  "stun.timeout",
  "stun.malformed",
  "stun.refused",
  "names.none",
  "chain.loop",
  "chain.refused",
  "chain.not_sonde",
  "identity.absent",
  "identity.no_token",
  "policy.floor",
  "policy.own_address",
  "policy.denied",
  "policy.not_allowed",
  "policy.mixed_answers",
  "policy.too_many_answers",
  "policy.redirect",
  "policy.route",
  "policy.requires_auth",
  "policy.invalid",
  "sonde.deadline",
  "sonde.busy",
  "sonde.untestable",
] as const;

export type Code = (typeof codes)[number];

/** What a failure knows beyond its code: flat, printable, free of secrets. */
export type Detail = Readonly<Record<string, string | number | boolean>>;

/**
 * The no that ends a branch. An answer, not a bug: it becomes `stopped` in the report, and
 * whatever the branch had noted before stays. Any other error is ours and becomes a 500.
 */
export class Failure extends Error {
  override readonly name: string;
  readonly code: Code;
  readonly detail: Detail;

  /** `message` is one sentence about what was seen, without a full stop; it is shown to people. */
  constructor(code: Code, message: string, detail: Detail = {}) {
    // An answer has no use for a stack, and capturing one costs as much as a connection.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = "Failure";
    this.code = code;
    this.detail = detail;
  }
}
