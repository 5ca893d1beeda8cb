/** The lines that say how to ask the same without Sonde: run by a shell, they must come to the same end. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { beforeAll, describe, expect, test } from "vitest";
import { check } from "../../lib/probes/check.ts";
import { dns } from "../../lib/probes/dns.ts";
import { tls } from "../../lib/probes/tls.ts";
import { curl, pinned } from "../../lib/curl.ts";
import type { AnyProbe } from "../../lib/probe.ts";
import type { Pair } from "../../lib/api/decode.ts";
import { ask } from "../asking.ts";
import { certificates, type Certificates } from "../servers/certificates.ts";
import { site } from "../servers/http.ts";
import { needs } from "../servers/needs.ts";
import { closedPort } from "../servers/ports.ts";
import { a, reply, scriptedDns } from "../servers/scripted-dns.ts";
import { sServer } from "../servers/sserver.ts";
import { webSocketGateway } from "../servers/web-socket.ts";
import { closingAtOnce } from "../servers/tcp.ts";

let made: Certificates;
beforeAll(async () => {
  made = await certificates();
  // Before the first handshake: the trust store is read once.
  setDefaultCACertificates([
    ...getCACertificates("default"),
    readFileSync(made("ca").cert, "utf8"),
  ]);
});

interface Ended {
  readonly ok: boolean;
  readonly printed: string;
}

/** As somebody would who pastes the line; the tests' own authority stands for those of the machine. */
function paste(line: string): Promise<Ended> {
  const { cert } = made("ca");
  const env = { ...process.env, SSL_CERT_FILE: cert, CURL_CA_BUNDLE: cert, NO_PROXY: "*" };
  return new Promise((resolve) => {
    execFile("bash", ["-c", line], { env, timeout: 15_000 }, (error, stdout, stderr) =>
      resolve({ ok: error === null, printed: stdout + stderr }),
    );
  });
}

/** The verdict and what the last line comes to; a look-up by `dig` would ask this machine's own servers. */
async function both(probe: AnyProbe, ...pairs: Pair[]) {
  const report = await ask(probe, pairs);
  const line = report.reproduce.findLast((one) => !one.startsWith("dig +search")) ?? "";
  return { report, line, ended: await paste(line) };
}

needs("nc")("a connection, by nc", () => {
  test("opens", async () => {
    const { report, ended } = await both(check, [
      "target",
      `tcp://127.0.0.1:${(await closingAtOnce()).port}`,
    ]);
    expect([report.ok, ended.ok]).toEqual([true, true]);
  });

  test("is refused", async () => {
    const { report, ended } = await both(check, [
      "target",
      `tcp://127.0.0.1:${await closedPort()}`,
    ]);
    expect([report.ok, ended.ok]).toEqual([false, false]);
    expect(ended.printed).toMatch(/refused/i);
  });
});

needs("openssl")("a handshake, by openssl", () => {
  test.each([
    ["good", "localhost", true],
    ["expired", "localhost", false],
    ["wrongHost", "localhost", false],
    ["wrongHost", "127.0.0.1", false],
    ["incompleteChain", "localhost", false],
    ["selfSigned", "localhost", false],
  ] as const)("%s at %s: %s", async (name, host, ok) => {
    const { port } = await sServer(made(name));
    const { report, ended } = await both(check, ["target", `tls://${host}:${port}`]);
    expect([report.verdict !== "fail", ended.ok]).toEqual([ok, ok]);
  });
});

