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
import { nginx } from "../servers/nginx.ts";
import { pathOf } from "../servers/packages.ts";
import { closedPort, portOf } from "../servers/ports.ts";
import { sServer } from "../servers/sserver.ts";
import { silent, tcpServer } from "../servers/tcp.ts";
import { tdsServer } from "../servers/tds.ts";
import { unbound } from "../servers/unbound.ts";

const run = promisify(execFile);

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
    await run(pathOf("openssl"), ["req", "-x509", ...leaf, ...authority, ...subject]);
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

needs("nginx", "openssl")("the name of a TLS server", () => {
  test("that is a privatelink name has no certificate; another wrong name is only wrong", async () => {
    const { port } = await sServer(made("good"));
    const checked = async (name: string) => {
      const pairs: Pair[] = [["target", `127.0.0.1:${port}`]];
      return (await leading(tls, ...pairs, ["checkName", name])).code;
    };
    expect(await checked("other.test")).toBe("tls.name_mismatch");
    expect(await checked("db.privatelink.database.windows.net")).toBe("tls.privatelink_name");
  });

  test("that is not sent ends the handshake where many names are served", async () => {
    const { cert, key } = made("good");
    const server = await nginx(
      (port) => `
      server { listen 127.0.0.1:${port} ssl default_server; ssl_reject_handshake on; }
      server {
        listen 127.0.0.1:${port} ssl; server_name good.test;
        ssl_certificate ${cert}; ssl_certificate_key ${key};
      }`,
    );
    const asked = async (...more: Pair[]) =>
      (await ask(tls, [["target", `127.0.0.1:${server.port}`], ...more])).findings.map(
        ({ code }) => code,
      );
    expect(await asked()).toEqual(["tls.alert", "tls.no_sni"]);
    expect(await asked(["servername", "other.test"])).toEqual(["tls.alert"]);
    expect(await asked(["servername", "good.test"])).toEqual([]);
  });
});

needs("openssl")("a certificate whose list of revocations is out of reach", () => {
  test("is a warning, and one that can be reached is none", async () => {
    const home = await folder();
    const { port } = await silent();
    const issued = async (name: string, crl: string) => {
      const [key, cert] = [join(home, `${name}.key`), join(home, `${name}.pem`)];
      const words = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"];
      const by = ["-CA", made("ca").cert, "-CAkey", made("ca").key, "-days", "30"];
      const files = ["-keyout", key, "-out", cert];
      const names = [
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-addext",
        `crlDistributionPoints=URI:${crl}`,
      ];
      const issue = ["req", "-x509", "-subj", "/CN=localhost"];
      await run(pathOf("openssl"), [...issue, ...words, ...by, ...names, ...files]);
      return { key, cert };
    };
    const seen = async (crl: string, name: string, checkName = "127.0.0.1") => {
      const server = await sServer(await issued(name, crl));
      const report = await ask(tls, [
        ["target", `127.0.0.1:${server.port}`],
        ["crl", "1"],
        ["checkName", checkName],
      ]);
      return report.findings.map(({ code }) => code);
    };
    const shut = await closedPort();
    // A certificate that is bad names its places as well.
    expect(await seen(`http://127.0.0.1:${shut}/a.crl`, "other", "other.test")).toEqual([
      "tls.name_mismatch",
      "tls.revocation_blocked",
    ]);
    expect(await seen(`http://127.0.0.1:${shut}/a.crl`, "shut")).toEqual([
      "tls.revocation_blocked",
    ]);
    expect(await seen(`http://127.0.0.1:${port}/a.crl`, "open")).toEqual([]);
  });
});

needs("unbound", "openssl")("a name server over TLS", () => {
  test("whose certificate is for it is trusted; for another name it is not", async () => {
    const local = '  local-data: "a.example.test. 300 IN A 10.0.0.4"';
    const [good, other] = [
      await unbound(made("good"), local),
      await unbound(made("wrongHost"), local),
    ];
    const asking = async (port: number) => {
      const pairs: Pair[] = [
        ["name", "a.example.test"],
        ["server", `tls://127.0.0.1:${port}`],
      ];
      return (await ask(dns, pairs)).findings.map(({ code }) => code);
    };
    expect(await asking(good.tls)).toEqual([]);
    expect(await asking(other.tls)).toEqual(["dns.untrusted_channel"]);
  });
});

test("no version of TLS in common is told from other alerts", async () => {
  // A record of type alert, level fatal: RFC 8446 §6.
  const saying = async (alert: number) => {
    const { port } = await tcpServer((socket) =>
      socket.once("data", () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, alert]))),
    );
    return leading(tls, ["target", `127.0.0.1:${port}`]);
  };
  expect((await saying(70)).code).toBe("tls.version_refused");
  expect((await saying(40)).code).toBe("tls.alert");
});
