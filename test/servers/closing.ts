/** Sees to it that what a test started also ends. */
import { afterAll, onTestFinished, TestRunner } from "vitest";

type Close = () => Promise<void> | void;

const atEnd: Close[] = [];

/** Closes what is still open. A run of tests does this by itself; a benchmark has no end of a file. */
export async function closeAll(): Promise<void> {
  // Last started, first stopped: later ones may lean on earlier ones.
  for (const close of atEnd.splice(0).toReversed()) await close();
}

const inTests = process.env["VITEST"] !== undefined;

if (inTests) afterAll(closeAll);

/** Closes when the test that is under way ends; outside of tests (`beforeAll`), when the file does. */
export function closing(close: Close): void {
  if (!inTests || TestRunner.getCurrentTest() === undefined) atEnd.push(close);
  else onTestFinished(close);
}
