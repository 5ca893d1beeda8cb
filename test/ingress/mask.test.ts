import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { headerRows } from "../../lib/ingress/headers.ts";
import { maskHeader, maskText } from "../../lib/ingress/mask.ts";

/** Two parts, so that a half that stays would be seen. */
const secret = "S3cr3tHalfOne-S3cr3tHalfTwo";
const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg";
const random = "kJ8vQ2mZx4Lw9TfB7nRc1YhDs6Gp3KaUe5XoVi0MtNbQ==";

function leaks(shown: string): boolean {
  return /S3cr3t|HalfOne|HalfTwo/.test(shown);
}

function print(value: string): string | undefined {
  return maskHeader("x-functions-key", value).withheld[0]?.fingerprint;
}

describe("by name", () => {
  test.each([
    "x-functions-key",
    "X-Functions-Key",
    "x-ms-token-aad-access-token",
    "X-MS-CLIENT-PRINCIPAL",
    "x-ms-client-principal-name",
    "x-ms-auth-token",
    "x-zumo-auth",
    "x-identity-header",
    "ocp-apim-subscription-key",
    "x-arr-clientcert",
    "x-forwarded-client-cert",
    "x-hub-signature-256",
    "api-key",
    "x-api-key",
    "x-vault-token",
    "x-client-secret",
    "x-db-password",
    "x-my-session-id",
  ])("%s is withheld whole", (name) => {
    const { value, withheld } = maskHeader(name, secret);
    expect(value).toBe("***");
    expect(withheld).toEqual([
      { what: "value", length: secret.length, fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) },
    ]);
  });

  test.each([
    ["Bearer abc.def", "Bearer ***"],
    ["Basic dXNlcjpwYXNz", "Basic ***"],
    ["hunter2 with a space", "***"],
    ["hunter2", "***"],
  ])("authorization %s shows %s", (value, shown) => {
    expect(maskHeader("authorization", value).value).toBe(shown);
  });

  test("cookies keep their names, also when the runtime joined two headers", () => {
    const { value, withheld } = maskHeader("cookie", `ARRAffinity=${secret}; b=; c=x=y,d=z`);
    expect(value).toBe("ARRAffinity=***; b=; c=***,d=***");
    expect(withheld.map((one) => one.what)).toEqual(["ARRAffinity", "c", "d"]);
    expect(maskHeader("cookie", secret).value).toBe("***");
  });

  test.each(["UzNjcjN0SGFsZk9uZVMzY3IzdEhhbGZUd28=", "UzNjcjN0SGFsZk9uZVMzY3IzdA=="])(
    "a cookie without a name is no name because base64 is padded: %s",
    (value) => {
      expect(maskHeader("cookie", value).value).toBe("***");
      expect(maskHeader("cookie", `a=b; ${value}`).value).toBe("a=***; ***");
    },
  );

  test.each(["set-cookie", "cookie2", "x-original-cookie"])("%s is read as cookies too", (name) => {
    expect(maskHeader(name, `a=${secret}`).value).toBe("a=***");
  });

  test.each(["x-auth", "x-pass", "x-pin", "x-csrf", "x-otp"])("%s says what it holds", (name) => {
    expect(maskHeader(name, "hunter2").value).toBe("***");
    expect(maskHeader(`${name}-mode`, "on").value).toBe("on");
  });

  test("a certificate is withheld whatever its header is called", () => {
    const pem = "-----BEGIN%20CERTIFICATE-----%0AMIIC";
    expect(maskHeader("x-client-certificate-data", pem).value).toBe("***");
  });

  test("equal secrets have equal fingerprints, others not, and no plain hash is used", () => {
    expect(print(secret)).toBe(print(secret));
    expect(print(secret)).not.toBe(print(`${secret}x`));
    // First eight digits of the SHA-256 of the empty text.
    expect(print("")).not.toBe("e3b0c442");
  });
});

describe("inside URLs", () => {
  test.each([
    `/api/f?code=${secret}`,
    `/api/f?a=1&CODE=${secret}&b=2`,
    `/api/f?%63ode=${secret}`,
    `/api/f?clientId=${secret}`,
    `/api/f?sig=${secret}&se=2026`,
    `/api/f?x-functions-key=${secret}`,
    `/api/f?subscription-key=${secret}`,
    `/api/f?access_token=${secret}#id_token=${secret}`,
    `/cb#access_token=${secret}`,
    `/api/f?a=1?code=${secret}`,
    `/api/f?auth[token]=${secret}`,
    `/api/f;password=${secret}`,
    `https://user:${secret}@host.example/path`,
    `https://${secret}@host.example/path`,
    `/login?redirect=https%3A%2F%2Fa.example%2F%3Fcode%3D${secret}`,
    `/login?redirect=https%253A%252F%252Fa.example%252F%253Fcode%253D${secret}`,
    `/login?redirect=https%3A%2F%2Fu%3A${secret}@a.example`,
    `/api/f?q=AccountKey=${secret};EndpointSuffix=core`,
    `/api/f?token=${jwt}${secret}`,
  ])("%s", (url) => {
    for (const name of [
      "referer",
      "x-original-url",
      "x-waws-unencoded-url",
      "x-ms-original-url",
      "x-rewrite-url",
    ]) {
      const { value, withheld } = maskHeader(name, url);
      expect(leaks(value), value).toBe(false);
      expect(withheld.length).toBeGreaterThan(0);
    }
    expect(leaks(maskText(url))).toBe(false);
  });

  test("what is no secret stays readable", () => {
    const url = "/api/models-playground/openai/?tags=dev_2,test&target_path=/chat/completions#top";
    expect(maskText(url)).toBe(url);
    expect(maskText(`/a?x=1&code=${secret}&y=2`)).toBe("/a?x=1&code=***&y=2");
    const site = "https://polite-ocean-000000000.azurestaticapps.net/foo?query=1&query=2";
    expect(maskText(site)).toBe(site);
  });

  test("a random segment of a path is withheld", () => {
    expect(maskText(`/hooks/${random.replaceAll("=", "")}/x`)).toBe("/hooks/***/x");
  });
});

