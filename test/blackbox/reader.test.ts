/** The file of modules: what is read, what closes `/probe`, what costs a module, and what is never shown. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeModules, type Found } from "../../lib/blackbox/modules.ts";

const read = (path: string) => (path === "secret.txt" ? Buffer.from("hunter2\n") : undefined);
const find = (text: string | undefined, name: string): Promise<Found> =>
  makeModules({ name: "blackbox.yml", text, read }).find(name);

const of = (prober: string, options: string) =>
  `modules:\n  x:\n    prober: ${prober}\n    ${prober}:\n      ${options}\n`;

describe("what is wrong closes the whole file and is named with its place", () => {
  test.each([
    ["modules: [", "line 1, column 11"],
    ["modles: {}", "line 1, column 1: modles: modles is not known here: known is modules"],
    ["just text", "a mapping with the key modules is needed"],
    ["modules: [a]", "line 1, column 1: modules: modules are named"],
    [
      "modules:\n  x: {prober: http, htp: {}}",
      "line 2, column 21: modules.x.htp: htp is not known",
    ],
    ["modules:\n  x: {prober: smtp}", "line 2, column 7: modules.x.prober: use one of http, tcp"],
    ["modules:\n  x: {}", "modules.x.prober"],
    ["modules:\n  x: {prober: http, timeout: soon}", "modules.x.timeout: a duration is needed"],
    [of("http", "methud: GET"), "line 5, column 7: modules.x.http.methud: methud is not known"],
    [of("http", "method: a b"), "a method is needed"],
    [of("http", "valid_status_codes: [2xx]"), "valid_status_codes[0]: a whole number is needed"],
    [of("http", "fail_if_ssl: maybe"), "fail_if_ssl: true or false is needed"],
    [of("http", 'fail_if_body_matches_regexp: ["a(b"]'), "not an expression in Go's syntax"],
    [of("http", 'fail_if_body_matches_regexp: ["(?<=a)b"]'), "not an expression in Go's syntax"],
    [of("http", "headers: {'a b': c}"), "a header name is needed"],
    [of("http", 'headers: {X: "a\\r\\nb"}'), "a header value is one line"],
    [of("http", "body: a\n      body_file: secret.txt"), "body and body_file exclude each other"],
    [of("http", "body_file: none.txt"), "the file none.txt cannot be read"],
    [
      of("http", "compression: gzip\n      headers: {accept-encoding: br}"),
      "does not ask for compression",
    ],
    [of("http", "tls_config: {ca_file: secret.txt}"), "ca holds no certificates in PEM"],
    [
      of("http", "tls_config: {cert_file: secret.txt}"),
      "a certificate and its key belong together",
    ],
    [of("http", "tls_config: {min_version: SSL3}"), "use TLS10, TLS11, TLS12 or TLS13"],
    [of("tcp", "query_response: [{expect: a, expect_bytes: b}]"), "exclude each other"],
    [of("tcp", "query_response: [{labels: [{name: a-b}]}]"), "a label name is needed"],
    [of("dns", "query_type: A"), "modules.x.dns.query_name"],
    [of("dns", "query_name: a..b"), "modules.x.dns.query_name"],
    [of("dns", "query_name: a\n      query_type: APL3"), "a record type is needed"],
    [of("dns", "query_name: a\n      valid_rcodes: [NOPE]"), "an rcode is needed"],
    [
      of("dns", "query_name: a\n      dns_over_tls: true"),
      "DNS over TLS needs transport_protocol: tcp",
    ],
    [of("grpc", "service: 'a b'"), "a service is named by"],
  ])("%j", async (text, wrong) => {
    const found = await find(text, "x");
    expect("closed" in found ? found.closed : found).toContain(wrong);
    expect("closed" in found ? found.closed : found).toMatch(
      /^blackbox\.yml: line \d+, column \d+: /,
    );
  });
});

describe("what is understood and not done costs its module alone", () => {
  test.each([
    ["prober: icmp", "the platform gives no raw sockets"],
    ["prober: unix", "by policy"],
    ["prober: http, http: {enable_http3: true}", "QUIC"],
    ["prober: http, http: {valid_http_versions: [HTTP/3.0]}", "QUIC"],
    ["prober: http, http: {oauth2: {client_id: a}}", "fetches no token"],
    ["prober: http, http: {fail_if_body_json_matches_cel: body.a}", "CEL"],
    ["prober: http, http: {proxy_from_environment: true}", "environment"],
    ["prober: http, http: {skip_resolve_phase_with_proxy: true}", "judged"],
    ["prober: http, http: {basic_auth: {password_ref: a}}", "secrets"],
    ["prober: http, http: {method: TRACE}", "not sent"],
    ["prober: http, http: {headers: {Connection: close}}", "frames the message"],
    ["prober: http, http: {http_headers: {Expect: {values: [a]}}}", "frames the message"],
    ["prober: http, http: {proxy_url: 'https://proxy.test'}", "plain http://host:port"],
    ["prober: http, http: {proxy_url: 'socks5://proxy.test:1080'}", "plain http://host:port"],
    ["prober: http, http: {proxy_url: 'http://a:hunter2@proxy.test'}", "plain http://host:port"],
    ["prober: tcp, tcp: {source_ip_address: 10.0.0.1}", "one source address"],
    ["prober: dns, dns: {query_name: a, source_ip_address: 10.0.0.1}", "one source address"],
    ["prober: websocket, websocket: {query_response: [{starttls: true}]}", "prober: tcp"],
  ])("%s", async (options, why) => {
    const text = `modules:\n  x: {${options}}\n  good: {prober: tcp}\n`;
    const found = await find(text, "x");
    expect("refused" in found ? found.refused : found).toContain(why);
    expect("refused" in found ? found.refused : found).toMatch(/\(line 2, column \d+\)$/);
    expect(JSON.stringify(found)).not.toContain("hunter2");
    expect(await find(text, "good")).toHaveProperty("module.name", "good");
    expect(await find(text, "none")).toEqual({ unknown: ["x", "good"] });
  });
});

test("every option of the exporter's own example of each prober is read", async () => {
  const text = `
x-common: &ignored {}
`;
  expect(await find(text, "x")).toHaveProperty("closed");
  const whole = `
modules:
  base: &base
    prober: http
    timeout: 1m30s
    http: &http
      valid_http_versions: ["HTTP/1.1", "HTTP/2.0"]
      valid_status_codes: []
      method: POST
      headers: {Host: vhost.example.com, Accept-Language: en-US, X-Number: 10}
      http_headers: {X-Kept: {values: [a], secrets: [b], files: [secret.txt]}}
      no_follow_redirects: no
      fail_if_ssl: off
      fail_if_not_ssl: yes
      fail_if_body_matches_regexp: ["Could not connect to database"]
      fail_if_header_matches: [{header: Set-Cookie, regexp: '.*', allow_missing: on}]
      tls_config: {insecure_skip_verify: false, min_version: TLS12}
      preferred_ip_protocol: ip4
      ip_protocol_fallback: false
      basic_auth: {username: user, password_file: secret.txt}
      compression: gzip
      body_size_limit: 10MB
      enable_http2: true
      proxy_url: http://proxy.test:3128
  merged: {<<: *base, timeout: 5s}
  empty: {prober: tcp, tcp: }
  binary: {prober: tcp, tcp: {query_response: [{send: !!binary AAAACATSFi8=}, {expect_bytes: S}, {starttls: true}]}}
  lower: {prober: http, http: {method: get, body_size_limit: 1TB, fail_if_header_matches: [{header: Connection, regexp: a}]}}
  spoken: {prober: websocket, websocket: {headers: {A: {values: [b]}}, http_config: {authorization: {credentials: c}}}}
  called: {prober: grpc, grpc: {service: a.b, tls: true, metadata: {tenant: [one, two]}}}
`;
  for (const name of ["base", "merged", "empty", "binary", "lower", "spoken", "called"]) {
    expect(await find(whole, name), name).toHaveProperty("module.name", name);
  }
  expect(await find(whole, "base")).toHaveProperty("module.timeoutMs", 90_000);
  expect(await find(whole, "base")).toHaveProperty("module.hostHeader", "vhost.example.com");
  expect(await find(whole, "merged")).toHaveProperty("module.timeoutMs", 5000);
});

test("without a file the exporter's own modules are there, by their names", async () => {
  const served = ["http_2xx", "http_post_2xx", "tcp_connect", "pop3s_banner", "grpc", "grpc_plain"];
  const more = ["ssh_banner", "ssh_banner_extract", "irc_banner", "websocket", "postgresql"];
  for (const name of [...served, ...more]) {
    expect(await find(undefined, name), name).toHaveProperty("module.name", name);
  }
  for (const name of ["icmp", "icmp_ttl5", "http_3xx"]) {
    expect(await find(undefined, name), name).toHaveProperty("refused");
  }
  expect(await find(undefined, "toString")).toHaveProperty("unknown");
});

test("whatever a file holds, it is read, refused or closed, and never thrown", async () => {
  const words = [
    "modules",
    "x",
    "prober",
    "http",
    "tcp",
    "dns",
    "timeout",
    "expect",
    "query_response",
  ];
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(...words, "5s", "true", "(", "*a", "&a b", "!!binary x", "<<"),
      fc.string(),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...words, "__proto__", "<<"), tie("any"), { maxKeys: 4 }),
    ),
  })).any;
  const asModule = fc.record(
    { prober: fc.constantFrom("http", "tcp", "dns", "grpc"), http: value, tcp: value, dns: value },
    { requiredKeys: ["prober"] },
  );
  const text = fc.oneof(
    fc.string(),
    value.map((one) => JSON.stringify(one)),
    asModule.map((one) => JSON.stringify({ modules: { x: one } })),
  );
  await fc.assert(
    fc.asyncProperty(text, async (one) => {
      const found = await find(one, "x");
      expect(Object.keys(found)).toHaveLength(1);
      if ("closed" in found) expect(found.closed).toMatch(/^blackbox\.yml: /);
    }),
    { numRuns: 300 },
  );
});
