import { expect, test } from "vitest";
import { validity } from "../../lib/facts/certificate.ts";

test.each([
  [199, "199 days left"],
  [1, "1 day left"],
  [0, "0 days left"],
  [-1, "expired less than a day ago"],
  [-2, "expired 1 day ago"],
  [-51, "expired 50 days ago"],
])("%i days", (days, says) => expect(validity(days)).toBe(says));
