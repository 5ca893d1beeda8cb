/** The manners of `/probe`: errors in their order, timeouts, options in the query, refusals, secrets. */
import { describe, expect, test } from "vitest";
import { answerMetrics } from "../../lib/api/metrics.ts";
import { timeoutOf } from "../../lib/api/scrape-timeout.ts";
import { acceptFor } from "../../lib/protocols/http/websocket.ts";
import { frameOf, readFrame } from "../../lib/protocols/http/frames.ts";
import { certificates } from "../servers/certificates.ts";
import { site } from "../servers/http.ts";
import { needs } from "../servers/needs.ts";
import { greeting, tcpServer } from "../servers/tcp.ts";
import { edgeWith, ours, seriesIn } from "./scraping.ts";
import { manners, tlsSite } from "./sites.ts";

const problem = (body: string): unknown => JSON.parse(body);

describe("errors come in the exporter's order", () => {
  const ask = ours(edgeWith());
  const bad = { "x-prometheus-scrape-timeout-seconds": "soon" };
  test.each([
    ["module=nope", bad, 400, 'Unknown module "nope"'],
    ["module=tcp_conect&target=a", {}, 400, 'Unknown module "tcp_conect"'],
    ["", bad, 500, "Failed to parse timeout from Prometheus header"],
    ["", {}, 400, "Target parameter is missing"],
    ["module=http_2xx&target=", {}, 400, "Target parameter is missing"],
    ["target=127.0.0.1&hostname=a%20b", {}, 400, "a host name is needed"],
    ["target=127.0.0.1&modul=x", {}, 400, "did you mean module?"],
    [
      "module=icmp&target=127.0.0.1",
      {},
      400,
      'Module "icmp" is refused: prober: the platform gives no raw',
    ],
  ])("%s", async (query, headers, status, detail) => {
    const answered = await ask(query, headers);
    expect(answered.status).toBe(status);
    expect(problem(answered.body)).toMatchObject({ detail: expect.stringContaining(detail) });
  });

  test("the nearest module is named", async () => {
    const { body } = await ask("module=tcp_conect&target=a");
    expect(problem(body)).toMatchObject({ suggestion: "tcp_connect" });
  });

  test("a host name must not contradict the module's own", async () => {
    const own = ours(edgeWith("modules: {x: {prober: http, http: {headers: {host: a.test}}}}"));
    const { status, body } = await own("module=x&target=127.0.0.1:1&hostname=b.test");
    expect([status, problem(body)]).toMatchObject([400, { parameter: "hostname" }]);
    expect((await own("module=x&target=127.0.0.1:1&hostname=a.test")).status).toBe(200);
  });

  test("a file that is wrong closes /probe and nothing else", async () => {
    const edge = edgeWith("modules: {x: {prober: htpp}}");
    const { status, body } = await ours(edge)("module=x&target=127.0.0.1:1");
    expect(status).toBe(503);
    expect(problem(body)).toMatchObject({
      detail: expect.stringMatching(/^blackbox\.yml: line 1, /),
    });
    expect((await metricsOf(edge)).get("blackbox_exporter_config_last_reload_successful")).toBe(0);
  });
});

test("the scrape's time is what Prometheus says, less half a second, within the module's", () => {
  const ms = (header: string | undefined, timeoutMs: number) => timeoutOf(header, { timeoutMs });
  expect(ms(undefined, 0)).toBe(119_500);
  expect(ms("10", 0)).toBe(9500);
  expect(ms("10", 5000)).toBe(5000);
  expect(ms("10", 60_000)).toBe(9500);
  expect(ms("0.2", 3000)).toBe(3000);
  expect(ms("1e1", 0)).toBe(9500);
  expect(ms("900", 0)).toBe(120_000);
  for (const wrong of ["soon", "0x10", "NaN", "1 2"]) {
    expect(ms(wrong, 0)).toHaveProperty("problem.status", 500);
  }
});

