/** What the fixture's `see` function reports about the request it was handed. */
import * as z from "zod";

const pairs = z.array(z.tuple([z.string(), z.string()]));

const schema = z.object({
  name: z.string(),
  method: z.string(),
  url: z.string(),
  params: z.record(z.string(), z.string()),
  query: pairs,
  headers: pairs,
  body: z.string(),
});

export type Seen = z.infer<typeof schema>;

export function parseSeen(text: string): Seen {
  return schema.parse(JSON.parse(text));
}

/** Fetches `url` and returns what the function behind it saw. */
export async function see(url: string, init?: RequestInit): Promise<Seen> {
  return parseSeen(await (await fetch(url, init)).text());
}
