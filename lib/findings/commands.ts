/**
 * Commands that show what a finding cannot see from inside: the Azure CLI, filled with what is known here.
 * What is unknown stands in capitals. They follow the documentation; none has been run against Azure.
 */
import type { Environment } from "../here.ts";
import type { Leaf } from "../leaves.ts";
import { azureServiceOf } from "../platform/private-link.ts";
import { quoted } from "../protocols/shell.ts";
import { named } from "../platform/values.ts";
import type { Vantage } from "../report.ts";

/** Where and when the finding was drawn. */
export interface Place {
  readonly vantage: Vantage;
  /** The start of the run, ISO 8601 UTC. */
  readonly at: string;
  /** Of which the names of the slot and of the resource group are read, and nothing else. */
  readonly environment?: Environment;
}

type Write = (leaf: Leaf, place: Place) => readonly string[];

/** A string of the query language of Azure Monitor. */
const kql = (text: string) => `'${text.replaceAll(/['\\\n\r]/g, "")}'`;

const GROUP = "-g GROUP";
const hostOf = ({ facts }: Leaf) => facts.resolve?.host ?? "";
/** The first label of a name: how Azure calls the resource behind it. */
const resourceOf = (leaf: Leaf, otherwise: string) => {
  const [label = ""] = hostOf(leaf).split(".");
  return azureServiceOf(hostOf(leaf)) === undefined ? otherwise : quoted(label);
};

/** The app itself, which only its own group holds; a slot has settings and a network of its own. */
function siteOf({ vantage, environment = {} }: Place): string {
  const app = vantage.app === "local" || vantage.app === "unknown" ? "APP" : quoted(vantage.app);
  const group = named(environment, "WEBSITE_RESOURCE_GROUP");
  const slot = named(environment, "WEBSITE_SLOT_NAME") ?? "Production";
  return [
    `-n ${app} ${group === undefined ? GROUP : `-g ${quoted(group)}`}`,
    ...(/^production$/i.test(slot) ? [] : [`--slot ${quoted(slot)}`]),
  ].join(" ");
}

/** How this app hangs in its network: the subnet, and what rules and routes it has. */
const network: Write = (_leaf, place) =>
  place.vantage.platform === "container-apps"
    ? [
        `az containerapp show ${siteOf(place)} --query properties.environmentId -o tsv`,
        `az containerapp env show --ids ENVIRONMENT_ID --query properties.vnetConfiguration`,
      ]
    : [
        `az functionapp vnet-integration list ${siteOf(place)} -o table`,
        "az network vnet subnet show --ids SUBNET_ID --query '{nsg:networkSecurityGroup.id,routes:routeTable.id}'",
      ];

/** What a firewall on the way logged of just this connection, a minute around it. */
const firewall: Write = ({ facts }, { vantage, at }) => {
  const { address, port, localAddress } = facts.connect ?? {};
  if (address === undefined || port === undefined) return [];
  const source = localAddress ?? vantage.privateIp;
  const from = source === undefined ? "" : ` and SourceIp == ${kql(source)}`;
  const around = `between (datetime_add('minute', -1, datetime(${at})) .. datetime_add('minute', 2, datetime(${at})))`;
  const query = `AZFWNetworkRule | where TimeGenerated ${around} | where DestinationIp == ${kql(address)} and DestinationPort == ${port}${from} | project TimeGenerated, SourceIp, Action, Rule`;
  return [`az monitor log-analytics query -w WORKSPACE_ID --analytics-query "${query}"`];
};

const zoneOf = (leaf: Leaf) => {
  const name = leaf.facts.query?.question?.name ?? hostOf(leaf);
  return azureServiceOf(name.replace(/\.$/, ""))?.privateZone;
};

/** The private zone, its links and its records. */
const privateZone: Write = (leaf) => {
  const zone = quoted(zoneOf(leaf) ?? "ZONE");
  return [
    `az network private-dns link vnet list -z ${zone} ${GROUP} -o table`,
    `az network private-dns record-set a list -z ${zone} ${GROUP} -o table`,
  ];
};

const sqlServer =
  (words: string, name = "-s"): Write =>
  (leaf) => [`az sql server ${words} ${name} ${resourceOf(leaf, "SERVER")} ${GROUP}`];

/** The access restrictions of the site that refused. */
const restrictions: Write = (leaf) => [
  `az webapp config access-restriction show -n ${resourceOf(leaf, "SITE")} ${GROUP}`,
];

const reference: Write = ({ facts }, place) => {
  const { name: known = "", kind } = facts.setting ?? {};
  const list = kind === "connection string" ? "connectionstrings" : "appsettings";
  const name = /^[\w.-]+$/.test(known) ? known : "SETTING";
  const site = `az functionapp show ${siteOf(place)} --query id -o tsv`;
  return [
    `az rest --method get --url "$(${site})/config/configreferences/${list}/${name}?api-version=2022-03-01"`,
  ];
};

const storageRulesOf: Write = (leaf) => [
  `az storage account show -n ${resourceOf(leaf, "ACCOUNT")} ${GROUP} --query '{public:publicNetworkAccess,rules:networkRuleSet}'`,
];

const table: Readonly<Record<string, readonly Write[]>> = {
  "tcp.timeout": [network, firewall],
  "tcp.unreachable": [network],
  "tcp.forbidden": [network],
  "dns.private_link_public": [privateZone],
  "dns.record_missing": [privateZone],
  "dns.forwarder_missing": [privateZone],
  "sql.firewall": [sqlServer("firewall-rule list")],
  "sql.vnet_rule": [sqlServer("vnet-rule list")],
  "sql.public_access_off": [sqlServer("show --query publicNetworkAccess", "-n")],
  "sql.redirect_blocked": [sqlServer("conn-policy show")],
  "sql.login_timeout": [sqlServer("conn-policy show")],
  "http.storage_firewall": [storageRulesOf],
  "service.storage_firewall": [storageRulesOf],
  "http.vault_firewall": [
    (leaf) => [
      `az keyvault show -n ${resourceOf(leaf, "VAULT")} --query '{public:properties.publicNetworkAccess,rules:properties.networkAcls}'`,
    ],
  ],
  "http.address_forbidden": [restrictions],
  "http.subnet_forbidden": [restrictions],
  "setting.reference_unresolved": [reference],
};

/** None where there is nothing to ask beyond what was measured, and none away from Azure. */
export function commandsFor(code: string, leaf: Leaf, place: Place): string[] {
  const { platform } = place.vantage;
  if (platform !== "app-service" && platform !== "container-apps") return [];
  return (table[code] ?? []).flatMap((write) => write(leaf, place));
}