describe("options in the query", () => {
  const ask = ours(edgeWith());
  test.each([
    ["prober=http&method=POST", "only GET, HEAD and OPTIONS"],
    ["prober=http&body=a", "the parameter body is not known"],
    ["prober=tcp&query_response=a", "not known"],
    ["prober=tcp&valid_status_codes=200", "valid_status_codes is not known to tcp"],
    ["prober=http&valid_status_codes=2xx", "a whole number is needed"],
    ["prober=dns", "query_name"],
    ["prober=http&prober=tcp", "prober was given more than once"],
    ["prober=http&valid_status_codes=200&valid_status_codes=404", "given more than once"],
    ["prober=icmp", "prober must be one of"],
    ["module=http_2xx&valid_status_codes=200", "for a query without a module"],
    [`prober=http&fail_if_body_matches_regexp=${"a".repeat(300)}`, "at most 256"],
  ])("%s is refused", async (options, detail) => {
    const { status, body } = await ask(`target=127.0.0.1:1&${options}`);
    expect(status).toBe(400);
    expect(problem(body)).toMatchObject({ detail: expect.stringContaining(detail) });
  });

  test("make a module, and follow three redirects at most", async () => {
    const origin = await manners();
    const at = (path: string) => `target=${encodeURIComponent(origin + path)}`;
    const success = async (query: string) => seriesIn((await ask(query)).body).get("probe_success");
    expect(await success(`prober=http&valid_status_codes=404,500&${at("/?status=404")}`)).toBe(1);
    expect(await success(`prober=http&valid_status_codes=404,500&${at("/")}`)).toBe(0);
    expect(await success(`prober=http&fail_if_body_matches_regexp=a,b&${at("/")}`)).toBe(1);
    expect(await success(`prober=http&method=HEAD&timeout=2s&${at("/")}`)).toBe(1);
    const loop = seriesIn((await ask(`prober=http&${at("/loop")}`)).body);
    expect(loop.get("probe_http_redirects")).toBe(4);
  });
});

test("a target that the policy refuses is a 403, and a redirect to one a failed probe", async () => {
  const origin = await site((request, response) => {
    response.writeHead(302, { location: "http://169.254.169.254/" }).end(request.url);
  });
  const ask = ours(edgeWith());
  const refused = await ask("target=0xa9fea9fe");
  expect([refused.status, problem(refused.body)]).toMatchObject([403, { code: "policy.floor" }]);
  const { status, body } = await ask(`target=${origin}`);
  expect(status).toBe(200);
  expect(seriesIn(body).get("probe_success")).toBe(0);
  expect(body).toContain('sonde_failure_info{code="policy.redirect",stage="resolve"} 1');
});

test("no secret of a module is shown or logged, and none goes to another origin", async () => {
  const seen: string[] = [];
  const other = await site((request, response) => {
    seen.push(JSON.stringify(request.headers));
    response.end("well");
  });
  const first = await site((request, response) => {
    expect(request.headers["x-kept"]).toBe("hunter1, hunter2");
    expect(request.headers.authorization).toMatch(/^Basic /);
    response.writeHead(307, { location: other.replace("127.0.0.1", "localhost") }).end();
  });
  const lines: string[] = [];
  const ask = ours(
    edgeWith(`
modules:
  x:
    prober: http
    http:
      method: POST
      body: '{"password":"hunter3"}'
      headers: {X-Api-Key: hunter4, Accept: text/html}
      http_headers: {X-Kept: {secrets: [hunter1, hunter2]}}
      basic_auth: {username: me, password: hunter5}
      preferred_ip_protocol: ip4
`),
    (line) => lines.push(line),
  );
  const path = "/?token=hunter6#hunter7";
  const { body } = await ask(`module=x&debug=true&target=${encodeURIComponent(first + path)}`);
  expect(seen).toHaveLength(1);
  expect(`${body}${lines.join("")}${seen.join("")}`).not.toMatch(/hunter/);
  expect(seen[0]).toContain("text/html");
  expect(body).toMatch(
    /^Logs for the probe:\n[^]*\n\n\n\nMetrics that would have been returned:\n/,
  );
  expect(body).toMatch(/\n\n\nModule configuration:\nprober: http\n/);
  expect(body).toContain("probe_success 1");
});

