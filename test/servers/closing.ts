/** Sees to it that what a test started also ends. */
import { afterAll, onTestFinished, TestRunner } from "vitest";

type Close = () => Promise<void> | void;

const atEnd: Close[] = [];

afterAll(async () => {
  // Last started, first stopped: later ones may lean on earlier ones.
  for (const close of atEnd.splice(0).toReversed()) await close();
});

/** Closes when the test that is under way ends; outside of tests (`beforeAll`), when the file does. */
export function closing(close: Close): void {
  if (TestRunner.getCurrentTest() === undefined) atEnd.push(close);
  else onTestFinished(close);
}
