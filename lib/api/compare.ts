/** The settings of another app, pasted, against those of this one: for whom does this place stand? */
import { compareWith, type Compared, type Comparison } from "../platform/compared.ts";
import { readPasted, unreadIn } from "../platform/pasted.ts";
import { parseJson } from "../protocols/json.ts";
import { labelled } from "../surfaces/layout.ts";
import { ci, json } from "../surfaces/safe.ts";
import { audit, type Log } from "./audit.ts";
import { readText } from "./body.ts";
import type { Edge } from "./edge.ts";
import { refuseCrossSite, refuseEntry } from "./gate.ts";
import {
  guarded,
  headerOf,
  jsonAnswer,
  ofTheHost,
  queryOf,
  type Answer,
  type Request,
} from "./http.ts";
import { nearest } from "../nearest.ts";
import { badInput, type Problem } from "./problem.ts";

const wanted =
  "the body must be the JSON of az webapp show, az webapp config show or az webapp config appsettings list, " +
  'or {"webapp": …, "config": …, "appsettings": …} of several';

/** Answers with `represents`, with what was kept of the body, and with a value for SONDE_BESIDE. */
export async function answerCompare(request: Request, edge: Edge, log: Log): Promise<Answer> {
  const { note, refuse } = audit({ event: "compare" }, request, edge, log);
  const closed = refuseEntry(edge, request) ?? refuseCrossSite(request);
  if (closed !== undefined) return refuse(closed);
  const format = formatOf(request);
  if (typeof format !== "string") return refuse(format);
  const body = await readText(request, ["application/json"]);
  if ("problem" in body) return refuse(body.problem);
  const value = parseJson(body.text);
  const unread = unreadIn(value);
  if (unread !== undefined) return refuse(badInput("body", unread));
  const pasted = readPasted(value);
  if (Object.keys(pasted).length === 0) return refuse(badInput("body", wanted));
  note(200);
  const comparison = compareWith(edge.environment, pasted);
  return format === "text"
    ? textAnswer(comparison)
    : jsonAnswer(`${json({ ...comparison, kept: pasted }, 2)}\n`);
}

const formats = ["json", "text"];

/** `format=`, or what `Accept` asks for first. Any other parameter would be ignored, so it is refused. */
function formatOf(request: Request): string | Problem {
  const query = queryOf(request);
  const foreign = [...query.keys()].find((name) => name !== "format" && !ofTheHost.has(name));
  if (foreign !== undefined) {
    return badInput(foreign, `the parameter ${foreign} is not known: known is format`);
  }
  const asked = query.get("format");
  if (asked === null) {
    return headerOf(request, "accept")?.startsWith("text/plain") === true ? "text" : "json";
  }
  const detail = `format must be one of ${formats.join(", ")}`;
  return formats.includes(asked) ? asked : badInput("format", detail, nearest(asked, formats));
}

/** For a person: whom this stands for, each aspect with both sides, and the line that keeps it. */
function textAnswer({ represents: { app, basis }, aspects, beside }: Comparison): Answer {
  const claim =
    basis === "unknown"
      ? `How far this place stands for ${app} is unknown`
      : `This place stands for ${app} (${basis.replaceAll("-", " ")})`;
  const rows = aspects.map((one) => [one.aspect, [ci(sidesOf(one))]] as const);
  const width = Math.max(...rows.map(([aspect]) => aspect.length));
  const lines = [ci(claim), "", ...labelled(2, width, rows), "", ci(`SONDE_BESIDE=${beside}`)];
  const headers = { ...guarded, "content-type": "text/plain; charset=utf-8" };
  return { status: 200, headers, body: `${lines.join("\n")}\n` };
}

function sidesOf({ verdict, here, there }: Compared): string {
  if (here === undefined && there === undefined) return `${verdict}: neither side tells`;
  if (verdict === "same") return `same: ${short(here ?? there ?? "")}`;
  // Names alone may be the same, so what differs stands in full.
  const said = (text = "not told") => (verdict === "differs" ? text : short(text));
  return `${verdict}: here ${said(here)}; there ${said(there)}`;
}

/** A subnet by the names of its network and its own. */
function short(text: string): string {
  return text.replace(/^\/subscriptions\/.*\/virtualnetworks\/([^/]+)\/subnets\/([^/]+)$/, "$1/$2");
}
