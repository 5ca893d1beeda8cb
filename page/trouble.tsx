/** Why there is no report: what it means, and the one thing to do. */
import type { ComponentChildren } from "preact";
import type { Trouble } from "./api.ts";
import { Code, Foreign } from "./foreign.tsx";
import { Members } from "./facts.tsx";
import { text, type Known } from "./known.ts";
import { Mark } from "./mark.tsx";
import { leaveForSignIn, signInUrl } from "./signin.ts";

type Words = readonly [title: string, detail: string];

const asleep: Words = [
  "The app is asleep, starting or stopped",
  "The platform, or a gateway in front, finds no worker for it. An app that sleeps may take a minute to wake: ask again.",
];

const failed: Words = [
  "The platform answered instead of Sonde",
  "The Functions host, or something in front, failed before Sonde was reached: its own log says why.",
];

/** What the platform in front of Sonde means by a status without a word from Sonde. */
const platform: Readonly<Record<number, Words>> = {
  0: [
    "No answer",
    "Nothing came back: this browser is offline, or the app is asleep, stopped or out of reach from here. An app that sleeps may take a minute to wake: ask again.",
  ],
  401: [
    "A key is needed",
    "This Sonde answers only with a function key, or after signing in where the platform asks for it.",
  ],
  403: [
    "Refused before Sonde was asked",
    "The platform itself said no: an access restriction, a firewall in front, or the app is stopped.",
  ],
  404: [
    "This Sonde does not know that question",
    "The app runs another version than this page, or its functions have not been loaded.",
  ],
  429: ["Too many requests", "The platform asks to slow down."],
  502: asleep,
  503: asleep,
  504: [
    "The gateway gave up waiting",
    "The app is starting, or the check took longer than the gateway in front allows (230 s on App Service).",
  ],
};

export function titleOf({ status, problem }: Trouble): string {
  if (problem === undefined) return (platform[status] ?? failed)[0];
  return status === 401 ? "Sign in" : (text(problem["title"]) ?? "Refused");
}

function detailOf({ status, problem }: Trouble): string {
  if (problem === undefined) return (platform[status] ?? failed)[1];
  return text(problem["detail"]) ?? "";
}

interface TroubleProps {
  readonly trouble: Trouble;
  /** What can be done about it. */
  readonly children?: ComponentChildren;
}

export function TroubleCard({ trouble, children }: TroubleProps) {
  const { status, problem, retryAfter, turnedAway } = trouble;
  const code = text(problem?.["code"]);
  return (
    <section class="card verdict error" aria-labelledby="trouble">
      <p class="line">
        <Mark verdict="error" />
        {status === 0 ? null : <span class="quiet">status {status}</span>}
        {code === undefined ? null : <Code text={code} />}
      </p>
      <h2 id="trouble">{titleOf(trouble)}</h2>
      <p>
        <Foreign text={detailOf(trouble)} />
      </p>
      {turnedAway === undefined ? null : (
        <p>
          It saw you as <Code text={turnedAway} />: allow that address in the access restrictions of
          the app.
        </p>
      )}
      {status === 401 ? <SignIn only={problem !== undefined} /> : null}
      {code?.startsWith("policy.") === true ? <Refused code={code} /> : null}
      {problem === undefined ? null : <Members of={remaining(problem)} />}
      {retryAfter === undefined ? null : <p>It is worth asking again in {retryAfter} s.</p>}
      {children}
    </section>
  );
}

/** Some of what the policy refuses no setting opens. */
function Refused({ code }: { readonly code: string }) {
  return (
    <p>
      Nothing was sent to the target. The policy view shows what may be probed
      {/denied|allowed/.test(code) ? "; the setting is SONDE_TARGETS" : ""}.
    </p>
  );
}

/** What a problem says beyond its title: `address`, `class`, `rule`, `parameter`, `suggestion`. */
function remaining(problem: Known): Known {
  const said = new Set(["type", "title", "status", "detail", "code", "retryAfterSeconds"]);
  return Object.fromEntries(Object.entries(problem).filter(([name]) => !said.has(name)));
}

/** Sonde asks for a sign-in in a problem; the platform's 401 may mean a key as well. */
function SignIn({ only }: { readonly only: boolean }) {
  return (
    <p>
      <a href={signInUrl()} class={only ? "main" : ""} onClick={leaveForSignIn}>
        Sign in
      </a>
      {only ? <span class="quiet"> You come back to this check.</span> : null}
    </p>
  );
}
