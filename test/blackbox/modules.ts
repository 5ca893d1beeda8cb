/** A file of modules with every option that both sides have, so that each can be told apart. */
import type { Certificates } from "../servers/certificates.ts";

export const modulesWith = (certificate: Certificates) => `
modules:
  http: {prober: http}
  http4: {prober: http, http: {preferred_ip_protocol: ip4}}
  only6: {prober: http, http: {preferred_ip_protocol: ip6, ip_protocol_fallback: false}}
  stay: {prober: http, http: {follow_redirects: false, valid_status_codes: [302]}}
  legacy: {prober: http, http: {no_follow_redirects: true}}
  head: {prober: http, http: {method: HEAD}}
  post: {prober: http, http: {method: POST, body: '{"a":1}', headers: {Content-Type: application/json}}}
  lower: {prober: http, http: {method: head, fail_if_header_matches: [{header: Connection, regexp: upgrade, allow_missing: true}]}}
  codes: {prober: http, http: {valid_status_codes: [404, 500]}}
  versions: {prober: http, http: {valid_http_versions: ["HTTP/2.0"]}}
  body: {prober: http, http: {fail_if_body_matches_regexp: ["(?i)ERROR", "b{2,}d"]}}
  nobody: {prober: http, http: {fail_if_body_not_matches_regexp: ["^he.*o\\\\s*$"]}}
  header: {prober: http, http: {fail_if_header_matches: [{header: X-Kind, regexp: "^b", allow_missing: true}]}}
  noheader: {prober: http, http: {fail_if_header_not_matches: [{header: x-kind, regexp: "^b"}]}}
  ssl: {prober: http, http: {fail_if_ssl: true, tls_config: {ca_file: ${certificate("ca").cert}}}}
  nossl: {prober: http, http: {fail_if_not_ssl: true}}
  gzip: {prober: http, http: {compression: gzip, headers: {Accept-Encoding: gzip}}}
  limit: {prober: http, http: {body_size_limit: 3B}}
  basic: {prober: http, http: {basic_auth: {username: u, password: p}}}
  bearer: {prober: http, http: {authorization: {credentials: abc}}}
  trusting: {prober: http, http: {tls_config: {ca_file: ${certificate("ca").cert}}}}
  http1: {prober: http, http: {enable_http2: false, tls_config: {ca_file: ${certificate("ca").cert}}}}
  lax: {prober: http, http: {tls_config: {insecure_skip_verify: true}}}
  named: {prober: http, http: {tls_config: {ca_file: ${certificate("ca").cert}, server_name: good.test}}}
  tcp: {prober: tcp}
  banner: {prober: tcp, tcp: {query_response: [{expect: "^SSH-2.0-(\\\\w+)"}, {send: "hello \${1}"}]}}
  dialogue:
    prober: tcp
    tcp:
      query_response:
      - {expect: "^220 (\\\\S+)", send: "EHLO prober \${1} $1x $\${9}"}
      - {expect: '^250 ok EHLO prober host  \\$\\{9}$'}
  starttls:
    prober: tcp
    tcp:
      query_response: [{expect: "^220"}, {send: STARTTLS}, {expect: "^220 go"}, {starttls: true}, {expect: "^secured"}]
      tls_config: {ca_file: ${certificate("ca").cert}}
  tls: {prober: tcp, tcp: {tls: true, tls_config: {ca_file: ${certificate("ca").cert}}}}
  tlslax: {prober: tcp, tcp: {tls: true, tls_config: {insecure_skip_verify: true}}}
  tls13: {prober: tcp, tcp: {tls: true, tls_config: {ca_file: ${certificate("ca").cert}, min_version: TLS13}}}
  tlsnamed: {prober: tcp, tcp: {tls: true, tls_config: {ca_file: ${certificate("ca").cert}, server_name: other.test}}}
  a: {prober: dns, dns: {query_name: www.example.test, query_type: A}}
  atcp: {prober: dns, dns: {query_name: www.example.test, query_type: A, transport_protocol: tcp}}
  any: {prober: dns, dns: {query_name: www.example.test}}
  soa: {prober: dns, dns: {query_name: example.test, query_type: SOA}}
  soanone: {prober: dns, dns: {query_name: www.example.test, query_type: SOA}}
  nx: {prober: dns, dns: {query_name: none.example.test, query_type: A}}
  nxok: {prober: dns, dns: {query_name: none.example.test, query_type: A, valid_rcodes: [NXDOMAIN]}}
  refused: {prober: dns, dns: {query_name: elsewhere.test, query_type: A, recursion_desired: false}}
  many: {prober: dns, dns: {query_name: many.example.test, query_type: TXT}}
  dane: {prober: dns, dns: {query_name: dane.example.test, query_type: TLSA, validate_answer_rrs: {fail_if_not_matches_regexp: ['\\tTLSA\\t3 1 1 d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971$']}}}
  signed: {prober: dns, dns: {query_name: signed.example.test, query_type: DS, validate_answer_rrs: {fail_if_not_matches_regexp: ['^signed.example.test.\\t60\\tIN\\tDS\\t12345 8 2 49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4ACAAAA$']}}}
  web: {prober: dns, dns: {query_name: web.example.test, query_type: HTTPS, validate_answer_rrs: {fail_if_not_matches_regexp: ['\\t1 [.] alpn="h2,h3" no-default-alpn="" port="8443" ipv4hint="192.0.2.1" key667="a. ?b"$']}}}
  rr1: {prober: dns, dns: {query_name: www.example.test, query_type: A, validate_answer_rrs: {fail_if_matches_regexp: [".*192.0.2.1"]}}}
  rr2: {prober: dns, dns: {query_name: www.example.test, query_type: A, validate_answer_rrs: {fail_if_all_match_regexp: ['^www.example.test.\\t60\\tIN\\tA\\t192']}}}
  rr3: {prober: dns, dns: {query_name: www.example.test, query_type: A, validate_answer_rrs: {fail_if_all_match_regexp: ["127"]}}}
  rr4: {prober: dns, dns: {query_name: www.example.test, query_type: A, validate_answer_rrs: {fail_if_not_matches_regexp: ["192.0.2.[12]"]}}}
  rr5: {prober: dns, dns: {query_name: www.example.test, query_type: A, validate_authority_rrs: {fail_if_not_matches_regexp: ["ns."]}}}
  rr6: {prober: dns, dns: {query_name: www.example.test, query_type: A, validate_additional_rrs: {fail_if_none_matches_regexp: ["127.0.0.1"]}}}
  rr7: {prober: dns, dns: {query_name: none.example.test, query_type: A, valid_rcodes: [NXDOMAIN], validate_answer_rrs: {fail_if_none_matches_regexp: ["x"]}}}
  grpc: {prober: grpc, grpc: {preferred_ip_protocol: ip4}}
  grpcnamed: {prober: grpc, grpc: {preferred_ip_protocol: ip4, service: orders.v1.Orders}}
  grpctls: {prober: grpc, grpc: {preferred_ip_protocol: ip4, tls: true, tls_config: {ca_file: ${certificate("ca").cert}}}}
`;
