import { writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, test } from "vitest";
import { folder } from "../servers/daemon.ts";
import { closedPort } from "../servers/ports.ts";
import { tcpServer } from "../servers/tcp.ts";
import { build, type Sonde } from "./sonde.ts";

let sonde: Sonde;
let home: string;

beforeAll(async () => {
  sonde = await build();
  home = await folder();
});

const open = async () => `tcp://127.0.0.1:${(await tcpServer((socket) => socket.end())).port}`;
const closed = async () => `tcp://127.0.0.1:${await closedPort()}`;

async function saved(content: string, name = "suite.yaml"): Promise<string> {
  const file = `${home}/${name}`;
  await writeFile(file, content);
  return file;
}

describe("sonde smoke", () => {
  test("asks the suite in a file: 0 when all holds, 1 when not", async () => {
    const good = `version: 1\nchecks:\n  - ${await open()}\n`;
    const first = await sonde.run(["smoke", await saved(good)]);
    expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: "" });
    expect(first.out).toMatch(/^PASS 1 of 1 checks hold\n/);
    const second = await sonde.run(["smoke", await saved(`${good}  - ${await closed()}\n`)]);
    expect(second.code).toBe(1);
    expect(second.out).toMatch(/^FAIL 1 of 2 checks failed, first 2: tcp\.refused/);
  });

  test("writes JUnit for a pipeline", async () => {
    const file = await saved(`{"version": 1, "checks": ["${await closed()}"]}`, "suite.json");
    const { code, out } = await sonde.run(["smoke", file, "--format", "junit", "--retries=1"]);
    expect(code).toBe(1);
    expect(out).toMatch(/^<\?xml [^]*<failure type="tcp\.refused"[^]*<\/testsuites>\n$/);
  });

  test("takes a target a line, standard input, or targets alone", async () => {
    const place = await open();
    const lines = await sonde.run(["smoke", await saved(`${place}\n`, "targets.txt")]);
    expect(lines.code).toBe(0);
    const alone = ["smoke", "--target", place, "--target", place, "--format=tap"];
    const { out } = await sonde.run(alone);
    expect(out).toContain("1..2\nok 1");
    const child = sonde.start(["smoke", "-", "--format=short"], {}, "pipe");
    const said = child.stdout ? text(child.stdout) : "";
    child.stdin?.end(`version: 1\nchecks: [${place}]`);
    expect(await said).toBe("PASS 1 of 1 checks hold\n");
  });

  test.each([
    ["version: 1\nchecks:\n  - target: a:1\n    expcet: {}", [], "line 4, column 5: "],
    ["version: 1\nchecks: [a:1", [], "the suite cannot be read"],
    ["version: 1\nchecks: [a:1]", ["--wiat", "3"], "did you mean --wait?"],
    ["version: 1\nchecks: [a:1]", ["other.yaml"], "one suite at a time"],
    ["version: 1\nchecks: [a:1]", ["--target", "b:1"], "says its own targets"],
  ] as const)("%j %j is misuse, and asks nothing", async (content, more, why) => {
    const { code, out, err } = await sonde.run(["smoke", await saved(content), ...more]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(why);
    expect(err).toMatch(/see sonde smoke --help\n$/);
  });

  test("says that there is no such file, or no suite", async () => {
    expect(await sonde.run(["smoke", `${home}/none`])).toMatchObject({
      code: 2,
      err: expect.stringContaining("ENOENT"),
    });
    expect(await sonde.run(["smoke"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("a suite is needed"),
    });
  });

  test("has help", async () => {
    const { code, out } = await sonde.run(["smoke", "--help"]);
    expect(code).toBe(0);
    expect(out).toContain("sonde smoke FILE");
    expect(out).toMatch(/^ {2}--wait +\S/m);
    expect((await sonde.run(["--help"])).out).toContain("sonde smoke suite.yaml");
  });
});
