/**
 * A real Prometheus that scrapes Sonde and blackbox_exporter, relabelled as the exporter's README has it,
 * and the dashboard of docs/, every query of which must find something.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import * as z from "zod";
import { answerMetrics } from "../../lib/api/metrics.ts";
import { answerProbe } from "../../lib/api/probe.ts";
import { certificates } from "../servers/certificates.ts";
import { closing } from "../servers/closing.ts";
import { daemon, folder } from "../servers/daemon.ts";
import { named } from "../servers/named.ts";
import { needs } from "../servers/needs.ts";
import { nginx } from "../servers/nginx.ts";
import { pathOf } from "../servers/packages.ts";
import { closedPort, portOf } from "../servers/ports.ts";
import { edgeWith, ours, theirs } from "./scraping.ts";
import { manners, tlsSite } from "./sites.ts";

const KEY = "a-key-of-this-test";

/** Sonde behind its key, and what it refused for the lack of it. */
async function keyed(modules: string): Promise<{ readonly place: string; refused(): number }> {
  const edge = edgeWith(modules);
  let refused = 0;
  const server = createServer((message, response) => {
    if (message.headers["x-functions-key"] !== KEY) {
      refused += 1;
      return void response.writeHead(401).end();
    }
    const { url = "/", headers } = message;
    const request = {
      method: "GET",
      url: `http://127.0.0.1${url}`,
      headers: Object.entries({ ...headers, host: "localhost" }).map(
        ([name, value]) => [name, String(value)] as const,
      ),
      text: () => Promise.resolve(""),
    };
    const answering = url.startsWith("/probe")
      ? answerProbe(request, edge, () => {})
      : answerMetrics(request, edge);
    void answering.then(({ status, headers: said, body }) =>
      response.writeHead(status, said).end(body),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing(() => {
    server.close();
    server.closeAllConnections();
  });
  return { place: `127.0.0.1:${portOf(server)}`, refused: () => refused };
}

const answer = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()) })),
  }),
});

async function query(prometheus: string, expression: string) {
  const url = `${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`;
  const { data } = answer.parse(await (await fetch(url)).json());
  return data.result.map(({ metric }) => metric);
}

const jobOf = (name: string, module: string, prober: string, targets: readonly string[]) => `
  - job_name: ${name}-${module}
    metrics_path: /probe
    params: {module: [${module}]}
    static_configs: [{targets: [${targets.map((one) => `"${one}"`).join(", ")}]}]
    relabel_configs:
      - {source_labels: [__address__], target_label: __param_target}
      - {source_labels: [__param_target], target_label: instance}
      - {target_label: __address__, replacement: "${prober}"}`;

/** What Grafana puts in before it asks. */
function filledIn(expression: string): string {
  return expression
    .replaceAll("$__rate_interval", "30s")
    .replaceAll("$__range", "1m")
    .replaceAll(/\$(job|target)\b/g, ".+");
}

const dashboard = z.object({
  templating: z.object({ list: z.array(z.object({ definition: z.string().optional() })) }),
  panels: z.array(
    z.object({
      title: z.string(),
      targets: z.array(z.object({ expr: z.string() })).default([]),
    }),
  ),
});

const zone = `$TTL 60
@ IN SOA ns.example.test. root.example.test. 1 60 60 60 60
@ IN NS ns.example.test.
ns IN A 127.0.0.1
`;

