/** Words that the facts about DNS are made of. */
import * as z from "zod";

export const transports = ["udp", "tcp", "tls", "https", "system", "cares"] as const;

export const record = z.object({
  name: z.string(),
  type: z.string(),
  class: z.string().optional().describe("Absent for IN"),
  ttl: z.int().optional().describe("Seconds; absent where c-ares does not hand it on"),
  data: z.string().describe("As dig prints it"),
});

export const attempt = z.object({
  transport: z.enum(transports),
  name: z.string().optional().describe("What was asked, where the search list changed it"),
  edns: z
    .union([z.int(), z.literal("off")])
    .optional()
    .describe("The size of a UDP answer that was offered by EDNS, or `off`"),
  ms: z.number(),
  outcome: z.string().describe("`answered`, `truncated`, or the code of what went wrong"),
  rcode: z.string().optional().describe("What the answer said, if one came"),
  bytes: z.int().optional().describe("How long the answer was"),
  dropped: z
    .array(z.string())
    .optional()
    .describe("Datagrams that were not the answer, and what gave each away"),
});

export const flags = z.object({
  qr: z.boolean(),
  aa: z.boolean(),
  tc: z.boolean(),
  rd: z.boolean(),
  ra: z.boolean(),
  ad: z.boolean(),
  cd: z.boolean(),
});

export const edns = z.object({
  udpSize: z.int(),
  version: z.int(),
  dnssecOk: z.boolean(),
  nsid: z.string().optional(),
  cookie: z.string().optional().describe("`server cookie`, or `ours came back alone`: RFC 7873"),
  ede: z.array(z.object({ code: z.int(), name: z.string(), text: z.string() })).optional(),
});

/** What carried an answer over TLS. Judged, never demanded: RFC 8310 calls it the opportunistic profile. */
export const channel = z.object({
  protocol: z.string(),
  alpn: z.string().optional(),
  trusted: z.boolean(),
  faults: z.array(z.string()).describe("What is wrong with the certificate, as codes"),
});

/** Records as lines in columns, as dig prints them. */
export function columns(records: readonly z.infer<typeof record>[]): readonly string[] {
  const rows = records.map(({ name, ttl, class: kind = "IN", type, data }) => ({
    lead: [name, String(ttl ?? "-"), kind, type],
    data,
  }));
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map(({ lead }) => lead[column]?.length ?? 0)),
  );
  return rows.map(({ lead, data }) =>
    [...lead.map((cell, column) => cell.padEnd(widths[column] ?? 0)), data].join(" "),
  );
}
