/** How many sockets this instance may hold at once, whoever asks. */
import { Failure } from "../failure.ts";

const CEILING = 128;

let open = 0;

/** Counts a socket in and gives back what counts it out. Throws `sonde.busy` at the ceiling. */
export function admitSocket(): () => void {
  if (open >= CEILING) {
    throw new Failure("sonde.busy", `this instance already holds ${CEILING} sockets`);
  }
  open += 1;
  let counted = true;
  return () => {
    if (counted) open -= 1;
    counted = false;
  };
}
