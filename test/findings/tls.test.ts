/** Conclusions about TLS from facts alone, each beside a case that almost looks the same. */
import { describe, expect, test } from "vitest";
import { conclude } from "../../lib/findings/conclude.ts";
import type { Leaf, LeafFacts } from "../../lib/leaves.ts";

type Handshake = NonNullable<LeafFacts["handshake"]>;
type Interception = NonNullable<LeafFacts["interception"]>;

const concluded = (handshake: Handshake, more: Partial<Leaf> = {}, also: LeafFacts = {}) =>
  conclude([{ facts: { handshake, ...also }, depth: 1, ...more }]).map((one) => one.code);

const control = (...isPublic: boolean[]): Interception => ({
  hosts: isPublic.map((one, index) => ({
    host: `h${index}.test`,
    root: "CN=Proxy",
    isPublic: one,
  })),
  intercepted: isPublic.every((one) => one) ? "none" : isPublic.some((one) => one) ? "some" : "all",
});

describe("interception", () => {
  test.each([
    [control(false, false), ["extra"], ["tls.intercepted"]],
    [control(false, true), ["bundled"], ["tls.intercepted"]],
    [control(true, true), ["extra"], ["tls.private_authority"]],
    [control(true, true), ["bundled", "system"], []],
    [{ hosts: [], intercepted: "unknown" }, ["extra"], []],
  ] as const)("%j and a target trusted by %j: %j", (interception, trustedBy, codes) => {
    const facts = { interception: { ...interception, hosts: [...(interception.hosts ?? [])] } };
    expect(concluded({ trustedBy: [...trustedBy] }, {}, facts)).toEqual([...codes]);
  });

  test("is not said where no control host was looked at", () => {
    expect(concluded({ trustedBy: ["extra"] })).toEqual([]);
  });
});

describe("trust", () => {
  test("of the system's store alone is told, where the root is what is wrong", () => {
    expect(concluded({ trustedBy: ["system"], faults: ["tls.untrusted"] })).toContain(
      "tls.trusted_elsewhere",
    );
    expect(concluded({ trustedBy: ["system"], faults: ["tls.name_mismatch"] })).not.toContain(
      "tls.trusted_elsewhere",
    );
  });

  test("a staple is stale when its time was over at the handshake", () => {
    const staple = (ageHours: number) => ({
      stapled: true,
      status: "good" as const,
      thisUpdate: "2026-01-01T00:00:00.000Z",
      nextUpdate: "2026-01-02T00:00:00.000Z",
      ageHours,
    });
    expect(concluded({ ocsp: staple(25) })).toEqual(["tls.stale_staple"]);
    expect(concluded({ ocsp: staple(23) })).toEqual([]);
    expect(concluded({ ocsp: { stapled: false } })).toEqual([]);
  });
});

describe("the hello", () => {
  const stopped = { stage: "handshake", code: "tls.timeout", message: "no answer" };
  const small = { answered: true, handshakeMs: 3, clientHelloBytes: 359 };

  test("that is too large is blamed where the first stalled and the small one did not", () => {
    expect(concluded({ smallHello: small, clientHelloBytes: 1593 }, { stopped })).toContain(
      "tls.large_hello",
    );
    expect(concluded({ smallHello: { answered: false } }, { stopped })).not.toContain(
      "tls.large_hello",
    );
    // The first was only slow.
    expect(concluded({ smallHello: small, trusted: true })).toEqual([]);
  });

  test("with an outdated version counts only where it was accepted", () => {
    const versions = (accepted: boolean) => [
      { on: "TLSv1.1", accepted },
      { on: "TLSv1.2", accepted: true },
    ];
    expect(concluded({}, { versions: versions(true) })).toEqual(["tls.old_version"]);
    expect(concluded({}, { versions: versions(false) })).toEqual([]);
  });

  test("without forward secrecy, with a retry, with a demand for a certificate", () => {
    expect(concluded({ forwardSecrecy: false, cipher: "TLS_RSA" })).toEqual([
      "tls.no_forward_secrecy",
    ]);
    expect(concluded({ forwardSecrecy: true })).toEqual([]);
    expect(concluded({ helloRetry: true })).toEqual(["tls.hello_retry"]);
    expect(concluded({ helloRetry: false })).toEqual([]);
    const asked = (demand: "none" | "requested", shown: boolean) => ({
      clientCertificate: { demand, acceptableCAs: [], shown },
    });
    expect(concluded(asked("requested", false))).toEqual(["tls.client_certificate_requested"]);
    expect(concluded(asked("requested", true))).toEqual([]);
    expect(concluded(asked("none", false))).toEqual([]);
  });
});
