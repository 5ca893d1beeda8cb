/** Metric by metric: names, labels, values, presence; of times only presence. */
import { expect } from "vitest";
import { edgeWith, ours, seriesIn, theirs, type Ask } from "./scraping.ts";

/** What we count beside the exporter of Debian: later versions have these. */
const newer = /^(probe_timeout_seconds|probe_failed_due_to_bytes|probe_tls_cipher_info)\b/;

/** Ours alone. A certificate that fails is counted by nobody else. */
const own = /^sonde_failure_info\b/;
const ofSessions = /^(probe_ssl_|probe_tls_)/;

/** What takes time takes different times. */
const times =
  /^(probe_duration_seconds|probe_dns_lookup_time_seconds|probe_\w+_duration_seconds)\b/;

function comparable(text: string, badCertificate: boolean): Record<string, number | "a time"> {
  const pairs = [...seriesIn(text)].flatMap(([series, value]): [string, number | "a time"][] => {
    if (newer.test(series) || own.test(series)) return [];
    // The exporter of Debian has it for gRPC without TLS too.
    if (series === "probe_ssl_earliest_cert_expiry" && value === 0) return [];
    if (badCertificate && ofSessions.test(series)) return [];
    const key = series.replace(/serialnumber="[^"]*",/, "");
    return [[key, times.test(key) ? "a time" : value]];
  });
  return Object.fromEntries(pairs);
}

export const timeout = { "x-prometheus-scrape-timeout-seconds": "2.5" };

export interface Expected {
  readonly success: 0 | 1;
  readonly code?: string;
  readonly badCertificate?: boolean;
}

/** Both sides with one file of modules. */
export interface Both {
  readonly us: Ask;
  readonly them: Ask;
}

export async function bothWith(modules: string): Promise<Both> {
  return { us: ours(edgeWith(modules)), them: await theirs(modules) };
}

/** Asks both, compares everything, and says what ours gave for the failure. */
export async function compare(
  { us, them }: Both,
  query: string,
  { success, code, badCertificate = false }: Expected,
) {
  const [mine, real] = await Promise.all([us(query, timeout), them(query, timeout)]);
  expect(mine.status, mine.body).toBe(real.status);
  expect(mine.contentType).toBe(real.contentType);
  expect(comparable(mine.body, badCertificate), query).toEqual(
    comparable(real.body, badCertificate),
  );
  const found = seriesIn(mine.body);
  expect(found.get("probe_success"), mine.body).toBe(success);
  const failure = [...found.keys()].find((key) => own.test(key));
  const said = failure === undefined ? undefined : /code="([^"]*)"/.exec(failure)?.[1];
  expect(said, query).toBe(code);
  return found;
}
