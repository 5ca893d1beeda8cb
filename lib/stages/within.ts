import { Failure, type Code } from "../failure.ts";

/**
 * A part of a stage that may take so long and no longer, so that time is left to the next one: `work` is
 * given a signal that is aborted with the code that silence earns after `waitMs`, or with the reason of
 * the stage's own signal. Nothing of it outlives the work.
 */
export async function within<T>(
  waitMs: number,
  signal: AbortSignal,
  silence: Code,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const control = new AbortController();
  const abort = () => control.abort(signal.reason);
  const said = `no answer within ${(waitMs / 1000).toFixed(1)} s`;
  const timer = setTimeout(() => control.abort(new Failure(silence, said)), waitMs);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  try {
    return await work(control.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}
