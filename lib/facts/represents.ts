/** For which app a place stands, and how far. */
import * as z from "zod";

export const represents = z.object({
  app: z.string(),
  basis: z.enum(["same-site", "same-plan-subnet", "same-environment", "same-subnet", "unknown"]),
  same: z.array(z.string()),
  differs: z.array(z.string()),
  unknown: z.array(z.string()),
});