needs("openssl")("a certificate that fails", () => {
  test("is counted all the same, and names why", async () => {
    const { cert } = (await certificates())("ca");
    const ask = ours(
      edgeWith(`modules: {x: {prober: tcp, tcp: {tls: true, tls_config: {ca_file: ${cert}}}}}`),
    );
    const port = await tlsSite("expired");
    const { body } = await ask(`module=x&target=127.0.0.1:${port}`);
    const found = seriesIn(body);
    expect(found.get("probe_success")).toBe(0);
    expect(found.get("probe_ssl_earliest_cert_expiry")).toBe(Date.UTC(2021, 0) / 1000);
    expect(body).toContain('subject="CN=expired,O=Sonde tests"');
    expect(body).toContain('sonde_failure_info{code="tls.expired",stage="handshake"} 1');
    expect(body).not.toContain("probe_ssl_last_chain_expiry_timestamp_seconds");
  });
});

test("what a conversation gives is a label, in plain text and safe", async () => {
  const server = await greeting('SSH-2.0-Evil_1 "quoted\\"\u001b[31m\r\n');
  const { body } = await ours(edgeWith())(
    `module=ssh_banner_extract&target=127.0.0.1:${server.port}`,
  );
  const version = String.raw`ssh_version="Evil_1"`;
  const comments = String.raw`ssh_comments="\"quoted\\\"\\u001b[31m"`;
  expect(body).toContain(`probe_expect_info{${version},${comments}} 1`);
});

test("what comes before TLS is not taken for what comes within", async () => {
  const server = await tcpServer((socket) => socket.once("data", () => socket.write("S and more")));
  const { body } = await ours(edgeWith())(`module=postgresql&target=127.0.0.1:${server.port}`);
  expect(body).toContain('sonde_failure_info{code="service.malformed",stage="script"} 1');
});

