import { accessSync, constants } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { fieldsOf } from "../../lib/api/fields.ts";
import { probes } from "../../lib/probes/index.ts";
import { surfaces } from "../../lib/surfaces/index.ts";
import manifest from "../../package.json" with { type: "json" };
import { tcpServer, type TcpServer } from "../servers/tcp.ts";
import { build, type Sonde } from "./sonde.ts";

let sonde: Sonde;
let canary: TcpServer;

beforeAll(async () => {
  sonde = await build();
  canary = await tcpServer((socket) => socket.end());
});

const asked = probes.filter((probe) => probe.name !== "echo");

test("it is one file that can be run by its name", () => {
  expect(() => accessSync(sonde.file, constants.X_OK)).not.toThrow();
});

describe("what cannot be understood ends with 2, on stderr, and says what is right", () => {
  test.each([
    [[], "a probe is needed"],
    [["chekc", "HERE"], "the probe chekc is not known: did you mean check?"],
    [["xyzzy"], `use one of ${asked.map((probe) => probe.name).join(", ")}`],
    [["--verison"], "did you mean --version?"],
    [["echo"], "a command line sends none"],
    [["tcp"], "target is needed"],
    [["dns"], "name is needed"],
    [["tcp", "HERE", "--timeotMs", "5"], "--timeotMs is not known: did you mean --timeoutMs?"],
    [["tcp", "HERE", "--timeot-ms=5"], "--timeot-ms is not known: did you mean --timeoutMs?"],
    [["tcp", "HERE", "timeotMs=5"], "timeotMs is not known: did you mean timeoutMs?"],
    [["tcp", "HERE", "--hepl"], "did you mean --help?"],
    [["tls", "HERE", "--expect.certDay", "3"], "did you mean --expect.certDays?"],
    [["tcp", "HERE", "--format", "txt"], "format must be one of json, text, short, markdown"],
    [["tcp", "HERE", "--timeoutMs"], "--timeoutMs needs a value"],
    [["tcp", "HERE", "--timeoutMs", "--format=json"], "--timeoutMs needs a value"],
    [["tcp", "HERE", "target=HERE"], "target was given 2 times"],
    [["tcp", "HERE", "localhost"], "a port is needed"],
    [["tcp", "HERE", "--code", "x"], "--code is not known"],
    [["tcp", "HERE", "--expect.reachable", "maybe"], "true or false is needed"],
  ])("%j: %s", async (words, why) => {
    const before = canary.accepted();
    const here = `127.0.0.1:${canary.port}`;
    const { code, out, err } = await sonde.run(words.map((word) => word.replace("HERE", here)));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(why);
    expect(err).toMatch(/see sonde (?:[a-z]+ )?--help\n$/);
    expect(canary.accepted()).toBe(before);
  });
});

test.each(["--timeoutMs 99999", "--timeoutMs=99999", "--timeout-ms 99999", "timeout-ms=99999"])(
  "%s names the same parameter",
  async (spelling) => {
    const words = ["dns", "localhost", ...spelling.split(" ")];
    expect(await sonde.run(words)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^sonde: timeoutMs: .*30000/),
    });
  },
);

describe("help", () => {
  test.each([["--help"], ["-h"], ["help"]])(
    "%s lists every probe that can be asked",
    async (...words) => {
      const { code, out, err } = await sonde.run(words);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      const unwrapped = out.replace(/ +|\n +/g, " ");
      for (const { name, summary } of asked) expect(unwrapped).toContain(` ${name} ${summary}`);
      expect(out).toContain("The probe echo is not among them");
      expect(out).toContain(surfaces.map((surface) => surface.name).join(", "));
    },
  );

  test.each(asked.map((probe) => ({ name: probe.name, probe })))(
    "of $name names all that it takes and all that may be demanded",
    async ({ name, probe }) => {
      const { code, out, err } = await sonde.run([name, "--help"]);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      const { fields, expectable } = fieldsOf(probe);
      const [subject = "", ...others] = fields.keys();
      expect(out).toContain(`sonde ${name} ${subject.toUpperCase()}...`);
      for (const field of others) expect(out).toMatch(new RegExp(`^ {2}--${field} +\\S`, "m"));
      for (const [key, summary] of expectable) {
        expect(out).toMatch(new RegExp(`^ {2}--expect\\.${key} +${summary.slice(0, 10)}`, "m"));
      }
      expect((await sonde.run(["help", name])).out).toBe(out);
    },
  );

  test("gives limits and defaults as the schema has them", async () => {
    const { out } = await sonde.run(["dns", "--help"]);
    expect(out).toContain("(1 to 5; default 2)");
    expect(out).toContain("(may be given several times)");
  });
});

test("--version is that of the package", async () => {
  expect(await sonde.run(["--version"])).toEqual({
    code: 0,
    out: `${manifest.version}\n`,
    err: "",
  });
});
