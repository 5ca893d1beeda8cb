import type { Code } from "../failure.ts";

/**
 * How curl ends where Sonde says a code: the exit code of the same request, for whoever compares the two.
 * Absent where curl has no such case, or where several would do. libcurl-errors(3); the ones that a
 * server on loopback can cause are held against a real curl by a test.
 */
const exits: Readonly<Partial<Record<Code, number>>> = {
  "dns.nxdomain": 6,
  "dns.nodata": 6,
  "dns.servfail": 6,
  "dns.refused": 6,
  "dns.system_failed": 6,
  "tcp.refused": 7,
  "tcp.timeout": 28,
  "tcp.unreachable": 7,
  "tcp.forbidden": 7,
  "tls.timeout": 28,
  "tls.not_tls": 35,
  "tls.alert": 35,
  "tls.closed": 35,
  "tls.client_certificate_required": 56,
  "tls.expired": 60,
  "tls.not_yet_valid": 60,
  "tls.name_mismatch": 60,
  "tls.self_signed": 60,
  "tls.incomplete_chain": 60,
  "tls.untrusted": 60,
  "tls.invalid": 60,
  "http.timeout": 28,
  "http.closed": 52,
  "http.malformed": 1,
  "http.status": 22,
  "http.client_error": 22,
  "http.redirect_loop": 47,
  "http.too_many_redirects": 47,
  "http.proxy_refused": 56,
};

export const curlExits: ReadonlyMap<string, number> = new Map(Object.entries(exits));
