/** What the README shows is what its commands print today, but for times, names of runs and certificates. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { spawnHost, type SpawnedHost } from "../local/spawn.ts";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { needs } from "../servers/needs.ts";
import { nginx } from "../servers/nginx.ts";
import { nsd } from "../servers/nsd.ts";
import { closedPort } from "../servers/ports.ts";
import { sServer } from "../servers/sserver.ts";
import { labels, lasting } from "./shown.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(`${root}/README.md`, "utf8");
const samples = [
  ...page.matchAll(/^```console\n\$ (?<command>curl .*)\n(?<shown>[^]*?)^```$/gm),
].map(({ groups: { command = "", shown = "" } = {} }) => ({ command, shown }));

const zone = `$TTL 300
@ IN SOA ns hostmaster 1 3600 600 86400 60
@ IN NS ns
ns IN A 127.0.0.1
orders IN CNAME orders.privatelink
orders.privatelink IN A 10.20.1.5
`;

/** The one whose command holds this. */
function sample(mark: string) {
  const [found, ...more] = samples.filter(({ command }) => command.includes(mark));
  if (found === undefined || more.length > 0) throw new Error(`not one command with ${mark}`);
  return found;
}

needs(
  "curl",
  "openssl",
  "nginx",
)("the README", () => {
  let made: Certificates;
  let host: SpawnedHost;

  beforeAll(async () => {
    made = await certificates();
    host = await spawnHost({ root, env: { NODE_EXTRA_CA_CERTS: made("ca").cert } });
  });
  afterAll(() => host.stop());

  /** Runs the command; `port` stands for the one that it names as `shown`. */
  async function printed(command: string, shown = "", port = 0): Promise<string> {
    const here = command
      .replace("localhost:7071", new URL(host.url).host.replace("127.0.0.1", "localhost"))
      .replace(`127.0.0.1:${shown}`, `127.0.0.1:${port || shown}`);
    const { stdout } = await promisify(execFile)("bash", ["-c", here.replace("curl", "curl -s")]);
    return stdout;
  }

  test("holds seven samples, and each is run below", () => {
    expect(samples).toHaveLength(7);
  });

  /** What differs from one machine to the next. */
  const plain = (text: string) =>
    lasting(text.replace(/curl\/[\d.]+/, "curl"))
      .map((line) => line.replace(/localhost:(PORT|7071)/, "HOST").replace(/, [0-9a-f]{8}\)/, ")"))
      .map((line) => line.replace(/"run": ".*"/, '"run"'));

  test("a closed port prints what stands there", async () => {
    const port = await closedPort();
    const { command, shown } = sample("target=127.0.0.1:9999");
    const found = plain(await printed(command, "9999", port));
    expect(found).toEqual(plain(shown.replaceAll("9999", String(port))));
  });

  test.each(["/api/echo", "target=0xa9fea9fe", "traget="])(
    "%s prints what stands there",
    async (mark) => {
      const { command, shown } = sample(mark);
      expect(plain(await printed(command))).toEqual(plain(shown));
    },
  );

  test("an expired certificate is told line by line as it stands there", async () => {
    const { port } = await sServer(made("expired"));
    const { command, shown } = sample("/api/tls");
    expect(labels(await printed(command, "8444", port))).toEqual(labels(shown));
  });

  test("a name behind a private endpoint is told as it stands there", async () => {
    const { port } = await nsd({ "example.test": zone });
    const { command, shown } = sample("/api/dns");
    // Another server adds records of its own, and so octets.
    const told = (text: string) => lasting(text.replace(/\d+ octets/, "octets"));
    const found = told(await printed(command, "5353", port));
    expect(found).toEqual(expect.arrayContaining(told(shown.replaceAll("5353", String(port)))));
  });

  test("the whole climb is told as it stands there", async () => {
    const { cert, key } = made("good");
    const { port } = await nginx(
      (free) => `server { listen 127.0.0.1:${free} ssl http2;
        ssl_certificate ${cert}; ssl_certificate_key ${key}; ssl_protocols TLSv1.2;
        location / { default_type text/plain; return 200 "hello\\n"; } }`,
    );
    const { command, shown } = sample("/api/check");
    expect(labels(await printed(command, "8443", port))).toEqual(labels(shown));
  });
});
