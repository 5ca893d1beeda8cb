/** The exit codes that stand beside Sonde's codes, caused on both by the same server. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { curlExits } from "../../lib/findings/curl.ts";
import type { Code } from "../../lib/failure.ts";
import { http } from "../../lib/probes/http.ts";
import { tls } from "../../lib/probes/tls.ts";
import { ask } from "../asking.ts";
import { certificates } from "../servers/certificates.ts";
import { forwardProxy, site } from "../servers/http.ts";
import { needs } from "../servers/needs.ts";
import { pathOf } from "../servers/packages.ts";
import { closedPort } from "../servers/ports.ts";
import { sServer } from "../servers/sserver.ts";
import { closingAtOnce, greeting, plainHttp, silent } from "../servers/tcp.ts";
import { alert, answering, endingOnData } from "../servers/tls.ts";

const local = async (server: Promise<{ port: number }>, scheme = "http") =>
  `${scheme}://127.0.0.1:${(await server).port}/`;

const answeringWith = (status: number, location?: string) =>
  site((_request, response) => {
    response.writeHead(status, location === undefined ? {} : { location }).end();
  });

type Asked = readonly [url: string, sonde?: [string, string][], curl?: string[]];

const secured = async (name: Parameters<Awaited<ReturnType<typeof certificates>>>[0]) => {
  const { port } = await sServer((await certificates())(name));
  return `https://localhost:${port}/`;
};

const follow: Asked[1] = [["follow", "5"]];
const followed = ["-L", "--max-redirs", "5"];

const cases: Partial<Record<Code, () => Promise<Asked>>> = {
  "tcp.refused": async () => [`http://127.0.0.1:${await closedPort()}/`],
  "tls.timeout": async () => [await local(silent(), "https")],
  "tls.not_tls": async () => [await local(plainHttp(), "https")],
  "tls.alert": async () => [await local(answering(alert(40)), "https")],
  "tls.closed": async () => [await local(endingOnData(), "https")],
  "tls.expired": async () => [await secured("expired")],
  "tls.not_yet_valid": async () => [await secured("notYetValid")],
  "tls.name_mismatch": async () => [await secured("wrongHost")],
  "tls.self_signed": async () => [await secured("selfSigned")],
  "tls.incomplete_chain": async () => [await secured("incompleteChain")],
  "http.timeout": async () => [await local(silent())],
  "http.closed": async () => [await local(closingAtOnce())],
  "http.malformed": async () => [await local(greeting("220 ready\r\n"))],
  "http.status": async () => [await answeringWith(503), [], ["-f"]],
  "http.client_error": async () => [await answeringWith(404), [], ["-f"]],
  "http.redirect_loop": async () => [await answeringWith(302, "/"), follow, followed],
  "http.proxy_refused": async () => {
    const proxy = await forwardProxy("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    const at = `http://127.0.0.1:${proxy.port}`;
    return [await secured("good"), [["proxy", at]], ["-x", at, "--noproxy", ""]];
  },
};

async function exitOf([url, , options = []]: Asked): Promise<number> {
  const { cert } = (await certificates())("ca");
  const plain = ["-q", "-s", "-o", "/dev/null", "--noproxy", "*", "--max-time", "2"];
  return new Promise((resolve) => {
    execFile(pathOf("curl"), [...plain, "--cacert", cert, ...options, url], (error) =>
      resolve(typeof error?.code === "number" ? error.code : 0),
    );
  });
}

needs("curl", "openssl")("curl and Sonde before the same server", () => {
  test.each(Object.entries(cases))("%s", async (code, make) => {
    const asked = await make();
    const [url, more = []] = asked;
    const ca = await readFile((await certificates())("ca").cert, "utf8");
    const short: [string, string] = ["timeoutMs", "1000"];
    const report = code.startsWith("tls.")
      ? await ask(tls, [["target", url.replace("https", "tls")], short, ["ca", ca]])
      : await ask(http, [["target", url], short, ...more]);
    expect(report.findings[0]?.code).toBe(code);
    expect(await exitOf(asked)).toBe(curlExits.get(code));
  });
});
