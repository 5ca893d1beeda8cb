/**
 * The recipes of docs/ci.md, run as they stand there: bash runs the scripts with curl against the local
 * host with enforced keys, once with a suite that holds and once with one that fails.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { decodeSmoke } from "../../lib/api/suite.ts";
import { parseYaml } from "../../lib/yaml.ts";
import { spawnHost, type SpawnedHost } from "../local/spawn.ts";
import { needs } from "../servers/needs.ts";
import { closedPort, portOf } from "../servers/ports.ts";
import { tcpServer } from "../servers/tcp.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(root, "docs/ci.md"), "utf8");

/** What stands in the code blocks of a language. */
function blocks(language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms");
  return [...page.matchAll(pattern)].map(([, code = ""]) => code);
}

/** The one block of its kind that holds this. */
function block(language: string, mark: string): string {
  const found = blocks(language).filter((code) => code.includes(mark));
  expect(found, `${language} with ${mark}`).toHaveLength(1);
  return found[0] ?? "";
}

let host: SpawnedHost;
let key: string;
let open: number;
let shut: number;

beforeAll(async () => {
  host = await spawnHost({ root, args: ["--keys"] });
  key = host.keys().host;
  open = (await tcpServer((socket) => socket.resume())).port;
  shut = await closedPort();
});
afterAll(() => host.stop());

/** A folder of its own, with a suite of one check. */
function folder(holds: boolean): string {
  const home = mkdtempSync(join(tmpdir(), "sonde-ci-"));
  const checks = [`tcp://127.0.0.1:${holds ? open : shut}`];
  writeFileSync(join(home, "smoke.yaml"), JSON.stringify({ version: 1, name: "orders", checks }));
  return home;
}

interface Ended {
  readonly code: number;
  readonly out: string;
}

/** As a runner does it: bash that stops at the first failure. */
function bash(script: string, cwd: string): Promise<Ended> {
  // What waits two minutes for a network does not have to wait here.
  const impatient = script.replaceAll("wait=2m", "wait=0");
  const env = {
    ...process.env,
    SONDE_URL: host.url,
    SONDE_KEY: key,
    GITHUB_STEP_SUMMARY: join(cwd, "step-summary.md"),
  };
  return new Promise((resolve) => {
    execFile("bash", ["-e", "-c", impatient], { cwd, env }, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : 0;
      resolve({ code, out: stdout + stderr });
    });
  });
}

const read = (home: string, name: string) => readFileSync(join(home, name), "utf8");

const expectJunit = (xml: string, failures: number) => {
  expect(xml).toMatch(/^<\?xml /);
  expect(xml).toMatch(new RegExp(`<testsuites?[^>]* failures="${failures}"`));
};

/** curl ends with 22 where the answer is 400 and above. */
const ends = [
  ["holds", true, 0],
  ["fails", false, 22],
] as const;

