/** Every reader of a greeting, fed with what real servers said, and with the same broken in every way. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Failure } from "../../lib/failure.ts";
import { talkOver } from "../../lib/protocols/talk.ts";
import type { Wire } from "../../lib/protocols/wire.ts";
import { services } from "../../lib/services/index.ts";
import type { Service } from "../../lib/services/service.ts";
import { recorded, type Recorded } from "./recorded.ts";

/** A stream that holds these octets, hands them over so many at a time, and ends. */
function streamOf(bytes: Buffer, atOnce: number): Wire {
  let left = bytes;
  const take = (count: number) => {
    const taken = left.subarray(0, count);
    left = left.subarray(count);
    return taken;
  };
  const ended = new Failure("tcp.closed", "the peer closed the connection");
  return {
    write() {},
    read: async (count) => (left.length < count ? Promise.reject(ended) : take(count)),
    readSome: async (most) =>
      left.length === 0 ? Promise.reject(ended) : take(Math.min(most, atOnce)),
    [Symbol.dispose]() {},
  };
}

const never = new AbortController().signal;

/** What comes next, or the code of the no. Whatever else is thrown is a fault of the reader. */
async function greeted({ service: name, again }: Recorded, bytes: Buffer, atOnce = 1400) {
  const service: Service | undefined = services.find(({ sheet }) => sheet.name === name);
  if (service === undefined) throw new Error(`there is no service ${name}`);
  const greet = again === undefined ? service.greet : service.again?.greet;
  const at = { note() {}, host: "127.0.0.1", scheme: name };
  try {
    return await greet?.call(service, talkOver(streamOf(bytes, atOnce), never), at);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.message).toMatch(/^[\x20-\x7e…]*$/);
    return error.code;
  }
}

const known = /^(?:done|tls|again|framed-tls|login-tls|tcp\.closed|service\.\w+|sql\.not_tds)$/;

test("each service has a recording", () => {
  const names = new Set(recorded.map(({ service }) => service));
  expect([...names].toSorted()).toEqual(services.map(({ sheet }) => sheet.name).toSorted());
});

describe.each(recorded)("$service of $source", (recording) => {
  const whole = Buffer.from(recording.hex, "hex");

  test("is understood, in one piece and octet by octet", async () => {
    const next = await greeted(recording, whole);
    // An error is an answer too.
    expect(next).toMatch(/^(?:done|tls|again|framed-tls|service\.refused)$/);
    expect(await greeted(recording, whole, 1)).toBe(next);
  });

  test("with an octet changed, some left out or others behind, is read or refused", async () => {
    const broken = fc.record({
      at: fc.nat(whole.length - 1),
      value: fc.nat(255),
      length: fc.oneof(fc.constant(whole.length), fc.nat(whole.length)),
      skip: fc.oneof(fc.constant(0), fc.nat(4)),
      more: fc.uint8Array({ maxLength: 40 }),
      atOnce: fc.integer({ min: 1, max: 64 }),
    });
    await fc.assert(
      fc.asyncProperty(broken, async ({ at, value, length, skip, more, atOnce }) => {
        const bytes = Buffer.from(whole);
        bytes[at] = value;
        const fed = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + skip, length), more]);
        expect(await greeted(recording, fed, atOnce)).toMatch(known);
      }),
      { numRuns: 500 },
    );
  });
});
