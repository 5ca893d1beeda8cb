import { expect, test } from "vitest";
import { walks } from "../lib/walks.ts";
import { spell } from "../page/services.ts";

test.each(Object.keys(walks))("the page asks %s in its own protocol, as check can", (scheme) => {
  expect(spell(scheme, "host.test", 4242)).toBe(`${scheme}://host.test:4242`);
});
