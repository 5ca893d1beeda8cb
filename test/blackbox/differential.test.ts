/** Metric by metric beside the real exporter: names, labels, values, presence; of times only presence. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { beforeAll, expect, test } from "vitest";
import { opt } from "../protocols/dns/build.ts";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { closing } from "../servers/closing.ts";
import { grpcServer } from "../servers/grpc.ts";
import { a, reply, scriptedDns } from "../servers/scripted-dns.ts";
import { named } from "../servers/named.ts";
import { needs } from "../servers/needs.ts";
import { nginx } from "../servers/nginx.ts";
import { closedPort } from "../servers/ports.ts";
import { closingAtOnce, greeting, resetting, silent, tcpServer } from "../servers/tcp.ts";
import { bothWith, compare, timeout, type Both, type Expected } from "./comparing.ts";
import { modulesWith } from "./modules.ts";
import { manners, startTls, tlsSite } from "./sites.ts";

const zone = `$TTL 60
@ IN SOA ns.example.test. root.example.test. 2026 60 60 60 60
@ IN NS ns.example.test.
ns IN A 127.0.0.1
www IN A 192.0.2.1
www IN A 192.0.2.2
dane IN TLSA 3 1 1 d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971
signed IN DS 12345 8 2 49fd46e6c4b45c55d4ac49fd46e6c4b45c55d4ac49fd46e6c4b45c55d4acaaaa
web IN HTTPS 1 . alpn=h2,h3 no-default-alpn port=8443 ipv4hint=192.0.2.1 key667="a b"
${Array.from({ length: 20 }, (_, index) => `many IN TXT "${`${index}`.padEnd(60, "x")}"`).join("\n")}
`;

let both: Both;

const same = (query: string, expected: Expected) => compare(both, query, expected);

needs("prometheus-blackbox-exporter", "openssl")("beside blackbox_exporter", () => {
  beforeAll(async () => {
    await pair();
  });

  test("http: answers of every kind", async () => {
    const origin = await manners();
    const at = (path: string) => `target=${encodeURIComponent(origin + path)}`;
    const bare = origin.replace("http://", "");
    await same(`module=http&target=${bare}`, { success: 1 });
    await same(`module=http&${at("/chunked")}`, { success: 1 });
    for (const status of [204, 304, 404, 500, 503]) {
      const expected = status === 204 ? ({ success: 1 } as const) : bad("valid_status_codes");
      await same(`module=http&${at(`/?status=${status}`)}`, expected);
    }
    await same(`module=codes&${at("/?status=500")}`, { success: 1 });
    await same(`module=codes&${at("/")}`, bad("valid_status_codes"));
    await same(`module=versions&${at("/")}`, bad("valid_http_versions"));
    await same(`module=head&${at("/")}`, { success: 1 });
    await same(`module=post&${at("/echo")}`, { success: 1 });
    await same(`module=lower&${at("/")}`, bad("valid_status_codes"));
    await same(`module=body&${at("/")}`, { success: 1 });
    await same(`module=nobody&${at("/")}`, { success: 1 });
    await same(`module=nobody&${at("/chunked")}`, bad("fail_if_body_not_matches_regexp"));
    await same(`module=header&${at("/")}`, bad("fail_if_header_matches"));
    await same(`module=header&${at("/chunked")}`, { success: 1 });
    await same(`module=noheader&${at("/")}`, { success: 1 });
    await same(`module=noheader&${at("/chunked")}`, bad("fail_if_header_not_matches"));
    await same(`module=nossl&${at("/")}`, bad("fail_if_not_ssl"));
    await same(`module=gzip&${at("/gzip")}`, { success: 1 });
    await same(`module=http&${at("/gzip")}`, { success: 1 });
    await same(`module=gzip&${at("/")}`, bad("compression"));
    await same(`module=limit&${at("/")}`, bad("body_size_limit"));
    for (const status of [301, 302, 303, 307, 308]) {
      await same(`module=http&${at(`/to?status=${status}`)}`, { success: 1 });
      await same(`module=post&${at(`/to?status=${status}`)}`, { success: 1 });
    }
    await same(`module=stay&${at("/to?status=302")}`, { success: 1 });
    await same(`module=legacy&${at("/to?status=302")}`, bad("valid_status_codes"));
    await same(`module=http&${at("/loop")}`, bad("valid_status_codes"));
    await same(`module=basic&${at(`/auth?is=${encodeURIComponent("Basic dTpw")}`)}`, {
      success: 1,
    });
    await same(`module=bearer&${at("/auth?is=Bearer%20abc")}`, { success: 1 });
    await same(`module=bearer&${at("/auth?is=other")}`, bad("valid_status_codes"));
    await same(`module=only6&target=127.0.0.1:1`, { success: 0, code: "dns.nodata" });
    await same(`module=http4&target=localhost:${bare.split(":")[1]}`, { success: 1 });
    await same(`module=http&target=${bare}&hostname=other.test`, { success: 1 });
  });

  test("http: no answer, of every kind", async () => {
    const stages: readonly (readonly [Promise<{ readonly port: number }>, string])[] = [
      [silent(), "http.timeout"],
      [resetting(), "tcp.reset"],
      [closingAtOnce(), "http.closed"],
      [greeting("not http at all\r\n\r\n"), "http.malformed"],
    ];
    for (const [server, code] of stages) {
      await same(`module=http&target=127.0.0.1:${(await server).port}`, { success: 0, code });
    }
    const port = await closedPort();
    await same(`module=http&target=127.0.0.1:${port}`, { success: 0, code: "tcp.refused" });
  });

  test("http: an answer that breaks off counts as far as it came", async () => {
    const origin = await manners();
    for (const [path, code] of [
      ["/stalled", "http.timeout"],
      ["/broken", "http.closed"],
    ] as const) {
      const found = await same(`module=http&target=${origin}${path}`, { success: 0, code });
      expect(found.get("probe_http_status_code")).toBe(200);
      expect(found.get("probe_http_uncompressed_body_length")).toBe(4);
    }
    const secured = `https://127.0.0.1:${await tlsSite("good")}/stalled`;
    const late = { success: 0, code: "http.timeout" } as const;
    const found = await same(`module=trusting&target=${secured}`, late);
    expect(found.get("probe_http_ssl")).toBe(1);
  });

  test("http/1.0 is told from http/1.1", async () => {
    const old = await tcpServer((socket) =>
      socket.once("data", () => socket.end("HTTP/1.0 200 OK\r\n\r\nold")),
    );
    const found = await same(`module=http&target=127.0.0.1:${old.port}`, { success: 1 });
    expect(found.get("probe_http_version")).toBe(1);
  });

  test("tcp: connections and conversations", async () => {
    const ssh = await greeting("SSH-2.0-OpenSSH_9.2\r\n");
    const smtp = await tcpServer((socket) => {
      socket.write("220-first\r\n220 host ESMTP\r\n");
      socket.on("data", (said) => socket.write(`250 ok ${said.toString().trim()}\r\n`));
    });
    const dumb = await closingAtOnce();
    const still = await silent();
    const at = (port: number) => `target=127.0.0.1:${port}`;
    await same(`module=tcp&${at(ssh.port)}`, { success: 1 });
    await same(`module=banner&${at(ssh.port)}`, { success: 1 });
    await same(`module=banner&${at(smtp.port)}`, { success: 0, code: "service.timeout" });
    await same(`module=banner&${at(dumb.port)}`, bad("expect"));
    await same(`module=banner&${at(still.port)}`, { success: 0, code: "service.timeout" });
    await same(`module=banner&${at((await resetting()).port)}`, { success: 0, code: "tcp.reset" });
    await same(`module=dialogue&${at(smtp.port)}`, { success: 1 });
    await same(`module=tcp&${at(await closedPort())}`, { success: 0, code: "tcp.refused" });
    await same("module=tcp&target=127.0.0.1", bad("target"));
  });

  test("TLS by itself, in mid-conversation and under HTTP, with every kind of certificate", async () => {
    const kinds = [
      ["good", undefined],
      ["fullChain", undefined],
      ["expired", "tls.expired"],
      ["notYetValid", "tls.not_yet_valid"],
      ["wrongHost", "tls.name_mismatch"],
      ["selfSigned", "tls.self_signed"],
      ["untrusted", "tls.incomplete_chain"],
    ] as const;
    for (const [kind, code] of kinds) {
      const plain = code === undefined ? ({ success: 1 } as const) : no(code);
      const port = await tlsSite(kind);
      await same(`module=tls&target=127.0.0.1:${port}`, plain);
      await same(`module=tlslax&target=127.0.0.1:${port}`, { success: 1 });
      await same(`module=trusting&target=https://127.0.0.1:${port}/`, plain);
      await same(`module=lax&target=https://127.0.0.1:${port}/`, { success: 1 });
      await same(`module=starttls&target=127.0.0.1:${await startTls(kind)}`, plain);
    }
    const port = await tlsSite("good");
    const at = `target=127.0.0.1:${port}`;
    await same(`module=tls13&${at}`, { success: 1 });
    // The exporter takes it for tcp since 0.24.
    const wrong = await both.us(`module=tls&${at}&hostname=bad.test`, timeout);
    expect(wrong.body).toContain(
      'sonde_failure_info{code="tls.name_mismatch",stage="handshake"} 1',
    );
    // The exporter does not wait to hear in TLS 1.3 that the server hangs up on it.
    for (const [version, module] of [
      ["TLSv1.3", "tls"],
      ["TLSv1.3", "trusting"],
      ["TLSv1.2", "trusting"],
    ] as const) {
      const demands = { requestCert: true, rejectUnauthorized: true, maxVersion: version };
      const closed = await tlsSite("good", demands);
      const place = `${module === "tls" ? "" : "https://"}127.0.0.1:${closed}`;
      const { body } = await both.us(`module=${module}&target=${place}`, timeout);
      expect(body).toContain('code="tls.client_certificate_required",stage="handshake"} 1');
      expect(body.includes("probe_ssl_earliest_cert_expiry ")).toBe(version === "TLSv1.3");
    }
    await same(`module=tlsnamed&${at}`, no("tls.name_mismatch"));
    await same(`module=named&target=https://127.0.0.1:${port}/`, { success: 1 });
    await same(`module=http1&target=https://127.0.0.1:${port}/`, { success: 1 });
    await same(`module=ssl&target=https://127.0.0.1:${port}/`, bad("fail_if_ssl"));
    await same(
      `module=trusting&target=https://127.0.0.1:${port}/&hostname=other.test`,
      no("tls.name_mismatch"),
    );
    await same(`module=http&target=https://127.0.0.1:${port}/`, no("tls.incomplete_chain"));
    const other = await silent();
    await same(`module=tls&target=127.0.0.1:${other.port}`, { success: 0, code: "tls.timeout" });
    const ssh = await greeting("SSH-2.0-x\r\n");
    await same(`module=tls&target=127.0.0.1:${ssh.port}`, { success: 0, code: "tls.not_tls" });
  });
});

needs(
  "prometheus-blackbox-exporter",
  "openssl",
  "nginx",
)("through nginx", () => {
  test("HTTP/2, and a redirect from http to https", async () => {
    const { cert, key } = (await pair())("good");
    const secured = await closedPort();
    const web = await nginx(
      (port) => `
  server { listen 127.0.0.1:${port}; location / { return 301 https://localhost:${secured}/; } }
  server {
    listen 127.0.0.1:${secured} ssl http2;
    ssl_certificate ${cert}; ssl_certificate_key ${key};
    location /empty { return 204; }
    location / { return 200 "well\\n"; }
  }`,
    );
    await same(`module=trusting&target=127.0.0.1:${web.port}`, { success: 1 });
    const found = await same(`module=trusting&target=https://localhost:${secured}/`, {
      success: 1,
    });
    expect(found.get("probe_http_version")).toBe(2);
    await same(`module=trusting&target=https://localhost:${secured}/empty`, { success: 1 });
    await same(`module=versions&target=https://localhost:${secured}/`, no("tls.incomplete_chain"));
  });
});

needs(
  "prometheus-blackbox-exporter",
  "openssl",
  "python3",
  "grpc",
)("of gRPC", () => {
  test("health of every kind, with and without TLS", async () => {
    const certificate = await pair();
    const good = await grpcServer("SERVING");
    await same(`module=grpc&target=127.0.0.1:${good.port}`, { success: 1 });
    await same(`module=grpcnamed&target=127.0.0.1:${good.port}`, { success: 1 });
    const secured = await grpcServer("SERVING", certificate("good"));
    const found = await same(`module=grpctls&target=127.0.0.1:${secured.port}`, { success: 1 });
    expect(found.get("probe_grpc_ssl")).toBe(1);
    const ill = await grpcServer("NOT_SERVING");
    await same(`module=grpc&target=127.0.0.1:${ill.port}`, no("grpc.not_serving"));
    const none = await grpcServer("none");
    await same(`module=grpc&target=127.0.0.1:${none.port}`, bad("service"));
    await same(`module=grpc&target=127.0.0.1:${await closedPort()}`, no("tcp.refused"));
  });
});

needs("prometheus-blackbox-exporter", "openssl")("of an odd name server", () => {
  test("dns: half an answer is none, and an OPT that nobody asked for is a record", async () => {
    await pair();
    const whole = [a("www.example.test", "127.0.0.1")];
    const cut = await scriptedDns((heard) => reply(heard, { answers: whole }).subarray(0, -2));
    const odd = await scriptedDns((heard) =>
      reply(heard, { answers: whole, additional: [opt([])] }),
    );
    for (const module of ["a", "atcp"]) {
      await same(`module=${module}&target=127.0.0.1:${cut.port}`, no("dns.malformed"));
      const found = await same(`module=${module}&target=127.0.0.1:${odd.port}`, { success: 1 });
      expect(found.get("probe_dns_additional_rrs")).toBe(1);
    }
  });
});

needs(
  "prometheus-blackbox-exporter",
  "openssl",
  "named",
)("of named", () => {
  test("dns: answers, refusals, records and silence", async () => {
    await pair();
    const names = await named({ "example.test": zone });
    const at = `target=127.0.0.1:${names.port}`;
    for (const module of [
      "a",
      "atcp",
      "soa",
      "soanone",
      "nxok",
      "rr2",
      "rr4",
      "dane",
      "signed",
      "web",
    ]) {
      await same(`module=${module}&${at}`, { success: 1 });
    }
    await same(`module=any&${at}`, { success: 1 });
    await same(`module=many&${at}`, { success: 1 });
    await same(`module=nx&${at}`, bad("valid_rcodes"));
    await same(`module=refused&${at}`, bad("valid_rcodes"));
    await same(`module=rr1&${at}`, bad("validate_answer_rrs"));
    await same(`module=rr3&${at}`, bad("validate_answer_rrs"));
    await same(`module=rr5&${at}`, bad("validate_authority_rrs"));
    await same(`module=rr6&${at}`, bad("validate_additional_rrs"));
    await same(`module=rr7&${at}`, bad("validate_answer_rrs"));
    const port = await closedPort();
    await same(`module=a&target=127.0.0.1:${port}`, no("dns.unreachable"));
    await same(`module=atcp&target=127.0.0.1:${port}`, no("tcp.refused"));
    const deaf = createSocket("udp4").bind(0, "127.0.0.1");
    await once(deaf, "listening");
    closing(() => void deaf.close());
    await same(`module=a&target=127.0.0.1:${deaf.address().port}`, no("dns.timeout"));
  });
});

function no(code: string): Expected {
  return { success: 0, code, badCertificate: code.startsWith("tls.") };
}

/** Both sides with the same modules; the second group of tests starts its own. */
async function pair(): Promise<Certificates> {
  const certificate = await certificates();
  both = await bothWith(modulesWith(certificate));
  return certificate;
}

function bad(option: string): Expected {
  return { success: 0, code: `expect.${option}` };
}
