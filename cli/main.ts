#!/usr/bin/env node
/** `sonde` on the command line: the same probes and formats where no function can run. */
import { readFile } from "node:fs/promises";
import { text as textOf } from "node:stream/consumers";
import { ask } from "../lib/api/ask.ts";
import { byName } from "../lib/api/asked.ts";
import { decodePairs, type Decoded, type Pair } from "../lib/api/decode.ts";
import { makeEdge, type Edge } from "../lib/api/edge.ts";
import { fit } from "../lib/api/fit.ts";
import { refuseClosed } from "../lib/api/gate.ts";
import type { Problem } from "../lib/api/problem.ts";
import { fillSetting } from "../lib/api/setting.ts";
import { askSmoke } from "../lib/api/smoke.ts";
import { problemOf } from "../lib/api/checks.ts";
import { decodeSmoke, smoke } from "../lib/api/suite.ts";
import { sheets } from "../lib/facts/index.ts";
import type { Arrival, Environment } from "../lib/here.ts";
import { detect } from "../lib/platform/detect.ts";
import { probes } from "../lib/probes/index.ts";
import type { AnyProbe } from "../lib/probe.ts";
import type { Verdict } from "../lib/report.ts";
import { parseLines, parseSuite } from "../lib/suite/read.ts";
import type { Source, Wrong } from "../lib/yaml.ts";
import { ci } from "../lib/surfaces/safe.ts";
import { readSuites, seeWorld } from "../lib/world.ts";
import { whyTooOld } from "./age.ts";
import { readCommand, type Command } from "./command.ts";
import { helpOf, overview } from "./help.ts";

/** What a shell sees. */
const exits: Readonly<Record<Verdict, number>> = { pass: 0, warn: 0, skip: 0, fail: 1, error: 4 };
const USAGE = 2;
const OURS = 4;

/** The echo needs a request, and there is none. */
const askable = probes.filter((probe) => probe.name !== "echo");
const arrival: Arrival = { method: "", url: "", headers: [] };

/** Resolves to the exit code when everything is printed. Rejects only for a bug, or a full disk. */
async function main(words: readonly string[]): Promise<number> {
  const old = whyTooOld(process.versions.node);
  if (old !== undefined) {
    await print(process.stderr, `sonde: ${old}\n`);
    return OURS;
  }
  const command = readCommand(words, askable);
  switch (command.is) {
    case "help":
      await print(process.stdout, command.probe ? helpOf(command.probe) : overview(askable));
      return 0;
    case "version":
      await print(process.stdout, `${seeWorld(process.env).version}\n`);
      return 0;
    case "wrong":
      return misused(command.why, command.probe);
    case "ask":
      return askAll(command);
    case "smoke":
      return askSuite(command);
  }
}

/** Whatever cannot be understood ends it before anything is sent. */
async function askAll({ probe, asked }: Extract<Command, { is: "ask" }>): Promise<number> {
  const questions: Decoded[] = [];
  const filled: (readonly Pair[])[] = [];
  for (const each of asked) {
    const places = fillSetting(probe, each, process.env);
    if ("problem" in places) return misused(places.problem.detail, probe);
    filled.push(...places);
  }
  for (const pairs of filled) {
    const decoded = decodePairs(probe, pairs, "text/plain");
    if ("problem" in decoded) return misused(decoded.problem.detail, probe);
    questions.push(decoded);
  }
  const edge = makeEdge(seeWorld(settled(process.env)), "shell");
  const closed = refuseClosed(edge);
  if (closed !== undefined) return refused(closed);
  let worst = 0;
  for (const [index, question] of questions.entries()) {
    // One after the other, so that none disturbs another.
    worst = Math.max(worst, await askOne(question, edge, index === 0));
  }
  return worst;
}

async function askOne({ question, surface }: Decoded, edge: Edge, first: boolean): Promise<number> {
  const outcome = await ask(question, edge, arrival, "shell");
  if ("problem" in outcome) return refused(outcome.problem);
  const { report, refusal } = outcome;
  if (refusal !== undefined) return refused(refusal);
  const shown = fit(report, (whole) => surface.write(whole, sheets));
  // Reports of several lines stand apart; those of one line make a list.
  const gap = first || !shown.trimEnd().includes("\n") ? "" : "\n";
  await print(process.stdout, gap + shown);
  return exits[report.verdict];
}

