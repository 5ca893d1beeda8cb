/** `/api/metrics`: what this instance of Sonde has done, in the text format of Prometheus. */
import { contentType, headOf, labelled, type Labels } from "../surfaces/exposition.ts";
import type { Edge } from "./edge.ts";
import { refuseCrossSite, refuseEntry } from "./gate.ts";
import { guarded, type Answer, type Request } from "./http.ts";
import { problemAnswer } from "./problem.ts";

interface Family {
  readonly name: string;
  readonly help: string;
  readonly type?: "counter";
  readonly samples: readonly (readonly [value: number, labels?: Labels])[];
}

/** Answers with numbers that are at hand: nothing is measured for it. */
export async function answerMetrics(request: Request, edge: Edge): Promise<Answer> {
  const closed = refuseEntry(edge, request) ?? refuseCrossSite(request);
  if (closed !== undefined) return problemAnswer(closed);
  const families = [...ofRuns(edge), ...ofInstance(edge), ...(await ofModules(edge))];
  const body = families.map(written).join("");
  return { status: 200, headers: { ...guarded, "content-type": contentType }, body };
}

function written({ name, help, type, samples }: Family): string {
  const lines = samples.map(
    ([value, labels = {}]) => `${name}${labelled(labels)} ${Number(value.toFixed(6))}\n`,
  );
  return lines.length === 0 ? "" : headOf(name, help, type) + lines.join("");
}

function ofRuns({ meters }: Edge): Family[] {
  const { runs, refused, loopDelay } = meters.read();
  return [
    {
      name: "sonde_runs_total",
      help: "Runs that were answered, by probe and verdict",
      type: "counter",
      samples: runs.map(({ count, ...labels }) => [count, labels]),
    },
    {
      name: "sonde_refused_total",
      help: "Requests that were turned away, by the code of the problem",
      type: "counter",
      samples: refused.map(({ count, code }) => [count, { code }]),
    },
    {
      name: "sonde_run_loop_delay_seconds_total",
      help: "How late the event loop was while runs were under way, the worst of each run added up",
      type: "counter",
      samples: [[loopDelay.sumMs / 1000]],
    },
    {
      name: "sonde_run_loop_delay_worst_seconds",
      help: "The latest that the event loop ever was while a run was under way",
      samples: [[loopDelay.worstMs / 1000]],
    },
  ];
}

function ofInstance({ settings, quotas, version, host }: Edge): Family[] {
  const { active, idle } = performance.eventLoopUtilization();
  const loop = { active: active / 1000, idle: idle / 1000 };
  const expires = settings.expires?.getTime();
  return [
    {
      name: "sonde_build_info",
      help: "Which Sonde this is, and on what it runs",
      samples: [[1, { version, node: host.node, local: String(settings.local) }]],
    },
    {
      name: "sonde_start_time_seconds",
      help: "When this process began, since the epoch",
      samples: [[Date.parse(host.startedAt) / 1000]],
    },
    {
      name: "sonde_in_flight",
      help: "Probes under way on this instance",
      samples: [[quotas.underWay()]],
    },
    {
      name: "sonde_limit",
      help: "How much may be asked of this instance, as SONDE_LIMITS has it",
      samples: Object.entries(settings.limits).map(([limit, value]) => [value, { limit }]),
    },
    {
      name: "sonde_loop_seconds_total",
      help: "How long the event loop was at work, and how long it waited",
      type: "counter",
      samples: Object.entries(loop).map(([state, value]) => [value, { state }]),
    },
    {
      name: "sonde_expires_timestamp_seconds",
      help: "When SONDE_EXPIRES closes this Sonde, since the epoch",
      samples: expires === undefined ? [] : [[expires / 1000]],
    },
  ];
}

/** Under the exporter's names: alerts are written for them. */
async function ofModules({ modules, meters }: Edge): Promise<Family[]> {
  return [
    {
      name: "blackbox_module_unknown_total",
      help: "Scrapes that named a module which is not there",
      type: "counter",
      samples: [[meters.read().unknownModules]],
    },
    {
      name: "blackbox_exporter_config_last_reload_successful",
      help: "Whether the file of modules could be read",
      samples: [[Number(await modules.isReadable())]],
    },
  ];
}
