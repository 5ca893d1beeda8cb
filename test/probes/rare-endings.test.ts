/** Endings that are seldom met, each caused by a server that ends like that. */
import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import type { AnyProbe } from "../../lib/probe.ts";
import { dns } from "../../lib/probes/dns.ts";
import { http } from "../../lib/probes/http.ts";
import { sql } from "../../lib/probes/sql.ts";
import { tls } from "../../lib/probes/tls.ts";
import { ask } from "../asking.ts";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { closing } from "../servers/closing.ts";
import { folder } from "../servers/daemon.ts";
import { needs } from "../servers/needs.ts";
import { pathOf } from "../servers/packages.ts";
import { portOf } from "../servers/ports.ts";
import { sServer } from "../servers/sserver.ts";
import { tcpServer } from "../servers/tcp.ts";
import { tdsServer } from "../servers/tds.ts";

const leading = async (probe: AnyProbe, ...pairs: Pair[]) => {
  const { findings, summary } = await ask(probe, pairs);
  return { code: findings[0]?.code, summary };
};

let made: Certificates;
beforeAll(async () => {
  made = await certificates();
  // Before the first handshake: the trust store is read once.
  const ca = readFileSync(made("ca").cert, "utf8");
  setDefaultCACertificates([...getCACertificates("default"), ca]);
});

test("a redirect from https to http is not followed", async () => {
  const { cert, key } = made("good");
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) });
  server.on("request", (_request, response) => {
    response.writeHead(302, { location: "http://127.0.0.1:9/plain" }).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  closing(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `https://127.0.0.1:${portOf(server)}/`;
  const followed = await leading(http, ["target", url], ["follow", "3"]);
  expect(followed.code).toBe("http.redirect_downgrade");
  expect((await leading(http, ["target", url])).code).not.toBe("http.redirect_downgrade");
});

needs("openssl")("a key of 1024 bits", () => {
  test("is too weak for the verifier, and a good one is not", async () => {
    const home = await folder();
    const [key, cert] = [join(home, "weak.key"), join(home, "weak.pem")];
    const authority = ["-CA", made("ca").cert, "-CAkey", made("ca").key, "-days", "30"];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
    const leaf = ["-newkey", "rsa:1024", "-noenc", "-keyout", key, "-out", cert];
    await promisify(execFile)(pathOf("openssl"), [
      "req",
      "-x509",
      ...leaf,
      ...authority,
      ...subject,
    ]);
    const weak = await sServer({ cert, key }, ["-cipher", "ALL:@SECLEVEL=0"]);
    const found = await leading(tls, ["target", `127.0.0.1:${weak.port}`]);
    expect(found.code).toBe("tls.weak");
    const good = await sServer(made("good"));
    expect((await leading(tls, ["target", `127.0.0.1:${good.port}`])).code).not.toBe("tls.weak");
  });
});

describe("SQL Server", () => {
  test("whose Browser says nothing", async () => {
    const address = `127.78.${process.pid & 0xff}.1`;
    const socket = createSocket("udp4").bind(1434, address);
    closing(() => void socket.close());
    await once(socket, "listening");
    const target = `${address}?instance=SQLEXPRESS`;
    expect((await leading(sql, ["target", target])).code).toBe("sql.browser_timeout");
  });

  test("that takes a login and says nothing to it", async () => {
    const { port, logins } = await tdsServer({ certificate: made("good"), answer: "silence" });
    const found = await leading(
      sql,
      ["target", `127.0.0.1:${port}`],
      ["login", "dummy"],
      ["timeoutMs", "1000"],
    );
    expect(found.code).toBe("sql.login_timeout");
    expect(logins).toHaveLength(1);
  });
});

test("a name server whose message over TCP ends too early", async () => {
  const { port } = await tcpServer((socket) => {
    socket.once("data", () => socket.end(Buffer.of(0, 40, 1, 2, 3)));
  });
  const found = await leading(
    dns,
    ["name", "a.example.test."],
    ["server", `tcp://127.0.0.1:${port}`],
    ["tries", "1"],
  );
  expect(found.code).toBe("dns.malformed");
});
