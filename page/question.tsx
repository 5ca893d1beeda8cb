/** The one box, and what is folded below it. */
import { useEffect, useRef } from "preact/hooks";
import type { Report } from "../lib/report.ts";
import { keyOf } from "./known.ts";
import { lacksPort, readBox, suiteIn } from "./box.ts";
import { readReports } from "./checks.ts";
import { Foreign } from "./foreign.tsx";
import { subjectOf as parameterOf } from "./link.ts";
import { ghosts, spell } from "./services.ts";
import { subjectOf } from "./words.ts";

export const probes = [
  ["check", "Check: climb from the name to the protocol"],
  ["dns", "DNS: ask every name server"],
  ["tcp", "TCP: open a connection"],
  ["tls", "TLS: handshake and certificate"],
  ["http", "HTTP: send one request"],
  ["sql", "SQL Server: hello and encryption"],
  ["service", "Service: hello in its own protocol"],
  ["ntp", "NTP: ask for the time"],
  ["names", "Names: by which door each leads in"],
  ["echo", "Echo: as whom another Sonde sees this one"],
  ["stun", "STUN: the address seen over UDP"],
] as const;

export interface Draft {
  readonly box: string;
  readonly probe: string;
  readonly more: string;
  /** Something of what was pasted was left out. */
  readonly dropped: boolean;
}

interface QuestionProps {
  readonly draft: Draft;
  readonly busy: boolean;
  /** What was asked here before, the latest first. */
  readonly history: readonly Report[];
  readonly change: (draft: Draft) => void;
  readonly run: (draft: Draft) => void;
  readonly stop: () => void;
}

export function QuestionForm({ draft, busy, history, change, run, stop }: QuestionProps) {
  return (
    <form
      class="question"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        run(draft);
      }}
    >
      <Box draft={draft} change={change} run={run} />
      <div class="row">
        {busy ? (
          <button type="button" class="main" onClick={stop}>
            Stop <kbd>Esc</kbd>
          </button>
        ) : (
          <button type="submit" class="main">
            Run <kbd>Enter</kbd>
          </button>
        )}
        {parameterOf(draft.probe) === "target" && lacksPort(draft.box) ? (
          <span class="ghosts">
            {ghosts.map(([scheme, port]) => (
              <button
                key={scheme}
                type="button"
                onClick={() => change({ ...draft, box: spell(scheme, draft.box.trim(), port) })}
              >
                :{port} {scheme}
              </button>
            ))}
          </span>
        ) : null}
      </div>
      {draft.box === "" ? <Recent history={history} run={run} /> : null}
      <Options draft={draft} change={change} />
    </form>
  );
}

/** The last targets, to ask again with one key. */
function Recent({ history, run }: Pick<QuestionProps, "history" | "run">) {
  const last = new Map(history.map((report) => [subjectOf(report), report.probe]));
  if (last.size === 0) return null;
  return (
    <p class="ghosts">
      <span class="quiet">Recent</span>
      {[...last].slice(0, 6).map(([subject, probe]) => (
        <button
          key={keyOf(subject)}
          type="button"
          onClick={() => run({ box: subject, probe, more: "", dropped: false })}
        >
          {probe === "check" ? "" : `${probe} `}
          <Foreign text={subject} />
        </button>
      ))}
    </p>
  );
}

function Box({ draft, change, run }: Pick<QuestionProps, "draft" | "change" | "run">) {
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <>
      <label for="target">
        What does your app fail to reach? <kbd>/</kbd>
      </label>
      <textarea
        id="target"
        ref={box}
        rows={Math.min(8, draft.box.split("\n").length)}
        placeholder="host:port, URL or connection string"
        aria-describedby="target-help"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        value={draft.box}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          run({ ...draft, box: event.currentTarget.value });
        }}
        onInput={(event) => change(typed(draft, event.currentTarget.value, event.inputType))}
      />
      <p id="target-help" class="quiet" aria-live="polite">
        {draft.dropped
          ? "Hosts and ports were read from it; the rest was dropped and never left this page."
          : "Several lines, or a suite in YAML or JSON, are several checks. Of connection strings and app settings only hosts and ports are kept, here in the browser."}
      </p>
    </>
  );
}

/** What is pasted is read at once, so that a password is not even shown. */
function typed(draft: Draft, box: string, how: string): Draft {
  if (
    !/^insertFrom(Paste|Drop)/.test(how) ||
    suiteIn(box) !== undefined ||
    readReports(box).length > 0
  )
    return { ...draft, box, dropped: draft.dropped && box !== "" };
  const { targets, dropped } = readBox(box);
  return { ...draft, box: targets.join("\n"), dropped };
}

function Options({ draft, change }: Pick<QuestionProps, "draft" | "change">) {
  return (
    <details class="options" open={draft.probe !== "check" || draft.more !== ""}>
      <summary>Options</summary>
      <div class="row">
        <label>
          Probe
          <select
            value={draft.probe}
            onChange={({ currentTarget }) => change({ ...draft, probe: currentTarget.value })}
          >
            {probes.map(([name, title]) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label>
          Parameters
          <input
            value={draft.more}
            placeholder="timeoutMs=2000 expect.certDays=30"
            spellcheck={false}
            onInput={({ currentTarget }) => change({ ...draft, more: currentTarget.value })}
          />
        </label>
      </div>
    </details>
  );
}
