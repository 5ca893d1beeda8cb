/** The same questions asked of the same servers by curl: what both can see must be the same. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { http } from "../../lib/probes/http.ts";
import { ask } from "../asking.ts";
import { build, type Sonde } from "../cli/sonde.ts";
import { certificates } from "../servers/certificates.ts";
import { site } from "../servers/http.ts";
import { needs } from "../servers/needs.ts";
import { nginx } from "../servers/nginx.ts";
import { closedPort } from "../servers/ports.ts";
import { tcpServer } from "../servers/tcp.ts";
import { pathOf } from "../servers/packages.ts";

const run = promisify(execFile);

/** As `-w '%{json}'` writes them, times in seconds; with the header names from `%{header_json}`. */
const written = z.object({
  http_code: z.int(),
  http_version: z.string(),
  size_download: z.int(),
  size_header: z.int(),
  num_redirects: z.int(),
  num_connects: z.int(),
  url_effective: z.string(),
  remote_ip: z.string(),
  remote_port: z.int(),
  redirect_url: z.string().nullable(),
  ssl_verify_result: z.int(),
  time_connect: z.number(),
  time_appconnect: z.number(),
  time_pretransfer: z.number(),
  time_starttransfer: z.number(),
  time_total: z.number(),
});
const named = z.record(z.string(), z.array(z.string()));

/** Too many redirects: it has written all the same. */
const failed = z.object({ code: z.literal(47), stdout: z.string() });

async function curl(url: string, ...options: readonly string[]) {
  const format = "%{json}\n%{header_json}";
  // No proxy, no .curlrc: only what stands here.
  const plain = ["-q", "-s", "--noproxy", "*", "-o", "/dev/null", "-w", format];
  const same = ["-H", "Accept-Encoding: gzip, deflate, br"];
  const asked = run(pathOf("curl"), [...plain, ...same, ...options, url]);
  const { stdout } = await asked.catch((error: unknown) => failed.parse(error));
  const at = stdout.indexOf("\n");
  return {
    seen: written.parse(JSON.parse(stdout.slice(0, at))),
    headers: named.parse(JSON.parse(stdout.slice(at + 1))),
  };
}

const answered = z.object({
  hops: z.array(
    z.object({
      connect: z.object({ address: z.string(), port: z.int() }),
      request: z.object({
        status: z.int(),
        url: z.string(),
        version: z.string(),
        location: z.string().optional(),
        headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
        timings: z.record(z.string(), z.number()),
        body: z.object({ bytes: z.int() }),
      }),
    }),
  ),
});

type Pair = [string, string];

async function hopsOf(url: string, ...more: Pair[]) {
  const { result } = await ask(http, [["target", url], ...more]);
  return answered.parse(result).hops;
}

async function sonde(url: string, ...more: Pair[]) {
  const [hop] = await hopsOf(url, ...more);
  if (hop === undefined) throw new Error("nothing was asked");
  return hop.request;
}

