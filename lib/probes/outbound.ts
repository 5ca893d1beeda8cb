import * as z from "zod";
import * as field from "../fields.ts";
import { Failure } from "../failure.ts";
import type { Here } from "../here.ts";
import {
  egressLabels,
  isRoutable6,
  readExpected,
  type ExpectedEgress,
} from "../platform/egress.ts";
import { methods, providersOf, type Provider } from "../platform/providers.ts";
import { planSamples, SAMPLES_MOST, type Planned } from "../platform/sample-plan.ts";
import type { Probe } from "../probe.ts";
import { egress } from "../stages/egress.ts";
import { resolve } from "../stages/resolve.ts";
import { sample, type Sampled } from "../stages/sample.ts";
import { source } from "../stages/source.ts";
import { reported, type Target } from "../target.ts";
import type { Trail } from "../trail.ts";
import { climb, type Walk } from "../walk.ts";

const AT_ONCE = 3;

const fields = z.strictObject({
  source: field
    .target({ schemes: { tcp: undefined, https: 443 }, otherwise: "tcp" }, "host:port")
    .optional()
    .describe("Ask nobody: show which local address the kernel picks for this host:port"),
  family: z
    .enum(["auto", "4", "6", "both"])
    .default("auto")
    .describe("`auto` asks over IPv6 too where an interface has a routable address"),
  method: z
    .array(z.enum(methods))
    .default([])
    .describe("Only these: https, dns (also over HTTPS), stun, echo of another Sonde"),
  samples: z
    .int()
    .min(1)
    .max(5)
    .default(1)
    .describe(`How often each provider is asked; never more than ${SAMPLES_MOST} samples in all`),
  expect: z
    .array(
      z.string().refine((text) => (readExpected(text) ?? []).length > 0, {
        error: "use addresses or prefixes, separated by commas: [label=]1.2.3.4,5.6.7.0/29",
      }),
    )
    .max(16)
    .default([])
    .describe(
      `Where it must come from, or the answer is 424: [label=]address[/length],…; labels ${egressLabels.join(", ")}`,
    ),
  timeoutMs: field.timeoutMs.unwrap().default(3000).describe("How long one sample may take"),
});

/** What chooses or judges samples has no meaning where none is taken. */
const input = fields.superRefine(({ source: target, family, method, samples, expect }, check) => {
  if (target === undefined) return;
  const idle = {
    expect: expect.length > 0,
    method: method.length > 0,
    samples: samples > 1,
    family: family !== "auto",
  };
  for (const [name, isGiven] of Object.entries(idle)) {
    if (!isGiven) continue;
    const message = `source asks nobody, so ${name} has nothing to say: leave one of them out`;
    check.addIssue({ code: "custom", path: [name], message });
  }
});

type Asked = z.output<typeof input>;

const towards: Walk = {
  kind: "tcp",
  stages: [source],
  notProved: ["that anything arrives there: nothing was sent"],
  walk: (trail, peer) => trail.take(source, peer),
  reproduce: ({ host }) => [`ip route get ${host}`],
};

export const outbound: Probe<typeof input> = {
  name: "outbound",
  title: "Outbound address",
  summary: "Asks independent operators from which addresses this host is seen, and compares.",
  input,
  stages: [resolve, sample, egress, source],
  cost: "heavy",
  example: "source=127.0.0.1:7071",

  // Said in so many words, so it must hold; SONDE_EXPECTED_OUTBOUND only says how to judge.
  demands: ({ expect }) => (expect.length === 0 ? [] : [["egress", expect.join(" ")]]),

  run: (question, trail) =>
    question.source === undefined
      ? discover(question, trail)
      : climb(trail, question.source, towards),

  about: ({ source: target, family }) => ({
    ...(target === undefined ? {} : { target: reported(target) }),
    notProved:
      target === undefined
        ? ["that no other address is used: only those were seen that a sample happened to take"]
        : towards.notProved,
    reproduce: target === undefined ? asking(family) : towards.reproduce(target),
  }),
};

function asking(family: Asked["family"]): readonly string[] {
  const four = "curl -4 https://api.ipify.org";
  const six = "curl -6 https://api6.ipify.org";
  return family === "6" ? [six] : family === "both" ? [four, six] : [four];
}

async function discover(question: Asked, trail: Trail): Promise<void> {
  // The weighing is not planned: each sample would inherit it.
  trail.plan([resolve, sample]);
  const expected = expectedOf(question, trail.here);
  const plan = planOf(question, trail.here);
  const taken = new Map<Planned, Sampled>();
  await trail.fork(
    "samples",
    plan,
    labelOf,
    async (own, one) => {
      taken.set(one, await takeOne(own, one, question.timeoutMs));
    },
    AT_ONCE,
  );
  // In the order of the plan, whoever answered first.
  const samples = plan.flatMap((one) => taken.get(one) ?? []);
  await trail.take(egress, { samples, planned: plan.length, expected });
}

function labelOf({ provider, family, turn }: Planned): string {
  return `${provider.name} IPv${family}${turn === 0 ? "" : ` #${turn + 1}`}`;
}

async function takeOne(own: Trail, { provider, family }: Planned, timeoutMs: number) {
  const { question, method } = provider;
  const kind = question === undefined ? (method === "stun" ? "stun" : "http") : "dns";
  const peers = await own.take(resolve, { target: targetOf(provider), kind });
  const peer = peers.find((one) => one.family === family);
  if (peer === undefined) {
    throw new Failure("dns.nodata", `${provider.host} has no IPv${family} address`);
  }
  return own.take(sample, { provider, peer, timeoutMs });
}

function targetOf({
  host,
  port,
}: Provider): Pick<Target, "host" | "isAddress" | "absolute" | "port"> {
  return { host, port, isAddress: /^[\d.]+$|:/.test(host), absolute: false };
}

function planOf({ family, method, samples }: Asked, here: Here): readonly Planned[] {
  const read = providersOf(here.environment);
  if ("wrong" in read) throw new Failure("policy.invalid", read.wrong);
  const chosen = read.providers.filter((one) => method.length === 0 || method.includes(one.method));
  return planSamples(chosen, familiesOf(family, here), samples);
}

function familiesOf(family: Asked["family"], { host }: Here): readonly (4 | 6)[] {
  if (family === "4") return [4];
  if (family === "6") return [6];
  const routable = host.interfaces().some(({ address }) => isRoutable6(address));
  return family === "both" || routable ? [4, 6] : [4];
}

function expectedOf({ expect }: Asked, { environment }: Here): readonly ExpectedEgress[] {
  const setting = readExpected(environment["SONDE_EXPECTED_OUTBOUND"] ?? "");
  if (setting === undefined) {
    throw new Failure("policy.invalid", "SONDE_EXPECTED_OUTBOUND holds what is no address");
  }
  return expect.length === 0 ? setting : expect.flatMap((text) => readExpected(text) ?? []);
}
