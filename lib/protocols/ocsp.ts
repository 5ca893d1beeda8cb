/** What an OCSP response says of one certificate. RFC 6960 §4.2. Its signature is not checked. */
import { defined } from "../platform/values.ts";
import { elementAt, elementsAt, tags, timeOf, type Der } from "./der.ts";

const responses: Readonly<Record<number, string>> = {
  0: "successful",
  1: "malformed_request",
  2: "internal_error",
  3: "try_later",
  5: "signature_required",
  6: "unauthorized",
};

/** `certStatus` by its tag: a CHOICE of `[0]`, `[1]` and `[2]`. */
const statuses: Readonly<Record<number, "good" | "revoked" | "unknown">> = {
  0x80: "good",
  0xa1: "revoked",
  0x82: "unknown",
};

export interface Staple {
  /** Whether the responder could answer at all. */
  readonly response: string;
  readonly status?: "good" | "revoked" | "unknown";
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date;
}

/** Nothing when it is no OCSP response. */
export function readOcsp(der: Uint8Array): Staple | undefined {
  const outcome = elementAt(der, 0);
  if (outcome?.tag !== tags.enumerated) return undefined;
  const response = responses[outcome.value[0] ?? 0] ?? "unknown";
  const [, status, thisUpdate, nextUpdate] = answerIn(der);
  const until = nextUpdate?.tag === NEXT_UPDATE ? elementAt(nextUpdate.value) : undefined;
  return {
    response,
    ...defined("status", statuses[status?.tag ?? 0]),
    ...defined("thisUpdate", timeIn(thisUpdate)),
    ...defined("nextUpdate", timeIn(until)),
  };
}

/** The parts of the first SingleResponse: the certificate, its status, since when and until when. */
function answerIn(der: Uint8Array): Der[] {
  const basic = elementAt(der, 1, 0, 1);
  if (basic?.tag !== tags.octetString) return [];
  // After an optional version: the responder, when it said so, and the answers.
  const answers = elementsAt(basic.value, 0).find(({ tag }) => tag === tags.sequence);
  return answers === undefined ? [] : elementsAt(answers.value);
}

const NEXT_UPDATE = 0xa0;

function timeIn(element: Der | undefined): Date | undefined {
  return element?.tag === tags.generalizedTime ? timeOf(element.value) : undefined;
}
