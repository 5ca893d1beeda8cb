/** Runs inside the host that built-in.test.ts furnishes. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer } from "node:https";
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { answerSmoke } from "../../lib/api/smoke.ts";
import { report as reportSchema } from "../../lib/report.ts";
import { localEdge } from "../asking.ts";
import { closing } from "../servers/closing.ts";
import { portOf } from "../servers/ports.ts";
import { a, cname, reply, scriptedDns } from "../servers/scripted-dns.ts";
import { answer as timeAnswer } from "../servers/scripted-ntp.ts";
import { tcpServer } from "../servers/tcp.ts";
import { tdsServer } from "../servers/tds.ts";

const site = z.object({ cert: z.string(), key: z.string() });
const certificate = site.parse(JSON.parse(process.env["SONDE_TEST_SITE"] ?? "{}"));
const bearer = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzb25kZSJ9.c2lnbmF0dXJlLXNlY3JldA";
const header = "identity-header-secret";

/** Names that the hosts file has and no name server knows: what a hybrid connection looks like. */
const unknown = new Set(["db.corp.test.", "files.corp.test."]);
/** All others are the same to both. */
const known = new Map(
  readFileSync("/etc/hosts", "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .map(([address = "", name = ""]) => [`${name}.`, address]),
);
const privately = "inside.privatelink.blob.core.windows.net.";
let identityPort = 0;

async function secured(host: string): Promise<void> {
  const tls = { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) };
  const server = createServer(tls, (_request, response) => response.end("{}"));
  server.listen(443, host);
  await once(server, "listening");
  closing(() => void server.close());
}

async function timeServer(host: string): Promise<void> {
  const socket = createSocket("udp4").bind(123, host);
  socket.on("message", (request, from) =>
    socket.send(timeAnswer(request), from.port, from.address),
  );
  await once(socket, "listening");
  closing(() => void socket.close());
}

