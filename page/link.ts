/** The deep link: everything of a question but the key, behind the `#`, which no server sees. */

export interface Question {
  /** The probe that is asked: `check` unless another one was chosen. */
  readonly probe: string;
  /** The box, as it was read: a target a line. None for a probe that has no subject. */
  readonly targets: readonly string[];
  /** Further parameters of the probe, such as `timeoutMs=2000 expect.status=200`. */
  readonly more: string;
}

export interface Opened extends Question {
  /** The suite to run, by name, instead of a question. */
  readonly suite: string | undefined;
  /** Given once in the link; the caller takes it out of the address at once. */
  readonly key: string | undefined;
}

/** What stands behind the `#`. Its own three words, and any other parameter for the probe. */
export function readHash(hash: string): Opened {
  const given = [...new URLSearchParams(hash.replace(/^#/, ""))];
  const all = (name: string) => given.flatMap(([key, value]) => (key === name ? [value] : []));
  const own = new Set(["target", "probe", "suite", "key", "code"]);
  return {
    targets: all("target").filter((one) => one.trim() !== ""),
    probe: all("probe")[0] ?? "check",
    suite: all("suite")[0],
    more: given.flatMap(([name, value]) => (own.has(name) ? [] : [wordOf(name, value)])).join(" "),
    key: all("key")[0],
  };
}

/** `#target=db%3A1433&timeoutMs=2000`; empty when there is nothing to ask. */
export function hashOf({ probe, targets, more }: Question): string {
  const pairs: [name: string, value: string][] = [
    ...targets.map((target): [string, string] => ["target", withoutSecrets(target)]),
    ...pairsOf(probe === "check" ? "" : `probe=${probe}`),
    ...pairsOf(more),
  ];
  return targets.length > 0 || !needsTarget(probe) ? `#${new URLSearchParams(pairs)}` : "";
}

/** The same for a link that may name a suite instead. */
export function hashOfSuite(name: string): string {
  return `#${new URLSearchParams({ suite: name })}`;
}

/** One parameter as it stands among others; what holds a space is quoted. */
export function wordOf(name: string, value: string): string {
  return /\s/.test(value) ? `${name}="${value.replaceAll(/\s+|"/g, " ")}"` : `${name}=${value}`;
}

/** `name=value` words as pairs, `name="two words"` among them; a word without a value is `true`. */
export function pairsOf(more: string): [name: string, value: string][] {
  return (more.match(/(?:"[^"]*"|[^\s"]|")+?(?=\s|$)/g) ?? []).map((word) => {
    const at = word.indexOf("=");
    if (at < 0) return [word, "true"];
    return [word.slice(0, at), word.slice(at + 1).replace(/^"(.*)"$/, "$1")];
  });
}

/** What is sent: the target under the name that the probe knows it by; a repeated name is a list. */
export function inputOf({ probe, more }: Question, target = ""): Record<string, unknown> {
  const subject = subjectOf(probe);
  const named = subject !== undefined && target !== "";
  const input: Record<string, unknown> = named ? { [subject]: target } : {};
  for (const [name, value] of pairsOf(more)) {
    const before = input[name];
    input[name] = before === undefined ? value : [before, value].flat();
  }
  return input;
}

const subjects: Readonly<Record<string, string | undefined>> = {
  dns: "name",
  names: "hostname",
  echo: "chain",
  outbound: undefined,
  vantage: undefined,
};

/** The name of the parameter that says what is asked about; without one a probe looks at the place itself. */
export function subjectOf(probe: string): string | undefined {
  return Object.hasOwn(subjects, probe) ? subjects[probe] : "target";
}

/** Whether there is nothing to ask without a target. */
export function needsTarget(probe: string): boolean {
  return ["name", "target"].includes(subjectOf(probe) ?? "");
}

const secret = /sig|key|token|code|secret|pass|pwd|auth|cred|session/i;

/** A query may hold a key of the target; links, history and commands leave that parameter out. */
export function withoutSecrets(target: string): string {
  const at = target.indexOf("?");
  if (at < 0) return target;
  const kept = target
    .slice(at + 1)
    .split("&")
    .filter((pair) => !secret.test(pair.split("=")[0] ?? ""));
  return kept.length === 0 ? target.slice(0, at) : `${target.slice(0, at)}?${kept.join("&")}`;
}