/** Opens whatever asks, greets, and answers each message in upper case; pings before it does. */
async function chatty(): Promise<number> {
  const server = await tcpServer((socket) => {
    let opened = false;
    socket.on("data", (chunk) => {
      if (!opened) {
        const key = /sec-websocket-key: (\S+)/i.exec(chunk.toString("latin1"))?.[1] ?? "";
        opened = true;
        const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${acceptFor(key)}\r\n\r\n`;
        return void socket.write(Buffer.concat([Buffer.from(head), unmasked(1, "hello you")]));
      }
      const said = unmask(chunk);
      socket.write(Buffer.concat([unmasked(9, "ping"), unmasked(1, said.toUpperCase())]));
    });
  });
  return server.port;
}

function unmasked(opcode: number, text: string): Buffer {
  return Buffer.concat([Buffer.of(0x80 | opcode, text.length), Buffer.from(text)]);
}

function unmask(frame: Buffer): string {
  const mask = frame.subarray(2, 6);
  const length = (frame[1] ?? 0) & 0x7f;
  const octets = frame
    .subarray(6, 6 + length)
    .map((octet, index) => octet ^ (mask[index % 4] ?? 0));
  return Buffer.from(octets).toString();
}

test("a WebSocket is opened, and its messages follow the script", async () => {
  const port = await chatty();
  const ask = ours(
    edgeWith(`
modules:
  talk: {prober: websocket, websocket: {query_response: [{expect: "^hello (\\\\w+)", send: "i am \${1}"}, {expect: "^I AM YOU$"}]}}
  other: {prober: websocket, websocket: {query_response: [{expect: "^goodbye"}]}}
  open: {prober: websocket}
`),
  );
  const found = async (module: string, target = `ws://127.0.0.1:${port}/chat`) =>
    seriesIn((await ask(`module=${module}&target=${encodeURIComponent(target)}`)).body);
  const talk = await found("talk");
  expect(talk.get("probe_success")).toBe(1);
  expect(talk.get("probe_websocket_status_code")).toBe(101);
  expect(talk.get("probe_websocket_connection_upgraded")).toBe(1);
  expect(talk.has('probe_websocket_duration_seconds{phase="transfer"}')).toBe(true);
  const other = await found("other");
  expect(other.get("probe_success")).toBe(0);
  expect(other.get("probe_websocket_failed_due_to_regex")).toBe(1);
  expect((await found("open")).get("probe_success")).toBe(1);
  const plain = await found("open", `${(await manners()).replace("http", "ws")}/`);
  expect(plain.get("probe_websocket_status_code")).toBe(200);
  expect(plain.get("probe_websocket_connection_upgraded")).toBe(0);
  expect(plain.get("probe_success")).toBe(0);
});

test.each([0, 125, 126, 65_535, 65_536])(
  "a frame of %i octets is read as it was made",
  (length) => {
    const payload = Buffer.alloc(length, "x");
    const masked = Buffer.from(frameOf(2, payload));
    // What a client masks a server does not: the same frame without its mask.
    const head = masked.length - 4 - length;
    const plain = Buffer.concat([masked.subarray(0, head), payload]);
    plain[1] = (plain[1] ?? 0) & 0x7f;
    expect(readFrame(plain)).toMatchObject({
      opcode: 2,
      last: true,
      payload,
      length: plain.length,
    });
    expect(readFrame(plain.subarray(0, -1))).toBe("more");
    expect(readFrame(masked)).toBe("wrong");
  },
);

async function metricsOf(edge: ReturnType<typeof edgeWith>): Promise<ReadonlyMap<string, number>> {
  const request = {
    method: "GET",
    url: "http://localhost/api/metrics",
    headers: [["host", "localhost"]] as const,
    text: () => Promise.resolve(""),
  };
  const { status, body } = await answerMetrics(request, edge);
  expect(status).toBe(200);
  return seriesIn(body);
}

test("/api/metrics counts scrapes, refusals and unknown modules", async () => {
  const edge = edgeWith();
  const ask = ours(edge);
  const origin = await manners();
  await ask(`target=${origin}`);
  await ask("target=127.0.0.1:1&module=nope");
  await ask("target=169.254.169.254");
  const found = await metricsOf(edge);
  expect(found.get('sonde_runs_total{probe="probe",verdict="pass"}')).toBe(1);
  expect(found.get('sonde_refused_total{code="request.invalid"}')).toBe(1);
  expect(found.get('sonde_refused_total{code="policy.floor"}')).toBe(1);
  expect(found.get("blackbox_module_unknown_total")).toBe(1);
  expect(found.get("blackbox_exporter_config_last_reload_successful")).toBe(1);
  expect(found.get("sonde_in_flight")).toBe(0);
  expect(found.get('sonde_limit{limit="scrapes"}')).toBe(48);
});

test("scrapes are bounded by what is under way, and not by the minute", async () => {
  const edge = edgeWith(undefined, { SONDE_LIMITS: "scrapes=1 medium=1" });
  const ask = ours(edge);
  const server = await greeting("slow");
  const waiting = ask(`module=ssh_banner&target=127.0.0.1:${server.port}`, {
    "x-prometheus-scrape-timeout-seconds": "1.5",
  });
  await expect.poll(() => server.accepted()).toBe(1);
  const second = await ask("module=tcp_connect&target=127.0.0.1:1");
  expect(second.status).toBe(429);
  expect((await waiting).status).toBe(200);
  for (let left = 5; left > 0; left -= 1) {
    expect((await ask("module=tcp_connect&target=127.0.0.1:1")).status).toBe(200);
  }
});
