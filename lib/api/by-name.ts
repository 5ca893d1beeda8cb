import * as z from "zod";

/** How a suite is asked for by its name. */
export const byNameFields = {
  suite: z.string().max(100).optional().describe("A suite by its name: /api/suites lists them"),
  token: z
    .boolean()
    .default(false)
    .describe("Lets the suite `identity` ask for a token, which is never shown"),
};