async function askSuite({ file, pairs }: Extract<Command, { is: "smoke" }>): Promise<number> {
  const world = seeWorld(settled(process.env));
  const edge = makeEdge({ ...world, suiteFiles: readSuites("suites") }, "shell");
  const source = file === undefined ? undefined : await readSource(file);
  if (source !== undefined && "wrong" in source) {
    return misused(problemOf(source).detail, smoke);
  }
  const named = await byName(pairs, { pairs: {}, settings: undefined }, edge);
  if ("problem" in named) return misused(named.problem.detail, smoke);
  const decoded = decodeSmoke(pairs, source ?? named.source, process.env, "text/plain");
  if ("problem" in decoded) return misused(decoded.problem.detail, smoke);
  if (decoded.checks.some(({ question }) => question.probe.name === "echo")) {
    return misused("echo shows the request for a suite, and a shell sends none", smoke);
  }
  const closed = refuseClosed(edge);
  if (closed !== undefined) return refused(closed);
  const outcome = await askSmoke(decoded, edge, arrival, "shell");
  if ("problem" in outcome) return refused(outcome.problem);
  const { report } = outcome;
  await print(process.stdout, decoded.surface.write(report, sheets));
  return exits[report.verdict];
}

/** A file that ends in .txt has a target a line; every other is YAML or JSON. */
async function readSource(file: string): Promise<Source | Wrong> {
  try {
    const written = file === "-" ? await textOf(process.stdin) : await readFile(file, "utf8");
    return file.endsWith(".txt") ? parseLines(written) : await parseSuite(written);
  } catch (error) {
    const wrong = error instanceof Error ? error.message : "the file cannot be read";
    return { wrong, where: "", place: undefined };
  }
}

/**
 * As under `npm start`: away from a platform loopback is open, unless somebody says otherwise. Whoever
 * has a shell may connect anywhere without us; the floor stays, so that this never becomes the tool
 * that reads instance metadata.
 */
function settled(environment: Environment): Environment {
  if (detect(environment).hosted) return environment;
  const targets = environment["SONDE_TARGETS"] || "@private @public @loopback";
  return { ...environment, SONDE_LOCAL_HOST: "1", SONDE_TARGETS: targets };
}

async function misused(why: string, probe: Pick<AnyProbe, "name"> | undefined): Promise<number> {
  const more = probe === undefined ? "sonde --help" : `sonde ${probe.name} --help`;
  await print(process.stderr, `sonde: ${ci(why)}\nsonde: see ${more}\n`);
  return USAGE;
}

/**
 * A target that the policy refuses is a misuse: nothing was measured, nothing is broken, and asking
 * again gives the same. What is about Sonde's own settings and limits is ours.
 */
async function refused({ status, code, detail }: Problem): Promise<number> {
  await print(process.stderr, `sonde: ${code}: ${ci(detail)}\n`);
  return status === 429 || status >= 500 ? OURS : USAGE;
}

/** Whoever reads may leave early (`| head`); that says nothing about the network. */
function print(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error && !isGone(error) ? reject(error) : resolve()));
  });
}

function isGone(error: Error): boolean {
  return "code" in error && (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED");
}

// The callback of each write hears of it as well; unheard, it would end the process.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

/**
 * Ends at once. getaddrinfo(3) cannot be cancelled, and an ordinary exit waits for its thread: ten
 * seconds and more after the report, where name servers are silent. Becoming another program does not
 * wait. (Windows has no execve, so there it does.)
 */
function leave(code: number): never {
  const hangs = process.getActiveResourcesInfo().includes("GetAddrInfoReqWrap");
  const node = process.execPath;
  if (hangs && process.platform !== "win32") {
    const env = { ...process.env, NODE_OPTIONS: "" };
    process.execve?.(node, [node, "-e", `process.exit(${code})`], env);
  }
  process.exit(code);
}

async function crashed(error: unknown): Promise<number> {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  await print(process.stderr, `sonde: a fault of Sonde's own\n${what}\n`).catch(() => {});
  return OURS;
}

// Also as the first process of a container, where signals without a handler are ignored.
process.on("SIGINT", () => leave(130));
process.on("SIGTERM", () => leave(143));
process.on("uncaughtException", (error) => void crashed(error).then(leave));
leave(await main(process.argv.slice(2)).catch(crashed));
