/** From the name to its addresses: as the application sees it, and as each name server tells it. */
import { useState } from "preact/hooks";
import type { Report } from "../lib/report.ts";
import { ask, type Answer } from "./api.ts";
import { Code, Foreign } from "./foreign.tsx";
import { known, records, text, texts, type Known, keyOf } from "./known.ts";
import { Table } from "./table.tsx";
import { addressesOf, factsOf, firstOf } from "./tree.ts";
import { TroubleCard } from "./trouble.tsx";

interface NamesProps {
  readonly report: Report;
  /** `undefined` when the report was opened from a file: its name servers are not ours to ask. */
  readonly apiKey: string | undefined;
}

export function Names({ report, apiKey }: NamesProps) {
  const servers = records(report.result["servers"]);
  const resolve = firstOf(report.result, "resolve");
  const host = report.target?.host ?? "";
  const hasName = report.target !== undefined && resolve["resolver"] !== "literal";
  const doors = factsOf(report.result, "own");
  if (doors.length > 0) return <Doors doors={doors.map(({ facts }) => facts)} />;
  if (servers.length === 0 && !hasName) return null;
  return (
    <section aria-labelledby="names">
      <h2 id="names">Name</h2>
      {servers.length > 0 ? <Views servers={servers} /> : <Chain name={host} facts={resolve} />}
      {servers.length > 0 || apiKey === undefined ? null : <AskAll host={host} apiKey={apiKey} />}
    </section>
  );
}

/** Names of an app, and by which way each of them leads to it. */
function Doors({ doors }: { readonly doors: readonly Known[] }) {
  return (
    <section aria-labelledby="names">
      <h2 id="names">Names</h2>
      <Table label="Name by name" head={["Name", "Leads in by", "Because", "Resolves to"]}>
        {doors.map((door, index) => (
          <tr key={index}>
            <th scope="row">
              <Code text={door["name"]} />{" "}
              <span class="badge">
                <Foreign text={door["role"]} />
              </span>
            </th>
            <td>
              <b>
                <Foreign text={door["entry"]} />
              </b>
            </td>
            <td>
              <Foreign text={door["why"]} />
            </td>
            <td>
              <Chain name={text(door["name"]) ?? ""} facts={{ ...door, chain: door["aliases"] }} />
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

/** The same name, asked of every name server there is. */
function AskAll({ host, apiKey }: { readonly host: string; readonly apiKey: string }) {
  const [answer, setAnswer] = useState<Answer | "asking" | undefined>(undefined);
  const askAll = async () => {
    setAnswer("asking");
    setAnswer(await ask("dns", { key: apiKey, input: { name: host } }));
  };
  return (
    <>
      <button type="button" disabled={answer === "asking"} onClick={() => void askAll()}>
        {answer === "asking" ? "Asking…" : "Ask all name servers"}
      </button>
      {typeof answer === "object" && "report" in answer ? (
        <Views servers={records(answer.report.result["servers"])} />
      ) : null}
      {typeof answer === "object" && "trouble" in answer ? (
        <TroubleCard trouble={answer.trouble} />
      ) : null}
    </>
  );
}

/** Every view beside the others, and whether they agree. */
function Views({ servers }: { readonly servers: readonly Known[] }) {
  // Nobody says that the application asks Azure's own resolver: it is no view of its own.
  const views = servers.filter((server) => !known(server["query"])["opinion"]);
  const answers = views.map((server) => {
    const found = addressesOf(known(server["query"])).map((one) => one.address);
    return found.toSorted().join(" ");
  });
  const differ = new Set(answers.filter((one, at) => one !== "" || !views[at]?.["stopped"])).size;
  return (
    <>
      {differ > 1 ? (
        <p class="note warn">The views differ: the application uses the system's.</p>
      ) : null}
      <div class="columns">
        {servers.map((server, index) => (
          <View key={index} server={server} />
        ))}
      </div>
    </>
  );
}

function View({ server }: { readonly server: Known }) {
  const query = known(server["query"]);
  const stopped = known(server["stopped"]);
  const name = text(known(query["question"])["name"]);
  const on = text(server["on"]) ?? "";
  const code = text(stopped["code"]);
  return (
    <div class="card">
      <h3>{on === "system" ? "System resolver (what the app uses)" : <Code text={on} />}</h3>
      {text(query["origin"]) === undefined ? null : (
        <p class="quiet">
          from <Foreign text={query["origin"]} />
        </p>
      )}
      {text(query["rcode"]) === undefined ? null : (
        <p>
          <Code text={query["rcode"]} />
          {query["transport"] === on ? "" : ` over ${text(query["transport"])}`}
        </p>
      )}
      {name === undefined ? null : <Chain name={name} facts={query} />}
      {code === undefined ? null : (
        <p class="note fail">
          <Code text={code} /> <Foreign text={stopped["message"]} />
        </p>
      )}
    </div>
  );
}

/** Name, CNAME after CNAME, addresses with their classes. */
export function Chain({ name, facts }: { readonly name: string; readonly facts: Known }) {
  const names = [name, ...texts(facts["chain"])];
  const addresses = addressesOf(facts);
  const linked = names.some((one) => one.includes(".privatelink."));
  const exposed = linked && addresses.some((one) => one.kind === "public");
  return (
    <>
      <ol class="chain">
        {names.map((one, index) => (
          <li key={index}>
            <Code text={one} />
            {one.includes(".privatelink.") ? <span class="badge">privatelink</span> : null}
          </li>
        ))}
        {addresses.length === 0 ? null : (
          <li class={exposed ? "exposed" : ""}>
            {addresses.map(({ address, kind }) => (
              <span key={keyOf(address)} class="pair">
                <Code text={address} /> <span class={`badge ${kind}`}>{kind}</span>
              </span>
            ))}
          </li>
        )}
      </ol>
      {exposed ? <p class="note fail">A private link name ends in a public address.</p> : null}
    </>
  );
}