needs("nginx", "curl")("differential against curl", () => {
  test.each([
    ["/ok", []],
    ["/empty", []],
    ["/moved", []],
    ["/missing", []],
    ["/broken", []],
    ["/ok", ["HEAD"]],
    ["/ok", ["OPTIONS"]],
  ] as const)("%s %j", async (path, [method]) => {
    const { port } = await nginx(
      (own) => `gzip on; gzip_types text/plain; gzip_min_length 1;
server {
  listen 127.0.0.1:${own};
  default_type text/plain;
  add_header X-Twice one always;
  add_header X-Twice two always;
  location = /ok { return 200 "fine and well, thank you"; }
  location = /empty { return 204; }
  location = /moved { return 307 /ok?x=1; }
  location = /broken { return 503; }
}`,
    );
    const url = `http://127.0.0.1:${port}${path}`;
    const options = { HEAD: ["-I"], OPTIONS: ["-X", "OPTIONS"] }[method ?? "OPTIONS"];
    const theirs = await curl(url, ...(method === undefined ? [] : options));
    const ours = await sonde(
      url,
      ...(method === undefined ? [] : [["method", method] satisfies Pair]),
    );
    expect(ours.status).toBe(theirs.seen.http_code);
    expect(ours.version).toBe(theirs.seen.http_version);
    expect(ours.body.bytes).toBe(theirs.seen.size_download);
    expect(ours.location ?? null).toBe(theirs.seen.redirect_url);
    const lines = (headers: Readonly<Record<string, string | string[]>>) =>
      new Map(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().length]),
      );
    expect(lines(ours.headers)).toEqual(lines(theirs.headers));
  });

  test.each([
    ["/one", 10],
    ["/one", 2],
    ["/elsewhere", 10],
  ])("redirects from %s, of which %i are followed", async (path, most) => {
    const other = await nginx(
      (own) => `server { listen 127.0.0.1:${own}; location / { return 200 "the end"; } }`,
    );
    const { port } = await nginx(
      (own) => `server {
  listen 127.0.0.1:${own};
  location = /one { return 301 /two; }
  location = /two { return 302 three/; }
  location = /three/ { return 307 ../four?x=4; }
  location = /elsewhere { return 308 http://127.0.0.1:${other.port}/there; }
  location / { return 200 "the end"; }
}`,
    );
    const url = `http://127.0.0.1:${port}${path}`;
    const { seen } = await curl(url, "-L", "--max-redirs", `${most}`);
    const hops = await hopsOf(url, ["follow", `${most}`]);
    const last = hops.at(-1);
    expect(hops).toHaveLength(seen.num_redirects + 1);
    expect(last?.request.status).toBe(seen.http_code);
    expect(last?.request.url).toBe(seen.url_effective);
    expect(last?.request.body.bytes).toBe(seen.size_download);
    expect(last?.connect).toMatchObject({ address: seen.remote_ip, port: seen.remote_port });
  });

  test("another place to connect to, and another Host", async () => {
    const { port } = await nginx(
      (own) => `server {
  listen 127.0.0.1:${own};
  location / { return 200 "$http_host $request_uri $http_x_request_id $http_user_agent"; }
}`,
    );
    const url = "http://app.example.test/a?b=1";
    const mine = ["x-request-id: 7", "user-agent: mine"];
    const body = await run(pathOf("curl"), [
      "-qs",
      "--noproxy",
      "*",
      "--connect-to",
      `::127.0.0.1:${port}`,
      ...["Host: other.example.test", ...mine].flatMap((one) => ["-H", one]),
      url,
    ]);
    const report = await ask(http, [
      ["target", url],
      ["connectTo", `127.0.0.1:${port}`],
      ["hostHeader", "other.example.test"],
      ...mine.map((one): Pair => ["header", one]),
    ]);
    expect(report.result).toMatchObject({ hops: [{ request: { body: { text: body.stdout } } }] });
  });

  test("the first byte is the first, not the last of the head", async () => {
    const { port } = await tcpServer((socket) =>
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\n");
        setTimeout(() => socket.end("Content-Length: 4\r\n\r\nwell"), 400);
      }),
    );
    const url = `http://127.0.0.1:${port}/`;
    const { seen } = await curl(url);
    const { timings } = await sonde(url);
    expect((seen.time_total - seen.time_starttransfer) * 1000).toBeGreaterThan(300);
    expect(timings["download"]).toBeGreaterThan(300);
    expect(timings["total"]).toBeGreaterThan(390);
  });

  test("phases of an answer that takes its time", async () => {
    const url = await site((_request, response) => {
      setTimeout(() => response.write("one"), 200);
      setTimeout(() => response.end("two"), 350);
    });
    const { seen } = await curl(url);
    const { timings } = await sonde(url);
    /** Two programs, one busy machine. */
    const slack = 150;
    const near = (ours: number | undefined, seconds: number) =>
      expect(Math.abs((ours ?? Infinity) - seconds * 1000)).toBeLessThan(slack);
    near(timings["connect"], seen.time_connect);
    near(timings["firstByte"], seen.time_starttransfer - seen.time_pretransfer);
    near(timings["download"], seen.time_total - seen.time_starttransfer);
    near(timings["total"], seen.time_total);
    expect(timings["firstByte"]).toBeGreaterThan(190);
    expect(timings["download"]).toBeGreaterThan(140);
  });
});

let built: Sonde;

needs(
  "nginx",
  "curl",
  "openssl",
)("over TLS", () => {
  beforeAll(async () => {
    built = await build();
  });

  test.each([
    ["auto", ["--http2"]],
    ["1.1", ["--http1.1"]],
    ["2", ["--http2"]],
  ])("with ALPN for version %s", async (version, options) => {
    const made = await certificates();
    const { cert, key } = made("good");
    const other = await closedPort();
    const { port } = await nginx(
      (own) => `ssl_certificate ${cert}; ssl_certificate_key ${key};
server { listen 127.0.0.1:${own} ssl http2; location / { return 200 "$server_protocol"; } }
server { listen 127.0.0.1:${other} ssl; location / { return 200 "$server_protocol"; } }`,
    );
    for (const at of [port, other]) {
      const url = `https://localhost:${at}/`;
      const theirs = await curl(url, "--cacert", made("ca").cert, ...options);
      const ours = await asACommand(made("ca").cert, url, `--version=${version}`);
      // Who insists on HTTP/2 finds none there, where curl would take what there is.
      if (version === "2" && at === other) {
        expect(ours.code).toBe(1);
        continue;
      }
      const [hop] = answered.parse(ours.report.result).hops;
      expect(hop?.request.version).toBe(theirs.seen.http_version);
      expect(hop?.request.status).toBe(theirs.seen.http_code);
      expect(hop?.request.body.bytes).toBe(theirs.seen.size_download);
      expect(theirs.seen.ssl_verify_result).toBe(0);
      const handshakeMs = (theirs.seen.time_appconnect - theirs.seen.time_connect) * 1000;
      expect(Math.abs((hop?.request.timings["tls"] ?? Infinity) - handshakeMs)).toBeLessThan(150);
    }
  });
});

/** The command line, since a process is told at its start whom to trust beside the usual. */
async function asACommand(authority: string, ...words: readonly string[]) {
  const trusting = { NODE_EXTRA_CA_CERTS: authority };
  const { code, out } = await built.run(["http", ...words, "--format=json"], trusting);
  return { code, report: z.object({ result: z.unknown() }).parse(JSON.parse(out)) };
}
