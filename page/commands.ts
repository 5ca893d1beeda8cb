/** The same question for other tools. The key is always a variable, never its value. */
import { inputOf, pairsOf, subjectOf, withoutSecrets, type Question } from "./link.ts";

/** For a POSIX shell: a quote ends the string, is escaped, and begins it again. */
const sh = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
const ps = (text: string) => `'${text.replaceAll(/['‘’‚‛]/g, "$&$&")}'`;

/** Line breaks and controls cannot be part of a target, and must not become part of a command. */
const oneLine = (text: string) => text.replaceAll(/\p{C}/gu, "");

export function curl(base: string, question: Question, target: string): string {
  const input = pairs(question, target).map(
    ([name, value]) => `--data-urlencode ${sh(`${name}=${value}`)}`,
  );
  return [
    `curl -sS -G -H "x-functions-key: $SONDE_KEY" ${sh(`${base}api/${question.probe}`)}`,
    ...input,
    `-d format=text`,
  ].join(" ");
}

export function powershell(base: string, question: Question, target: string): string {
  const members = Object.entries(inputOf(question, withoutSecrets(oneLine(target)))).map(
    ([name, value]) =>
      `${ps(name)} = ${[value]
        .flat()
        .map((one) => ps(String(one)))
        .join(", ")}`,
  );
  return [
    `Invoke-RestMethod -Method Post -Uri ${ps(`${base}api/${question.probe}`)}`,
    `-Headers @{ 'x-functions-key' = $env:SONDE_KEY } -ContentType 'application/json'`,
    `-Body (@{ ${members.join("; ")} } | ConvertTo-Json)`,
  ].join(" ");
}

export function sonde(question: Question, target: string): string {
  const subject = subjectOf(question.probe);
  const words = pairs(question, target).map(([name, value]) =>
    // The first word that the command line takes for an echo is none to go on to.
    sh(name === subject && name !== "chain" ? value : `${name}=${value}`),
  );
  return ["sonde", question.probe, ...words].join(" ");
}

type Pair = readonly [name: string, value: string];

function pairs({ probe, more }: Question, target: string): readonly Pair[] {
  const subject = subjectOf(probe);
  const rest = pairsOf(oneLine(more));
  return subject === undefined || target === ""
    ? rest
    : [[subject, withoutSecrets(oneLine(target))], ...rest];
}
