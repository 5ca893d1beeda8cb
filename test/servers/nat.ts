/**
 * Three hosts on two links, for tests that already run in a namespace of their own: this one, a router that
 * translates addresses as it is told, and a host behind it. A host is a network namespace that a process holds.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { readlink } from "node:fs/promises";
import { promisify } from "node:util";
import { closing } from "./closing.ts";
import { pathOf } from "./packages.ts";

const run = promisify(execFile);

/** Where this host, and the host beyond the router, are found. */
export const near = "10.9.0.2";
export const far = ["10.8.0.10", "10.8.0.11"] as const;

/** As the far host sees it. */
export const outside = "10.8.0.1";

/** `statement` is what the router does to packets that leave for the far side: one of nftables, or nothing. */
export async function natNetwork(statement: string): Promise<{ readonly farHost: number }> {
  const [router, farHost] = [await host(), await host()];
  const at = (pid: number, script: string) =>
    run(pathOf("nsenter"), ["-t", `${pid}`, "-n", "sh", "-euc", script]);
  const ip = (words: string) => run(pathOf("ip"), words.split(" "));
  await ip(`link add near type veth peer name inner netns ${router}`);
  closing(async () => void (await ip("link del near")));
  await ip(`addr add ${near}/24 dev near`);
  await ip("link set near up");
  await ip("route add default via 10.9.0.1");
  await at(
    router,
    `ip link add outer type veth peer name far netns ${farHost}
     ip addr add 10.9.0.1/24 dev inner
     ip addr add ${outside}/24 dev outer
     ip link set inner up
     ip link set outer up
     echo 1 > /proc/sys/net/ipv4/ip_forward
     nft '${rules(statement)}'`,
  );
  await at(
    farHost,
    `ip link set lo up
     ${far.map((address) => `ip addr add ${address}/24 dev far`).join("\n")}
     ip link set far up
     ip route add default via ${outside}`,
  );
  return { farHost };
}

const rules = (statement: string) =>
  `table ip nat {
     chain post {
       type nat hook postrouting priority 100
       oif "outer" ${statement === "" ? "accept" : statement}
     }
   }`;

/** A process in a network namespace of its own, and nothing in it. */
async function host(): Promise<number> {
  const own = await readlink("/proc/self/ns/net");
  const child = spawn(pathOf("unshare"), ["-n", "sleep", "600"], { stdio: "ignore" });
  closing(async () => {
    const gone = once(child, "close");
    child.kill("SIGKILL");
    await gone;
  });
  const pid = child.pid ?? 0;
  while ((await readlink(`/proc/${pid}/ns/net`)) === own) await pause(10);
  return pid;
}