needs("curl")("curl", () => {
  test.each(ends)("a suite that %s", async (_, holds, code) => {
    const home = folder(holds);
    expect(await bash(block("sh", "-o result.xml"), home)).toEqual({
      code,
      out: holds ? "" : expect.stringContaining("424"),
    });
    expectJunit(read(home, "result.xml"), holds ? 0 : 1);
  });

  test.each(ends)("many files of one run that %s", async (_, holds) => {
    const home = folder(holds);
    const { code } = await bash(block("sh", "for format in"), home);
    expect(code).toBe(holds ? 0 : 1);
    expectJunit(read(home, "result.junit"), holds ? 0 : 1);
    expect(read(home, "result.markdown")).toContain("orders");
  });

  test("a wrong key is 401: an exit code, and no retries", async () => {
    const script = block("sh", "-o result.xml").replace("$SONDE_KEY", "wrong");
    const start = performance.now();
    const { code, out } = await bash(script, folder(true));
    expect([code, out]).toEqual([22, expect.stringContaining("401")]);
    // Eight retries would wait for forty seconds.
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

/** Answers one status after the other, then the last for ever, and counts. */
async function inOrder(...statuses: readonly number[]) {
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume();
    response.statusCode = statuses[Math.min(asked, statuses.length - 1)] ?? 500;
    asked += 1;
    response.end(`answer ${asked}: ${response.statusCode}`);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return { url: `http://127.0.0.1:${portOf(server)}`, asked: () => asked };
}

needs("curl")("what the retries of curl do", () => {
  const script = block("sh", "-o result.xml").replace(
    "--retry 8 --retry-delay 5",
    "--retry 2 --retry-delay 1",
  );

  test.each<[statuses: readonly number[], more: string, asked: number, code: number]>([
    [[424], "", 1, 22],
    [[401], "", 1, 22],
    [[403], "", 1, 22],
    [[400], "", 1, 22],
    [[503], "", 3, 22],
    [[500], "", 3, 22],
    [[502, 504, 200], "", 3, 0],
    [[429, 200], "", 2, 0],
    [[401, 200], "--retry-all-errors", 2, 0],
    [[424], "--retry-all-errors", 3, 22],
  ])("on %j %s: asked %i times, exit code %i", async (statuses, more, asked, code) => {
    const server = await inOrder(...statuses);
    const home = folder(true);
    const ended = await bash(
      `SONDE_URL=${server.url}\n${script.replace("--retry 2", `${more} --retry 2`)}`,
      home,
    );
    expect([server.asked(), ended.code]).toEqual([asked, code]);
    // The body of the last try is kept, and of no other.
    expect(read(home, "result.xml")).toBe(
      `answer ${asked}: ${statuses[Math.min(asked, statuses.length) - 1]}`,
    );
  });

  test("an app that is not there yet is asked again, as --retry-connrefused has it", async () => {
    const port = await closedPort();
    const asking = (more: string) =>
      bash(`SONDE_URL=http://127.0.0.1:${port}\n${script.replace(more, "")}`, folder(true));
    expect((await asking("--retry-connrefused")).code).toBe(7);
    const asked = asking("");
    await pause(500);
    const server = createServer((_request, response) => response.end()).listen(port, "127.0.0.1");
    onTestFinished(() => void server.close());
    expect((await asked).code).toBe(0);
  });
});

needs("curl", "jq")("against a baseline", () => {
  test.each([
    ["nothing became worse", true, true, 0],
    ["something became worse", false, true, 22],
  ] as const)("%s", async (_, now, before, code) => {
    const home = folder(now);
    const save = (name: string) =>
      `curl -sS -H "x-functions-key: $SONDE_KEY" -H 'content-type: application/yaml' --data-binary @smoke.yaml -o ${name} "$SONDE_URL/api/smoke"`;
    await bash(save("now.json"), home);
    // The same check, by its name, of a day when it was as `before` says.
    const target = (port: number) => `tcp://127.0.0.1:${port}`;
    const suite = (port: number) =>
      JSON.stringify({ version: 1, checks: [{ name: "db", target: target(port) }] });
    writeFileSync(join(home, "smoke.yaml"), suite(before ? open : shut));
    await bash(save("before.json"), home);
    writeFileSync(join(home, "smoke.yaml"), suite(now ? open : shut));
    await bash(save("now.json"), home);
    const ended = await bash(block("sh", "--slurpfile"), home);
    expect(ended).toMatchObject({ code, out: expect.stringContaining(now ? "PASS" : "FAIL") });
  });
});

/** Takes turns, as a front end does that sees no cookie: each connection goes to the next one. */
async function inTurns(urls: readonly string[]): Promise<string> {
  let turn = 0;
  const { port } = await tcpServer((from) => {
    const to = connect(Number(new URL(urls[turn % urls.length] ?? "").port), "127.0.0.1");
    turn += 1;
    for (const socket of [from, to]) socket.on("error", () => {});
    from.pipe(to).pipe(from);
  });
  return `http://127.0.0.1:${port}`;
}

needs("curl", "jq")("instances", () => {
  const ours = (expected: string) =>
    JSON.stringify({
      version: 1,
      checks: [{ probe: "vantage", input: { seen: "" }, expect: { region: expected } }],
    });
  const started = async (instance: string) => {
    const env = { WEBSITE_INSTANCE_ID: instance, WEBSITE_SITE_NAME: "here", REGION_NAME: "here" };
    const one = await spawnHost({ root, env });
    onTestFinished(() => void one.stop());
    return one.url;
  };

  test("are asked in turns until there are enough, each once", async () => {
    const [a, b] = [await started("aaaa1111"), await started("bbbb2222")];
    const home = folder(true);
    writeFileSync(join(home, "smoke.yaml"), ours("here"));
    const url = await inTurns([a, a, b]);
    const script = block("sh", "instances=2");
    const ended = await bash(`SONDE_URL=${url}\n${script}`, home);
    expect(ended).toEqual({ code: 0, out: expect.stringContaining("PASS") });
    expect(readdirSync(home).filter((name) => name.startsWith("result-"))).toEqual([
      "result-aaaa1111.json",
      "result-bbbb2222.json",
    ]);
    // What fails on the first of them is not forgotten for the second.
    writeFileSync(join(home, "smoke.yaml"), ours("elsewhere"));
    expect((await bash(`SONDE_URL=${url}\n${script}`, home)).code).toBe(1);
    // One alone is never enough.
    const few = script.replace("seq 30", "seq 2");
    writeFileSync(join(home, "smoke.yaml"), ours("here"));
    const short = await bash(`SONDE_URL=${a}\n${few}`, home);
    expect(short).toEqual({ code: 1, out: expect.stringContaining("wanted at least 2, found 1") });
  }, 60_000);
});

const githubSteps = z.array(z.object({ run: z.string(), if: z.string().optional() }));
const devopsSteps = z.array(
  z.object({
    bash: z.string().optional(),
    task: z.string().optional(),
    inputs: z.record(z.string(), z.unknown()).optional(),
  }),
);

needs("curl")("pipelines", () => {
  test.each(ends)("GitHub Actions: a suite that %s", async (_, holds, code) => {
    const [check, summary] = githubSteps.parse(parse(block("yaml", "GITHUB_STEP_SUMMARY")));
    const home = folder(holds);
    expect((await bash(check?.run ?? "", home)).code).toBe(code);
    expect(summary?.if).toBe("always()");
    expect((await bash(summary?.run ?? "", home)).code).toBe(0);
    expect(read(home, "step-summary.md")).toContain(holds ? "1 of 1 checks hold" : "tcp.refused");
  });

  test.each(ends)("Azure DevOps: a suite that %s", async (_, holds, code) => {
    const [check, publish] = devopsSteps.parse(parse(block("yaml", "PublishTestResults@2")));
    const home = folder(holds);
    expect((await bash(check?.bash ?? "", home)).code).toBe(code);
    const file = publish?.inputs?.["testResultsFiles"];
    expectJunit(read(home, String(file)), holds ? 0 : 1);
  });

  test.each(ends)("GitLab: a suite that %s", async (_, holds, code) => {
    const job = z
      .object({
        smoke: z.object({
          script: z.array(z.string()),
          artifacts: z.object({
            when: z.literal("always"),
            reports: z.object({ junit: z.string() }),
          }),
        }),
      })
      .parse(parse(block("yaml", "artifacts:"))).smoke;
    const home = folder(holds);
    expect((await bash(job.script.join("\n"), home)).code).toBe(code);
    expectJunit(read(home, job.artifacts.reports.junit), holds ? 0 : 1);
  });

  test.each(ends)("azd: a suite that %s", async (_, holds, code) => {
    const { hooks } = z
      .object({
        hooks: z.object({ postdeploy: z.object({ shell: z.literal("sh"), run: z.string() }) }),
      })
      .parse(parse(block("yaml", "postdeploy:")));
    const ended = await bash(hooks.postdeploy.run, folder(holds));
    expect(ended).toMatchObject({ code, out: expect.stringMatching(holds ? /^PASS/ : /^FAIL/) });
  });
});

describe("the gate of Azure Pipelines", () => {
  const token = "eyJ0eXAi.a-token-of-the-job.c2ln";
  const body = JSON.stringify({
    JobId: "1",
    PlanId: "2",
    TimelineId: "3",
    ProjectId: "4",
    VstsUrl: "https://dev.example.test/",
    AuthToken: token,
  });
  const inputs = devopsSteps.parse(parse(block("yaml", "AzureFunction@1")))[0]?.inputs ?? {};

  const send = async (query: string, text = body) => {
    const answer = await fetch(`${host.url}/api/smoke?${query}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-functions-key": key },
      body: text,
    });
    return { status: answer.status, text: await answer.text() };
  };
  const asked = (port: number) =>
    String(inputs["queryParameters"]).replaceAll(/target=[^&]+/g, `target=tcp://127.0.0.1:${port}`);

  test("asks by its query, and its token is neither returned nor logged", async () => {
    const good = await send(asked(open));
    const bad = await send(asked(shut));
    expect([good.status, bad.status]).toEqual([200, 424]);
    expect(JSON.parse(good.text)).toMatchObject({ ok: true });
    for (const shown of [good.text, bad.text, host.printed()]) {
      expect(shown).not.toContain(token);
    }
  });

  test("other names in the body are still refused", async () => {
    const odd = await send(asked(open), JSON.stringify({ AuthToken: token, Job: "1" }));
    expect(odd.status).toBe(400);
    expect(odd.text).not.toContain(token);
  });
});

test("every block of the page is run here, or is said not to have been", () => {
  expect(blocks("sh")).toHaveLength(4);
  expect(blocks("yaml")).toHaveLength(6);
  expect(page).toContain("PowerShell 7 (not run: there was none at hand)");
});

test("the suite at the top of the page is one", async () => {
  const source = await parseYaml(block("yaml", "yaml-language-server"));
  if ("wrong" in source) throw new Error(source.wrong);
  expect(decodeSmoke([], source, {})).toHaveProperty("checks.length", 4);
});
