/** The gauges of one scrape, and how they are written: the text format of Prometheus, version 0.0.4. */
import { sheets } from "../facts/index.ts";
import type { Gauges, Labels } from "../probes/exporter/recipe.ts";
import { headOf, labelled } from "../surfaces/exposition.ts";

/** What no sheet counts. */
const helps: Readonly<Record<string, string>> = {
  probe_success: "Whether the probe succeeded",
  probe_duration_seconds: "How long the probe took, in seconds",
  probe_timeout_seconds: "How long the probe might have taken, in seconds",
  probe_dns_lookup_time_seconds: "How long it took to resolve the target, in seconds",
  probe_ip_addr_hash: "A hash of the address that was probed: another one means another address",
  probe_failed_due_to_regex: "Whether a regular expression made the probe fail",
  probe_failed_due_to_bytes: "Whether octets that were waited for made the probe fail",
  probe_expect_info: "What a line of the conversation gave to the labels of its module",
  probe_http_duration_seconds: "How long each phase took, over all redirects, in seconds",
  probe_http_content_length: "The length that the answer announces, -1 when it announces none",
  probe_http_uncompressed_body_length: "The length of the body after it was decompressed",
  probe_http_redirects: "How many redirects there were",
  probe_http_ssl: "Whether the last request went over TLS",
  probe_http_last_modified_timestamp_seconds: "Last-Modified of the answer, since the epoch",
  probe_ssl_last_chain_expiry_timestamp_seconds: "When the verified chain ends, since the epoch",
  probe_ssl_last_chain_info: "The certificate that the server showed",
  probe_tls_version_info: "The version of TLS that was agreed on",
  probe_tls_cipher_info: "The cipher suite that was agreed on",
  probe_dns_duration_seconds: "How long each phase took, in seconds",
  probe_dns_serial: "The serial number of the zone",
  probe_websocket_connection_upgraded: "Whether a WebSocket was opened",
  probe_websocket_status_code: "The status code of the answer",
  probe_websocket_failed_due_to_regex: "Whether a regular expression made the probe fail",
  probe_websocket_duration_seconds: "How long each phase took, in seconds",
  probe_grpc_duration_seconds: "How long each phase took, in seconds",
  probe_grpc_ssl: "Whether TLS was spoken",
  probe_grpc_status_code: "The status code of the call",
  probe_grpc_healthcheck_response: "What the service says of its health",
  sonde_failure_info:
    "Why the probe failed: a code of the findings, or the option that was not met",
};

/** The lines before the samples of each name, made once. */
const heads: ReadonlyMap<string, string> = new Map([
  ...sheets.flatMap((sheet) =>
    sheet.gauges.map(({ name, help }) => [name, headOf(name, help)] as const),
  ),
  ...Object.entries(helps).map(([name, help]) => [name, headOf(name, help)] as const),
]);

interface Sample {
  readonly name: string;
  readonly labels: Labels | undefined;
  value: number;
}

export interface Counted extends Gauges {
  /** Names in alphabetical order, as the exporter has them. */
  write(): string;
}

export function makeGauges(): Counted {
  const names = new Map<string, Sample[]>();
  const sampleOf = (name: string, labels: Labels | undefined): Sample => {
    const all = names.get(name) ?? [];
    if (all.length === 0) names.set(name, all);
    const before = all.find((one) => one.labels === labels);
    if (before !== undefined) return before;
    const sample = { name, labels, value: 0 };
    all.push(sample);
    return sample;
  };
  return {
    set(name, value, labels) {
      sampleOf(name, labels).value = value;
    },
    add(name, value, labels) {
      sampleOf(name, labels).value += value;
    },
    write: () =>
      [...names.keys()]
        .toSorted()
        .map((name) => written(name, names.get(name) ?? []))
        .join(""),
  };
}

function written(name: string, samples: readonly Sample[]): string {
  const head = heads.get(name) ?? headOf(name, name);
  const [only] = samples;
  if (only !== undefined && samples.length === 1) return head + lineOf(name, only);
  // A series may stand in a scrape once.
  const series = new Map(samples.map((one) => [textOf(one.labels), one]));
  return head + [...series.values()].map((one) => lineOf(name, one)).join("");
}

/** A clock of nanoseconds has no more digits. */
function lineOf(name: string, { labels, value }: Sample): string {
  const shown = Number.isInteger(value) ? value : Math.round(value * 1e9) / 1e9;
  return `${name}${textOf(labels)} ${shown}\n`;
}

/** Phases and certificates come again and again, each as the same object. */
const texts = new WeakMap<Labels, string>();

function textOf(labels: Labels | undefined): string {
  if (labels === undefined) return "";
  const text = texts.get(labels) ?? labelled(labels);
  texts.set(labels, text);
  return text;
}
