/**
 * Ends a run with what a person or a pipeline wants to know: which tests were skipped, which passed only
 * when tried again, and, alone on the very last line, `N passed, N failed` (and `, N skipped` when there are any).
 */
import { writeSync } from "node:fs";
import type { Reporter, SerializedError, TestCase, TestModule } from "vitest/node";

export default class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const skipped = tests.filter((test) => test.result().state === "skipped");
    const again = tests.filter((test) => test.diagnostic()?.flaky);
    // A file that did not load, a hook that threw, an error nobody caught: each is a failure.
    const broken = modules.flatMap((module) => [
      ...module.errors(),
      ...[...module.children.allSuites()].flatMap((suite) => suite.errors()),
    ]);
    const failed = count("failed") + broken.length + unhandled.length;
    const lines = [
      ...(skipped.length === 0 ? [] : ["Skipped:", ...skipped.map(line)]),
      ...(again.length === 0 ? [] : ["Passed at a second try:", ...again.map(line)]),
      `${count("passed")} passed, ${failed} failed${skipped.length === 0 ? "" : `, ${skipped.length} skipped`}`,
    ];
    // Vitest may still have something to say; only the end of the process is after everything.
    process.once("exit", () => writeSync(1, `\n${lines.join("\n")}\n`));
  }
}

function line(test: TestCase): string {
  const result = test.result();
  const note = result.state === "skipped" && result.note ? ` (${result.note})` : "";
  return `  ${test.module.relativeModuleId} > ${test.fullName}${note}`;
}