async function identityEndpoint(): Promise<void> {
  const server = createHttp(({ headers }, response) => {
    const may = headers["x-identity-header"] === header;
    response.statusCode = may ? 200 : 400;
    const expires = String(Math.round(Date.now() / 1000) + 3600);
    response.end(may ? JSON.stringify({ access_token: bearer, expires_on: expires }) : "{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing(() => void server.close());
  identityPort = portOf(server);
}

async function nameServer(host: string): Promise<void> {
  await scriptedDns(
    (heard) => {
      const address = known.get(heard.name);
      if (address === undefined || unknown.has(heard.name)) return reply(heard, { rcode: 3 });
      if (heard.type !== "A") return reply(heard, { answers: [] });
      const isLinked = heard.name === "inside.blob.core.windows.net.";
      const owner = isLinked ? privately : heard.name;
      const link = isLinked ? [cname(heard.name, privately)] : [];
      return reply(heard, { answers: [...link, a(owner, address)] });
    },
    { host, port: 53 },
  );
}

beforeAll(async () => {
  const says = (text: string) => (socket: { end(text: string): void }) => socket.end(text);
  await Promise.all([
    ...["10.20.0.4", "10.30.0.5", "20.30.40.51"].map(secured),
    ...[80, 21, 990, 8172].map((port) => tcpServer(() => {}, "10.20.0.4", port)),
    ...[7654, 1221].map((port) => tcpServer(says("10.20.0.9\r\n"), "10.20.0.4", port)),
    timeServer("10.20.0.4"),
    identityEndpoint(),
    nameServer("10.9.8.7"),
    nameServer("168.63.129.16"),
    tdsServer({ certificate }, "127.0.0.5", 1433),
    tcpServer(() => {}, "127.0.0.6", 9999),
    tcpServer(() => {}, "10.20.0.6", 9999),
  ]);
});

const placed = { WEBSITE_INSTANCE_ID: "0123456789abcdef", WEBSITE_SITE_NAME: "shop" };

async function asked(query: string, environment: Readonly<Record<string, string>> = {}) {
  const request = {
    method: "GET",
    url: `https://shop.example/api/smoke?suite=${query}`,
    headers: [],
    text: async () => "",
  };
  const edge = localEdge({ ...placed, ...environment }, "nameserver 10.9.8.7\n");
  const { status, body } = await answerSmoke(request, edge, () => {});
  const { checks = [], ...report } = reportSchema.parse(JSON.parse(body));
  return { status, body, report, checks };
}

/** Verdict and leading code of every check, by its name. */
function verdicts({ checks }: Pick<Awaited<ReturnType<typeof asked>>, "checks">) {
  return Object.fromEntries(
    checks.map(({ name = "", verdict, findings: [leading] }) => [
      name,
      verdict === "pass" ? verdict : `${verdict} ${leading?.code ?? ""}`.trim(),
    ]),
  );
}

describe("ase-v2", () => {
  test("asks time, revocation, the platform and the inbound address, and reads what 7654 and 1221 say", async () => {
    const found = await asked("ase-v2", { WEBSITE_HOSTNAME: "shop.corp.example" });
    expect(found.status).toBe(424);
    const { "revocation: crl.microsoft.com": broken, ...others } = verdicts(found);
    expect(broken).toBe("fail tcp.refused");
    expect([...new Set(Object.values(others))]).toEqual(["pass"]);
    expect(Object.keys(others)).toEqual(
      expect.arrayContaining(["DNS", "time, 123/udp", "HTTPS of an app", "Web Deploy"]),
    );
    const telling = found.checks.filter(({ name }) => name?.startsWith("what port"));
    for (const { result, summary } of telling) {
      expect(result["addresses"]).toMatchObject([
        { banner: { speaks: "address", address: "10.20.0.9", addressClass: "private" } },
      ]);
      expect(summary).toContain("10.20.0.9");
    }
    expect(telling).toHaveLength(2);
    for (const port of ["454 and 455", "16001", "1433", "12000"]) {
      expect(found.report.notProved.join("\n")).toContain(port);
    }
  });

  test("has no inbound address to ask where no name leads to one, and asks the rest", async () => {
    const found = await asked("ase-v2");
    expect(Object.keys(verdicts(found))).not.toContain("HTTPS of an app");
    expect(found.checks.length).toBeGreaterThan(10);
  });
});

test("ase-v3: the application ports, of which only the first must be open", async () => {
  const found = await asked("ase-v3", { WEBSITE_HOSTNAME: "shop.corp.example" });
  expect(found.status, found.body).toBe(200);
  expect(Object.values(verdicts(found))).toEqual(Array.from({ length: 6 }, () => "pass"));
  const closed = await asked("ase-v3", { WEBSITE_HOSTNAME: "relayns.servicebus.windows.net" });
  // Its own name answers, its publishing site does not exist: a warning.
  expect(closed.status).toBe(200);
  expect(verdicts(closed)).toMatchObject({
    "HTTPS of an app": "pass",
    Kudu: "warn dns.nxdomain",
    "Web Deploy": "warn dns.nxdomain",
  });
});

test("container-apps: Azure DNS, images, sign-in, telemetry, time, and the environment's own name", async () => {
  const found = await asked("container-apps", {
    CONTAINER_APP_NAME: "orders",
    CONTAINER_APP_ENV_DNS_SUFFIX: "jollyhill.westeurope.azurecontainerapps.io",
  });
  expect(found.status, JSON.stringify(verdicts(found))).toBe(200);
  expect(found.checks.map(({ verdict }) => verdict)).toEqual(
    Array.from({ length: 6 }, () => "pass"),
  );
  expect(found.checks.at(-1)?.name).toBe("a name of this environment");
});

const storage =
  "DefaultEndpointsProtocol=https;AccountName=inside;AccountKey=hunter2hunter2;EndpointSuffix=core.windows.net";

test("functions-host: storage, content share and telemetry, and what the socket path does not show", async () => {
  const found = await asked("functions-host", {
    AzureWebJobsStorage: storage,
    WEBSITE_CONTENTAZUREFILECONNECTIONSTRING: storage,
    APPLICATIONINSIGHTS_CONNECTION_STRING:
      "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=https://telemetry.in.applicationinsights.azure.com/",
  });
  expect(found.status, JSON.stringify(verdicts(found))).toBe(200);
  expect(Object.keys(verdicts(found))).toEqual([
    "telemetry: telemetry.in.applicationinsights.azure.com",
    "host storage: inside.blob.core.windows.net",
    "host storage: inside.queue.core.windows.net",
    "host storage: inside.table.core.windows.net",
    "content share, which the platform mounts: inside.file.core.windows.net",
  ]);
  expect(found.report.notProved.join("\n")).toContain("the platform's own traffic");
  expect(found.body).not.toContain("hunter2");
});

describe("hybrid-connections", () => {
  const listed = (...places: readonly string[]) => ({ WEBSITE_RELAYS: places.join(",") });

  test("in effect, and proved by an answer in the target's own protocol alone", async () => {
    const found = await asked(
      "hybrid-connections",
      listed("db.corp.test:1433", "files.corp.test:9999", "relayns.servicebus.windows.net"),
    );
    expect(found.status, JSON.stringify(verdicts(found))).toBe(200);
    const [inEffect] = found.checks;
    expect(inEffect?.verdict).toBe("pass");
    expect(inEffect?.findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      "info dns.hybrid_connection",
      "info dns.nxdomain",
    ]);
    const target = (place: string) => found.checks.find(({ name }) => name === `target: ${place}`);
    expect(target("db.corp.test:1433")?.proved.join()).toContain("SQL Server");
    expect(target("files.corp.test:9999")?.notProved.join()).toContain(
      "that the application behind the port answers",
    );
    expect(found.checks.at(-1)).toMatchObject({ level: "warn", verdict: "pass" });
  });

  test("a name that name servers know as well is not answered by the platform", async () => {
    const found = await asked("hybrid-connections", listed("known.corp.test:9999"));
    const codes = found.checks.flatMap(({ findings }) => findings.map(({ code }) => code));
    expect(codes).not.toContain("dns.hybrid_connection");
  });

  test("one whose name has no address here is listed and not in effect", async () => {
    const found = await asked("hybrid-connections", listed("gone.corp.test:1433"));
    expect(found.status).toBe(424);
    const codes = found.checks.flatMap(({ findings }) => findings.map(({ code }) => code));
    expect(codes).toContain("dns.hybrid_not_in_effect");
  });
});

test("private-endpoints: a private address that answers, and a public one as a warning", async () => {
  const found = await asked("private-endpoints", {
    Files: "BlobEndpoint=https://inside.blob.core.windows.net/;SharedAccessSignature=hunter2",
    Vault: "https://open.vault.azure.net/",
  });
  expect(found.status, JSON.stringify(verdicts(found))).toBe(200);
  expect(verdicts(found)).toMatchObject({
    "private address: inside.blob.core.windows.net": "pass",
    "private address: open.vault.azure.net": expect.stringMatching(/^warn/),
    "answers: https://inside.blob.core.windows.net:443": "pass",
    "answers: https://open.vault.azure.net:443": "pass",
  });
});

test("identity: the endpoint answers; a token only with token=1, and shown never", async () => {
  const environment = {
    IDENTITY_ENDPOINT: `http://127.0.0.1:${identityPort}/msi/token`,
    IDENTITY_HEADER: header,
  };
  const plain = await asked("identity", environment);
  expect([plain.status, verdicts(plain)]).toEqual([200, { "the endpoint answers": "pass" }]);
  const { body, status, checks } = await asked("identity&token=1", environment);
  expect([status, verdicts({ checks })]).toEqual([200, { "a token for Resource Manager": "pass" }]);
  expect(checks[0]?.result["addresses"]).toMatchObject([{ identity: { issued: true } }]);
  expect(body + plain.body).not.toMatch(/eyJ|identity-header-secret/);
  const gone = { ...environment, IDENTITY_ENDPOINT: "http://127.0.0.1:1/msi/token" };
  expect(verdicts(await asked("identity", gone))).toEqual({
    "the endpoint answers": "fail tcp.refused",
  });
});
