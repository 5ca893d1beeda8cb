/**
 * What everybody else notices when the system resolver hangs: `node bench/system-busy.ts`, as root. In a
 * namespace whose name server is silent, every slot is taken by a look-up that does not come back.
 */
import { localEdge, ask } from "../test/asking.ts";
import { dns } from "../lib/probes/dns.ts";
import { tcp } from "../lib/probes/tcp.ts";
import type { Report } from "../lib/report.ts";
import { closeAll } from "../test/servers/closing.ts";
import { inNamespace } from "../test/servers/namespace.ts";
import { a, reply, scriptedDns } from "../test/servers/scripted-dns.ts";
import { tcpServer } from "../test/servers/tcp.ts";

const ROUNDS = 300;
const LIMIT_MS = 50;

async function figure(what: string, question: () => Promise<Report>): Promise<void> {
  const each: number[] = [];
  let seen = "";
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    const report = await question();
    each.push(performance.now() - start);
    seen = report.findings[0]?.code ?? report.verdict;
  }
  const p99 = each.toSorted((one, other) => one - other)[Math.floor(ROUNDS * 0.99)] ?? 0;
  console.log(`${what}: ${seen}, p99 ${p99.toFixed(2)} ms; wanted: at most ${LIMIT_MS} ms`);
}

async function inside(): Promise<void> {
  await scriptedDns(() => undefined, { host: "10.9.8.7", port: 53 });
  const living = await scriptedDns((heard) =>
    reply(heard, { answers: [a(heard.name, "10.0.0.4")] }),
  );
  const server = await tcpServer((socket) => socket.end());
  const patient = ["a.slow", "b.slow", "c.slow"].map((name) =>
    ask(
      tcp,
      [
        ["target", `${name}:80`],
        ["timeoutMs", "300"],
      ],
      localEdge(),
    ),
  );
  await Promise.all(patient);
  await new Promise((done) => setTimeout(done, 1000));
  await figure("raw view", () =>
    ask(dns, [
      ["name", "a.test"],
      ["server", `127.0.0.1:${living.port}`],
    ]),
  );
  await figure("IP target", () => ask(tcp, [["target", `127.0.0.1:${server.port}`]]));
  await figure("name", () => ask(tcp, [["target", "d.slow:80"]]));
  await closeAll();
  // The look-ups that hang would keep the process for as long as the C library waits.
  process.exit(0);
}

if (process.env["SONDE_IN_NAMESPACE"] === "1") await inside();
else {
  const printed = await inNamespace(new URL(import.meta.url), {
    addresses: ["10.9.8.7/32"],
    hosts: "127.0.0.1 localhost\n",
    resolvConf: "nameserver 10.9.8.7\noptions timeout:30 attempts:1\n",
  });
  console.log(printed.trim());
  await closeAll();
}