needs("curl")("a request, by curl", () => {
  test("is answered, at the address that was asked", async () => {
    const url = new URL(await site((_request, response) => response.end("hello")));
    const { report, line, ended } = await both(check, ["target", `http://localhost:${url.port}/`]);
    expect(line).toMatch(/--resolve localhost:\d+:(127\.0\.0\.1|\[::1\])/);
    expect(report.ok).toBe(true);
    // Where localhost is ::1 first, nobody listens there, and curl is sent there and nowhere else.
    expect(ended.ok).toBe(line.includes("127.0.0.1"));
  });

  test("is refused", async () => {
    const { report, ended } = await both(check, [
      "target",
      `http://127.0.0.1:${await closedPort()}/`,
    ]);
    expect([report.ok, ended.ok]).toEqual([false, false]);
  });

  test("fails for an expired certificate", async () => {
    const { port } = await sServer(made("expired"));
    const { report, ended } = await both(check, ["target", `https://localhost:${port}/`]);
    expect([report.ok, ended.ok]).toEqual([false, false]);
    expect(ended.printed).toMatch(/expired/i);
  });
});

needs("curl")("a WebSocket, by curl", () => {
  test("is opened, or is not", async () => {
    const { port } = await webSocketGateway(made("good"), await closedPort(), {
      url: "/chat",
      subprotocol: undefined,
    });
    const opened = await both(check, ["target", `wss://localhost:${port}/chat`]);
    expect(opened.report.ok).toBe(true);
    expect(opened.ended.printed).toMatch(/^< HTTP\/1\.1 101 /m);
    const declined = await both(check, ["target", `wss://localhost:${port}/`]);
    expect(declined.report.ok).toBe(false);
    expect(declined.ended.printed).toMatch(/^< HTTP\/1\.1 404 /m);
  });
});

needs("dig")("a question, by dig", () => {
  test("has the same answer", async () => {
    const { port } = await scriptedDns((heard) =>
      reply(heard, { answers: [a(heard.name, "10.0.0.4")] }),
    );
    const server: Pair = ["server", `127.0.0.1:${port}`];
    const { ended } = await both(dns, ["name", "a.example.test"], ["type", "A"], server);
    expect(ended.printed).toMatch(/status: NOERROR/);
    expect(ended.printed).toContain("10.0.0.4");
  });

  test.each(["mx", "in", "+short", "-f.test"])(
    "for %s, which dig has another meaning for",
    async (name) => {
      const { port } = await scriptedDns((heard) =>
        reply(heard, { answers: [a(heard.name, "10.0.0.4")] }),
      );
      const server: Pair = ["server", `127.0.0.1:${port}`];
      const { ended } = await both(dns, ["name", name], ["type", "A"], server);
      expect(ended.printed).toContain(`;${name}.`);
      expect(ended.printed).toContain("10.0.0.4");
    },
  );
});

describe("a line", () => {
  test("is one word of every shell where an address has brackets", () => {
    const target = { scheme: "http", host: "a.test", port: 80, path: "/", isAddress: false };
    const line = curl({ ...target, input: "a.test", absolute: false }, pinned(target, "fd00::4"));
    expect(line).toBe("curl -v --resolve 'a.test:80:[fd00::4]' 'http://a.test:80/'");
  });

  test("holds no path and no query, which may be secret", async () => {
    const url = `http://127.0.0.1:${await closedPort()}/a?sig=s3cr3t`;
    const { reproduce } = await ask(check, [["target", url]]);
    expect(reproduce.join()).not.toContain("s3cr3t");
  });
});

needs("openssl")("a handshake with other names than the target's, by openssl", () => {
  test("sends and looks for the same", async () => {
    const other = made("wrongHost");
    const args = ["-servername", "good.test", "-cert2", other.cert, "-key2", other.key];
    const { port } = await sServer(made("good"), args);
    const target: Pair = ["target", `127.0.0.1:${port}`];
    const sni: Pair = ["servername", "good.test"];
    for (const more of [[], [sni], [sni, ["checkName", "other.test"]]] as Pair[][]) {
      const { report, line, ended } = await both(tls, target, ...more);
      expect([line, ended.ok]).toEqual([line, report.ok]);
    }
  });

  test("names files for what came with the question", async () => {
    const { port } = await sServer(made("good"));
    const ca: Pair = ["ca", readFileSync(made("ca").cert, "utf8")];
    const { line } = await both(tls, ["target", `127.0.0.1:${port}`], ca);
    expect(line).toContain(" -CAfile ca.pem ");
  });
});
