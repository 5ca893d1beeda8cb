/** A record as Go's library (miekg/dns) prints it, where that is not as `dig` does: what expressions of modules are written for. */
import type { ResourceRecord } from "./message.ts";

/** Words before a run of digits that `dig` breaks and Go does not. */
const before: Readonly<Record<string, number>> = {
  CDNSKEY: 3,
  CDS: 3,
  DNSKEY: 3,
  DS: 3,
  OPENPGPKEY: 0,
  RRSIG: 8,
  SMIMEA: 3,
  SSHFP: 2,
  TLSA: 3,
  ZONEMD: 3,
};

/** Of the digests these are in small letters. */
const small: ReadonlySet<string> = new Set(["SMIMEA", "TLSA", "ZONEMD"]);

export function goText({ name, ttl, class: kind, type, data }: ResourceRecord): string {
  return [name, ttl, kind, type, goData(type, data)].join("\t");
}

function goData(type: string, data: string): string {
  if (type === "HTTPS" || type === "SVCB") return goParameters(data);
  const count = before[type];
  if (count === undefined || data.startsWith("\\#")) return data;
  const words = data.split(" ");
  const run = words.slice(count).join("");
  return [...words.slice(0, count), small.has(type) ? run.toLowerCase() : run].join(" ");
}

/** Every value in quotes, also one that is not there. */
function goParameters(data: string): string {
  const [, head = data, parameters = ""] = /^(\S+ \S+) (.*)$/s.exec(data) ?? [];
  const each = parameters.matchAll(/([^\s=]+)(?:=("(?:[^"\\]|\\.)*"|\S*))?/g);
  const said = [...each].map(([, key, value = ""]) =>
    value.startsWith('"') ? `${key}=${value}` : `${key}="${value}"`,
  );
  return [head, ...said].join(" ");
}
