/** Certificates from the leaf to the root, as the verifier put them together. */
import type { Finding, Report } from "../lib/report.ts";
import { Code, Codes, Foreign } from "./foreign.tsx";
import { known, number, records, text, texts, type Known, keyOf, told } from "./known.ts";
import { factsOf } from "./tree.ts";

export function Certificates({ report }: { readonly report: Report }) {
  const shown = new Map<string, { readonly facts: Known; readonly on: string[] }>();
  for (const { on, facts } of factsOf(report.result, "handshake")) {
    const print = text(known(facts["leaf"])["sha256"]);
    if (print === undefined) continue;
    const before = shown.get(print);
    if (before === undefined) shown.set(print, { facts, on: [on] });
    else before.on.push(on);
  }
  if (shown.size === 0) return null;
  return (
    <section aria-labelledby="certificates">
      <h2 id="certificates">Certificates</h2>
      {[...shown].map(([print, one]) => (
        <Chain key={keyOf(print)} {...one} findings={report.findings} />
      ))}
    </section>
  );
}

interface ChainProps {
  readonly facts: Known;
  readonly on: readonly string[];
  /** They have a sentence for every fault. */
  readonly findings: readonly Finding[];
}

function Chain({ facts, on, findings }: ChainProps) {
  const chain = known(facts["chain"]);
  const faults = texts(facts["faults"]);
  const built = records(chain["built"]);
  return (
    <div class="card">
      <p>
        {facts["trusted"] === true ? "Trusted" : "Not trusted"} for{" "}
        <Code text={facts["checkedName"]} />, {text(facts["protocol"])}, seen on <Codes of={on} />
      </p>
      {faults.length === 0 ? null : (
        <ul class="faults">
          {faults.map((fault) => (
            <li key={keyOf(fault)}>
              <Foreign text={findings.find(({ code }) => code === fault)?.title} />{" "}
              <Code text={fault} />
            </li>
          ))}
        </ul>
      )}
      <Columns
        built={built.length > 0 ? built : [known(facts["leaf"])]}
        sent={records(chain["sent"])}
        oddities={texts(chain["oddities"])}
        faults={faults}
      />
    </div>
  );
}

interface ColumnsProps {
  readonly built: readonly Known[];
  readonly sent: readonly Known[];
  readonly oddities: readonly string[];
  readonly faults: readonly string[];
}

const oddly: Readonly<Record<string, string>> = {
  out_of_order: "in the wrong order",
  duplicate: "one of them twice",
  stranger: "one that leads nowhere",
  root_sent: "the root too, which helps nobody",
};

const printOf = (one: Known) => text(one["sha256"]) ?? "";

/** What this host made of it, beside what the server sent: what is in one alone is what went wrong. */
function Columns({ built, sent, oddities, faults }: ColumnsProps) {
  const [ours, theirs] = [built, sent].map((some) => new Set(some.map(printOf)));
  return (
    <div class="columns">
      <div>
        <h3>As this host built it</h3>
        <ol class="certificates">
          {built.map((one, index) => (
            <Certificate
              key={index}
              seen={one}
              role={roleOf(index, built.length, one)}
              mismatch={index === 0 && faults.includes("tls.name_mismatch")}
              note={theirs?.has(printOf(one)) === true ? "" : "from the trust store, not sent"}
            />
          ))}
          {faults.includes("tls.incomplete_chain") ? (
            <li class="missing">
              <b>Missing</b> <Code text={built.at(-1)?.["issuer"]} />
              <span class="badge">neither sent nor in the trust store</span>
            </li>
          ) : null}
        </ol>
      </div>
      {sent.length === 0 ? null : (
        <div>
          <h3>As the server sent it</h3>
          <ol class="certificates sent">
            {sent.map((one, index) => (
              <li key={index}>
                <Code text={one["subject"]} />
                {ours?.has(printOf(one)) === true ? null : <b> of no use here</b>}
              </li>
            ))}
          </ol>
          {oddities.length === 0 ? null : (
            <p class="note warn">
              Sent <Foreign text={oddities.map((odd) => told(oddly, odd)).join(", ")} />.
            </p>
          )}
        </div>
      )}
    </div>
  );
}

function roleOf(index: number, length: number, seen: Known): string {
  if (index === 0) return length === 1 && seen["selfIssued"] === true ? "Self-signed" : "Leaf";
  return seen["selfIssued"] === true ? "Root" : "Intermediate";
}

interface CertificateProps {
  readonly seen: Known;
  readonly role: string;
  readonly mismatch: boolean;
  readonly note: string;
}

function Certificate({ seen, role, mismatch, note }: CertificateProps) {
  const names = texts(seen["names"]).map((name) => name.replace(/^DNS:/, ""));
  return (
    <li>
      <b>{role}</b> <Code text={seen["subject"]} />
      {note === "" ? null : <span class="badge">{note}</span>}
      <dl>
        <dt>Days left</dt>
        <dd>
          <Validity seen={seen} />
        </dd>
        {names.length === 0 ? null : (
          <>
            <dt>Names</dt>
            <dd>
              <Codes of={names} />
              {mismatch ? <b> none of them matches</b> : null}
            </dd>
          </>
        )}
        <dt>Issuer</dt>
        <dd>
          <Code text={seen["issuer"]} />
        </dd>
        <dt>Key</dt>
        <dd>
          <Foreign text={seen["key"]} />
        </dd>
        <dt>Thumbprint</dt>
        <dd>
          <Code text={seen["sha1"]} />
        </dd>
      </dl>
    </li>
  );
}

/** `61 (2026-01-01 to 2027-01-01)`: what counts first. */
function Validity({ seen }: { readonly seen: Known }) {
  const days = number(seen["daysLeft"]);
  const [from, to] = ["validFrom", "validTo"].map((key) => text(seen[key])?.slice(0, 10));
  return (
    <>
      {days !== undefined && days < 0 ? <b>expired {-days} days ago</b> : days}{" "}
      <Foreign text={`(${from} to ${to})`} />
    </>
  );
}
