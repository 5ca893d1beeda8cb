import { defineConfig } from "vitest/config";

/** Inside a namespace only the files made for it run: see test/servers/namespace.ts. */
const inside = process.env["SONDE_IN_NAMESPACE"] === "1";

export default defineConfig({
  test: {
    include: inside ? ["test/**/*.inside.ts"] : ["test/**/*.test.ts"],
    // A process per file: the tripwire watches a whole process, and a leak stays in its own file.
    pool: "forks",
    maxWorkers: inside ? 1 : 2,
    // A browser, a name server that is silent, a machine that is shared: patience costs nothing.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real servers on a shared machine: the reporter names each test that needed its second try.
    retry: 1,
    // A browser on a busy machine takes its time; the default is one second.
    expect: { poll: { timeout: 10_000 } },
    globalSetup: inside ? [] : ["test/servers/install.ts"],
    setupFiles: ["test/tripwire.ts"],
    reporters: ["default", "./test/reporter.ts"],
    coverage: { include: ["lib/**", "functions/**"] },
  },
});
