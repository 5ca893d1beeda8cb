/** When time is up, and whose time it was. */
import { Failure, type Code } from "./failure.ts";

/**
 * Aborts when the stage's patience or the trail's time ends, whichever is first. The reason is the
 * `Failure` that fits: silence is the network's, spent time is ours.
 */
export function arm(control: AbortController, silence: Code, patienceMs: number, leftMs: number) {
  if (leftMs <= 0) {
    control.abort(outOfTime());
    return undefined;
  }
  const reason = () =>
    patienceMs <= leftMs
      ? new Failure(silence, `no answer within ${(patienceMs / 1000).toFixed(1)} s`)
      : outOfTime();
  return setTimeout(() => control.abort(reason()), Math.min(patienceMs, leftMs));
}

function outOfTime(): Failure {
  return new Failure("sonde.deadline", "the time of this run was spent before");
}
