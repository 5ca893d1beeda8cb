/**
 * The store of the operating system, read beside the loop: on Debian that takes Node 40 ms and more, in which
 * no other measurement of this process could be believed.
 */
import tls from "node:tls";
import { Worker } from "node:worker_threads";

const script = `
const { parentPort } = require("node:worker_threads");
const { getCACertificates } = require("node:tls");
parentPort.postMessage([...new Set(getCACertificates("system"))]);
`;

let kept: Promise<readonly string[]> | undefined;

/** Certificates in PEM, each of them once. Read when it is first asked for. */
export function systemRoots(): Promise<readonly string[]> {
  return (kept ??= readBeside());
}

function readBeside(): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const worker = new Worker(script, { eval: true, execArgv: [] });
    worker.once("message", resolve);
    // Where no thread can be had, a late answer is better than none.
    worker.once("error", () => resolve([...new Set(tls.getCACertificates("system"))]));
  });
}
