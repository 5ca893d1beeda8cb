/**
 * The system resolver: getaddrinfo(3), which is what the application itself uses. It obeys the hosts
 * file, the search list and the platform's own hooks, cannot be cancelled, and runs on libuv's few
 * threads. So it gets bounded slots: a slot that hangs stays taken, and when every slot hangs the
 * answer is `dns.system_busy` at once.
 */
import { lookup as getaddrinfo, type LookupAddress } from "node:dns";
import { Failure } from "../failure.ts";
import { errorCode } from "./classify.ts";

/** libuv has four threads by default; one is left for files and ciphers. */
const SLOTS = 3;

/** A look-up older than this counts as hanging: nobody waits behind it any longer. */
const HANGS_AFTER_MS = 1000;

const underWay = new Set<{ readonly since: number }>();
const waiting = new Set<() => void>();

/** Addresses in the resolver's own order. Throws `dns.*` failures or the reason of `signal`. */
export async function lookup(host: string, signal: AbortSignal): Promise<readonly LookupAddress[]> {
  await slot(signal);
  const mine = { since: performance.now() };
  underWay.add(mine);
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
    getaddrinfo(host, { all: true, order: "verbatim" }, (error, addresses) => {
      underWay.delete(mine);
      signal.removeEventListener("abort", abort);
      const [next] = waiting;
      next?.();
      if (error === null) resolve(addresses);
      else reject(lookupFailure(error));
    });
  });
}

/** Waits for a free slot, as long as at least one of the taken ones may still answer soon. */
async function slot(signal: AbortSignal): Promise<void> {
  while (underWay.size >= SLOTS) {
    signal.throwIfAborted();
    const youngest = Math.max(...[...underWay].map((one) => one.since));
    const patienceMs = youngest + HANGS_AFTER_MS - performance.now();
    if (patienceMs <= 0) {
      throw new Failure(
        "dns.system_busy",
        `all ${SLOTS} slots of the system resolver are taken by look-ups that hang`,
      );
    }
    await turn(patienceMs, signal);
  }
  signal.throwIfAborted();
}

function turn(patienceMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      waiting.delete(done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, patienceMs);
    signal.addEventListener("abort", done);
    waiting.add(done);
  });
}

/** getaddrinfo tells less than a name server: a missing name and a name without addresses look alike. */
function lookupFailure(error: Error): Failure {
  const errno = errorCode(error);
  if (errno === "ENOTFOUND") {
    return new Failure("dns.nxdomain", "the system resolver knows no address for this name", {
      errno,
    });
  }
  if (errno === "EAI_AGAIN") {
    return new Failure(
      "dns.system_failed",
      "the system resolver got no usable answer from its servers",
      { errno },
    );
  }
  return new Failure("dns.system_failed", `the system resolver says ${errno}`, { errno });
}
