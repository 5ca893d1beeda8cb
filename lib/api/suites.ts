/** `/api/suites`: which suites can be asked by name, and each as a document that can be asked check by check. */
import * as z from "zod";
import { builtIns } from "../suite/built-in/index.ts";
import type { BuiltIn, Given } from "../suite/built-in/built-in.ts";
import { inFile, readFile, sourceOf, writeBuiltIn, type SuiteFile } from "../suite/named.ts";
import { readSuite, type Suite } from "../suite/read.ts";
import { json } from "../surfaces/safe.ts";
import type { Source } from "../yaml.ts";
import { audit, type Log } from "./audit.ts";
import { pairsOf, readText } from "./body.ts";
import { byNameFields } from "./by-name.ts";
import { readPairs, type Pair } from "./decode.ts";
import type { Edge } from "./edge.ts";
import { refuseCrossSite, refuseEntry } from "./gate.ts";
import { jsonAnswer, queryOf, type Answer, type Request } from "./http.ts";
import { suggest } from "../nearest.ts";
import { readPosted, type Posted } from "./posted.ts";
import { badInput, type Problem, type Refused } from "./problem.ts";
import { checksOf, problemOf } from "./checks.ts";
import { documentIn, isWritten, writtenTypes } from "./written.ts";

/** What `/api/suites` can be asked. */
export const suites = {
  name: "suites",
  summary:
    "The suites that can be asked by name; with suite=NAME that one, without running it. A suite in YAML that is posted comes back as JSON.",
  input: z.strictObject(byNameFields),
  stages: [],
  example: "suite=self",
};

/** Which suite is meant, and with what it is written. */
export interface Wanted {
  readonly suite: string;
  readonly token: boolean;
  /** Settings of another app, in place of those of this one. */
  readonly settings: Posted["settings"];
}

/** The document of a suite. Rejects only for a bug. */
export async function suiteNamed(wanted: Wanted, edge: Edge): Promise<Source | Refused> {
  const builtIn = builtIns.find(({ name }) => name === wanted.suite);
  if (builtIn !== undefined) return written(builtIn, givenBy(wanted, edge));
  const file = edge.suiteFiles.find(({ name }) => name === wanted.suite);
  if (file === undefined) return { problem: unknownSuite(wanted.suite, edge) };
  const found = await read(file);
  return "problem" in found ? found : found.source;
}

function givenBy({ token, settings }: Pick<Wanted, "token" | "settings">, edge: Edge): Given {
  const { environment } = edge;
  const isPasted = settings !== undefined;
  return { environment, token, isPasted, settings: settings ?? Object.entries(environment) };
}

function written(suite: BuiltIn, given: Given): Source | Refused {
  const document = writeBuiltIn(suite, given);
  if (document.checks.length > 0) return sourceOf(document);
  return {
    problem: badInput("suite", `the suite ${suite.name} has nothing to ask here: ${suite.nothing}`),
  };
}

/** A suite that somebody wrote, as JSON: read whole and not run. */
async function readBack(request: Request): Promise<Source | Refused> {
  const body = await readText(request, writtenTypes);
  const source = "problem" in body ? body : await documentIn(body);
  if ("problem" in source) return source;
  const suite = understand(source);
  return "problem" in suite ? suite : source;
}

/** A file that cannot be understood as a whole is a fault of the deployment. */
async function read(file: SuiteFile): Promise<{ source: Source; suite: Suite } | Refused> {
  const source = await readFile(file);
  if ("wrong" in source) return { problem: broken(problemOf(source)) };
  const suite = understand(source, file.path);
  return "problem" in suite ? { problem: broken(suite.problem) } : { source, suite };
}

/** A suite that can be asked as a whole, down to the parameters of each check; `path` is that of its file. */
function understand(source: Source, path?: string): Suite | Refused {
  const suite = readSuite(source);
  if ("wrong" in suite) {
    return { problem: problemOf(path === undefined ? suite : inFile(suite, path)) };
  }
  const checks = checksOf(suite.items, [], source);
  if (!("problem" in checks)) return suite;
  const { problem } = checks;
  const detail = path === undefined ? problem.detail : `${path}: ${problem.detail}`;
  return { problem: { ...problem, detail } };
}

function broken({ detail, more = {} }: Problem): Problem {
  const { line, column } = more;
  return {
    status: 503,
    code: "sonde.settings",
    title: "A suite of this deployment cannot be read",
    detail,
    more: line === undefined ? {} : { line, column },
  };
}

function unknownSuite(name: string, edge: Edge): Problem {
  const known = [...builtIns, ...edge.suiteFiles].map((one) => one.name);
  const { near, hint } = suggest(name, known);
  return badInput("suite", `the suite ${name} is not known: ${hint}`, near);
}

/** Every suite, with how much it would ask here and why there may be nothing. */
async function listed(edge: Edge) {
  const given = givenBy({ token: false, settings: undefined }, edge);
  const own = builtIns.map((suite) => {
    const { name, title, summary, sources, nothing } = suite;
    const checks = suite.checks(given).length;
    const source = name === "self" ? "self" : "built-in";
    const empty = checks === 0 ? { nothing } : {};
    return { name, title, summary, source, docs: sources[0], sources, checks, ...empty };
  });
  const files = await Promise.all(edge.suiteFiles.map(describeFile));
  return { suites: [...own, ...files] };
}

async function describeFile(file: SuiteFile) {
  const { name, path } = file;
  const about = { name, title: name, summary: path, source: "deployed" };
  if (builtIns.some((one) => one.name === name)) {
    return {
      ...about,
      problem: `${path}: Sonde brings a suite of this name; call the file another`,
    };
  }
  const found = await read(file);
  if ("problem" in found) return { ...about, problem: found.problem.detail };
  const { items, docs, summary, name: title = name } = found.suite;
  const more = docs === undefined ? {} : { docs };
  return { ...about, title, summary: summary ?? path, ...more, checks: items.length };
}

/** Answers with the list, or with one suite. Rejects only for a bug. */
export async function answerSuites(request: Request, edge: Edge, log: Log): Promise<Answer> {
  const { note, refuse } = audit({ event: "suites" }, request, edge, log);
  const closed = refuseEntry(edge, request) ?? refuseCrossSite(request);
  if (closed !== undefined) return refuse(closed);
  if (isWritten(request)) {
    const posted = await readBack(request);
    if ("problem" in posted) return refuse(posted.problem);
    note(200);
    return jsonAnswer(`${json(posted.value, 2)}\n`);
  }
  const body = await readPosted(request);
  if ("problem" in body) return refuse(body.problem);
  const query: readonly Pair[] = [...queryOf(request)];
  const asked = readPairs(suites, [...query, ...pairsOf(body.pairs)]);
  if ("problem" in asked) return refuse(asked.problem);
  const { suite, token } = asked.asked;
  const { settings } = body;
  const found =
    suite === undefined
      ? { value: await listed(edge) }
      : await suiteNamed({ suite, token, settings }, edge);
  if ("problem" in found) return refuse(found.problem, { suite });
  note(200, { suite });
  return jsonAnswer(`${json(found.value, 2)}\n`);
}
