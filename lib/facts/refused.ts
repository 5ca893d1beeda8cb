import * as z from "zod";

/** What came instead of what was asked for, where HTTP was to be left after its head. */
export const refused = z
  .object({
    headers: z.record(z.string(), z.union([z.string(), z.array(z.string()).readonly()])),
    text: z.string().describe("The beginning of its body, as far as it came with the head"),
    seenAs: z.string().optional().describe("The source address that the refusal states"),
  })
  .optional()
  .describe("The answer in full, where it is a refusal");

type Refused = NonNullable<z.infer<typeof refused>>;

export const headerLines = ({ headers }: Refused) =>
  Object.entries(headers).map(([name, value]) => `${name}: ${[value].flat().join(", ")}`);

export const excerptOf = ({ text }: Refused) => text.slice(0, 300) || undefined;
