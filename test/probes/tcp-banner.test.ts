/** What servers say first, by the real ones where there are any. */
import { describe, expect, test } from "vitest";
import type { Pair } from "../../lib/api/decode.ts";
import { sheets } from "../../lib/facts/index.ts";
import { tcp } from "../../lib/probes/tcp.ts";
import { text } from "../../lib/surfaces/text.ts";
import { ask } from "../asking.ts";
import { sshd, vsftpd } from "../servers/brokers.ts";
import { mariadb } from "../servers/mariadb.ts";
import { needs } from "../servers/needs.ts";
import { greeting } from "../servers/tcp.ts";

const listening = (port: number, ...more: Pair[]) =>
  ask(tcp, [["target", `127.0.0.1:${port}`], ["banner", "1"], ...more]);

needs("sshd")("sshd", () => {
  test("names itself", async () => {
    const report = await listening((await sshd()).port, ["expect.speaks", "ssh"]);
    expect(report.result["addresses"]).toMatchObject([
      { banner: { speaks: "ssh", ended: "paused", text: expect.stringMatching(/^SSH-2\.0-Open/) } },
    ]);
    expect(report).toMatchObject({ verdict: "pass", expected: [{ key: "speaks", ok: true }] });
    expect(report.summary).toMatch(/speaks ssh: "SSH-2\.0-OpenSSH/);
  });

  test("is not what somebody expected on this port", async () => {
    const report = await listening((await sshd()).port, ["expect.speaks", "mysql"]);
    expect(report.summary).toContain("expect.speaks");
    expect(report.expected).toMatchObject([{ actual: "ssh", ok: false }]);
  });
});

needs("vsftpd")("vsftpd", () => {
  test("is told from a mail server by its own name", async () => {
    const report = await listening((await vsftpd()).port);
    expect(report.result["addresses"]).toMatchObject([
      { banner: { speaks: "ftp", text: expect.stringMatching(/^220 .*\\r\\n$/) } },
    ]);
  });
});

needs("mariadbd", "openssl")("mariadb", () => {
  test("greets in octets, which are shown as such", async () => {
    const report = await listening((await mariadb()).port);
    expect(report.result["addresses"]).toMatchObject([
      { banner: { speaks: "mysql", text: expect.stringContaining("\\x00\\x00\\x00\\n") } },
    ]);
  });
});

describe("a greeting", () => {
  test("is shown without a control of the terminal or a bidirectional one", async () => {
    const { port } = await greeting("220 \u001b[2Jmail \u009b31m\u202eliam\r\n");
    const report = await listening(port);
    const shown = text.write(report, sheets);
    expect(shown).toContain("220 \\x1b[2Jmail");
    for (const control of ["\u001b", "\u009b", "\u202e"]) expect(shown).not.toContain(control);
  });

  test("nobody knows is called unknown", async () => {
    const report = await listening((await greeting("welcome, stranger\r\n")).port);
    expect(report.result["addresses"]).toMatchObject([{ banner: { speaks: "unknown" } }]);
  });

  test("excludes the other ways to go on, and says which", async () => {
    await expect(listening(1, ["count", "2"])).rejects.toThrow("count and banner exclude");
    await expect(listening(1, ["parallel", "2"])).rejects.toThrow("parallel and banner exclude");
  });
});

describe("an address and nothing else", () => {
  test.each([
    ["10.20.0.9\r\n", { speaks: "address", address: "10.20.0.9", addressClass: "private" }],
    ["2001:DB8::7", { speaks: "address", address: "2001:db8::7" }],
  ])("%o is read as one", async (said, seen) => {
    const { port } = await greeting(said);
    const report = await listening(port, ["expect.speaks", "address"]);
    expect(report.result["addresses"]).toMatchObject([{ banner: seen }]);
    expect(report.verdict).toBe("pass");
  });

  test.each(["10.20.0.9 ready\r\n", "10.20.0.999\r\n", "your address: 10.20.0.9\r\n"])(
    "%o is none",
    async (said) => {
      const { port } = await greeting(said);
      const { result } = await listening(port);
      expect(JSON.stringify(result)).not.toContain("addressClass");
    },
  );
});