describe("by name inside text", () => {
  const half = "S3cr3tHalfOne S3cr3tHalfTwo";

  test.each([
    [`Password="${half}"`, "Password=***"],
    [`token='${half}', realm="x"`, 'token=***, realm="x"'],
    [`Server=a;Password=${half};Database=b`, "Server=a;Password=***;Database=b"],
    [`Driver=x;PWD={${half}}`, "Driver=x;PWD=***"],
    [`{"user":"a","password": "${half}","n":1}`, '{"user":"a","password": ***,"n":1}'],
    [`{"tokens":["${half}"]}`, '{"tokens":***}'],
    [String.raw`{\"password\":\"S3cr3tHalfOne\"}`, String.raw`{\"password\":***`],
    [`for=1.2.3.4;secret="${half}"`, "for=1.2.3.4;secret=***"],
  ])("%s", (text, shown) => {
    expect(maskHeader("x-nobody-knows", text).value).toBe(shown);
    expect(maskHeader("forwarded", text).value).toBe(shown);
  });
});

describe("by shape", () => {
  test.each([
    ["a token", jwt],
    ["a token among words", `sent ${jwt} along`],
    ["base64", random],
    ["hex", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ["an access signature", `https://a.blob.core.windows.net/c?sv=2024&sig=${random}`],
    ["a connection string", `Endpoint=sb://x.example/;SharedAccessKey=${random}`],
    ["credentials", "Bearer abcdefgh"],
    ["a PEM certificate", "-----BEGIN%20CERTIFICATE-----%0AMIIC"],
  ])("%s in a header nobody knows", (_what, value) => {
    const masked = maskHeader("x-nobody-knows", value);
    expect(masked.value).toContain("***");
    expect(masked.value).not.toContain(value);
  });

  test.each([
    ["x-custom", "eyJ.eyJ.short eyJlongWithoutAnyDot"],
    [
      "accept",
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    ],
    ["x-custom", "the quick brown fox jumps over the lazy dog and runs away"],
    ["x-route", "/very/Long/Path/With/Many/Segments/And/Numbers/123/456/789/Abc"],
    ["x-correlation", "00000000-0000-4000-8000-00000000000c"],
    ["traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"],
    [
      "x-azure-ref",
      "0hCT8XgAAAABvjSBaUKCcSZuP8KSgQRzlUFJHMDFFREdFMDYwOABlZTk2NTVjYy0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDA=",
    ],
    ["user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/109.0"],
    [
      "x-arr-ssl",
      "2048|256|CN=Microsoft Azure TLS Issuing CA 05, O=Microsoft Corporation, C=US|CN=*.azurewebsites.net",
    ],
  ])("%s is shown as it came", (name, value) => {
    expect(maskHeader(name, value)).toEqual({ value, withheld: [] });
  });
});

test("no secret with a telling name or shape survives in any header, known or not", () => {
  const name = fc.oneof(
    fc.constantFrom(...headerRows.map((row) => row.name.replace("*", "x"))),
    fc.stringMatching(/^[a-z][a-z-]{0,20}$/),
  );
  const around = fc.stringMatching(/^[ -~]{0,12}$/);
  const carrier = fc.constantFrom(
    `?code=${secret}`,
    `&sig=${secret}`,
    `Bearer ${secret}`,
    ` password=${secret}`,
    `https://u:${secret}@h/`,
    `eyJ${secret}.e30.${secret}`,
  );
  fc.assert(
    fc.property(name, around, carrier, (header, before, text) => {
      // A space keeps what stands before it from changing what the carrier is.
      const { value } = maskHeader(header, `${before} ${text}`);
      expect(leaks(value), value).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

test("of very many secrets each is withheld, and the first are told", () => {
  const { value, withheld } = maskHeader("x-forwarded-for", "://u@".repeat(13_000));
  expect(value).toBe("://***@".repeat(13_000));
  expect(withheld).toHaveLength(32);
});

test("masking is linear: the longest value a server accepts takes no time", () => {
  for (const unit of [
    "eyJ",
    "a",
    "://",
    "%3A%2F%2F",
    "a=",
    "code=",
    "x:",
    "%25",
    "Bearer ",
    "://u@",
    'code="',
    "code=[",
    "code= ",
    '"code" : ',
  ]) {
    const value = unit.repeat(Math.ceil(65_536 / unit.length));
    const start = performance.now();
    maskHeader("referer", value);
    maskHeader("x-nobody-knows", value);
    expect(performance.now() - start, unit).toBeLessThan(2_000);
  }
});