needs(
  "prometheus",
  "promtool",
  "prometheus-blackbox-exporter",
  "nginx",
  "named",
  "openssl",
)("a real Prometheus", () => {
  test("scrapes both alike, with the key added by a proxy, and feeds the dashboard", async () => {
    const { cert: ca } = (await certificates())("ca");
    const modules = `
modules:
  web: {prober: http, http: {preferred_ip_protocol: ip4, tls_config: {ca_file: ${ca}}}}
  port: {prober: tcp}
  name: {prober: dns, dns: {query_name: example.test, query_type: SOA}}
`;
    const sonde = await keyed(modules);
    const exporter = await theirs(modules);
    const proxy = await nginx(
      (port) => `server {
  listen 127.0.0.1:${port};
  location / { proxy_pass http://${sonde.place}; proxy_set_header x-functions-key ${KEY}; }
}`,
    );
    const added = `127.0.0.1:${proxy.port}`;
    const origin = await manners();
    const names = await named({ "example.test": zone });
    const secured = `https://127.0.0.1:${await tlsSite("good")}/`;
    const expired = `https://127.0.0.1:${await tlsSite("expired")}/`;
    const targets = {
      web: [origin, `${origin}/?status=404`, secured, expired],
      port: [origin.replace("http://", ""), `127.0.0.1:${await closedPort()}`],
      name: [`127.0.0.1:${names.port}`],
    };
    const home = await folder();
    const config = join(home, "prometheus.yml");
    const jobs = Object.entries(targets).flatMap(([module, all]) => [
      jobOf("sonde", module, added, all),
      jobOf("exporter", module, exporter.place, all),
    ]);
    await writeFile(
      config,
      `global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:${jobs.join("")}
  - job_name: sonde
    metrics_path: /api/metrics
    static_configs: [{targets: ["${added}"]}]
  - job_name: keyless
    metrics_path: /api/metrics
    static_configs: [{targets: ["${sonde.place}"]}]
`,
    );
    const place = `127.0.0.1:${await closedPort()}`;
    await daemon(
      "prometheus",
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(home, "data")}`,
        `--web.listen-address=${place}`,
      ],
      /ready to receive web requests/,
    );
    const prometheus = `http://${place}`;
    const expected = 2 * Object.values(targets).flat().length;
    await expect
      .poll(
        async () => (await query(prometheus, "count_over_time(probe_success[30s]) >= 3")).length,
        {
          timeout: 15_000,
        },
      )
      .toBe(expected);
    expect(sonde.refused()).toBeGreaterThan(0);
    expect(await query(prometheus, 'up{job="keyless"} == 0')).toHaveLength(1);
    expect(await query(prometheus, 'up{job!="keyless"} == 0')).toEqual([]);

    // What the exporter counts of a target, Sonde counts of it too, with the same values.
    const alike =
      "probe_success|probe_http_status_code|probe_ip_protocol|probe_ip_addr_hash|probe_http_ssl|" +
      "probe_http_version|probe_dns_answer_rrs|probe_dns_serial|probe_ssl_earliest_cert_expiry";
    for (const name of alike.split("|")) {
      const one = (who: string) =>
        `label_replace(${name}{job=~"${who}-.*"}, "module", "$1", "job", ".*-(.*)")`;
      const differs = `${one("exporter")} != on (instance, module) ${one("sonde")}`;
      const missing = `${one("exporter")} unless on (instance, module) ${one("sonde")}`;
      expect(await query(prometheus, one("exporter")), name).not.toEqual([]);
      expect(await query(prometheus, differs), name).toEqual([]);
      expect(await query(prometheus, missing), name).toEqual([]);
    }

    const text = readFileSync(new URL("../../docs/grafana-blackbox.json", import.meta.url), "utf8");
    const { panels, templating } = dashboard.parse(JSON.parse(text));
    const expressions = panels.flatMap(({ title, targets: all }) =>
      all.map(({ expr }) => ({ title, expr })),
    );
    expect(expressions.length).toBeGreaterThan(25);
    for (const { title, expr } of expressions) {
      expect(await query(prometheus, filledIn(expr)), `${title}: ${expr}`).not.toEqual([]);
    }
    for (const { definition } of templating.list) {
      const inner = /^label_values\((.*), \w+\)$/.exec(definition ?? "")?.[1];
      if (inner !== undefined) expect(await query(prometheus, filledIn(inner))).not.toEqual([]);
    }
  }, 60_000);

  test("its own linter has nothing to say against our metrics", async () => {
    const edge = edgeWith();
    const origin = await manners();
    const port = await tlsSite("selfSigned");
    const queries = [
      `target=${origin}`,
      `target=https://127.0.0.1:${port}`,
      "module=tcp_connect&target=127.0.0.1:1",
      "module=ssh_banner&target=127.0.0.1:1",
      "prober=dns&query_name=a&query_type=SOA&target=127.0.0.1:1",
      "module=grpc_plain&target=127.0.0.1:1",
      "module=websocket&target=127.0.0.1:1",
    ];
    const bodies = [];
    for (const one of queries) bodies.push((await ours(edge)(one)).body);
    const request = {
      method: "GET",
      url: "http://localhost/api/metrics",
      headers: [["host", "localhost"]] as const,
      text: () => Promise.resolve(""),
    };
    bodies.push((await answerMetrics(request, edge)).body);
    for (const body of bodies) await checked(body);
    await expect(checked("# TYPE a gauge\na 1\na 1\n")).rejects.toThrow();
  });

  test("a header for the key is not known to the Prometheus of Debian", async () => {
    const home = await folder();
    const config = join(home, "prometheus.yml");
    const headers = `http_headers: {x-functions-key: {files: [/etc/prometheus/sonde.key]}}`;
    await writeFile(config, `scrape_configs: [{job_name: a, ${headers}}]\n`);
    const checking = promisify(execFile)(pathOf("promtool"), ["check", "config", config]);
    await expect(checking).rejects.toThrow(/http_headers/);
  });
});

/** `promtool check metrics`, as a pipe. */
function checked(body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(pathOf("promtool"), ["check", "metrics"], (error, out, err) => {
      const said = `${out}${err}`;
      if (error === null && said === "") resolve();
      else reject(new Error(`${said}\n${body}`));
    });
    child.stdin?.end(body);
  });
}
