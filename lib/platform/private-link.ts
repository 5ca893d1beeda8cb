/**
 * Azure services by their public zones, and the zone that a private endpoint of each needs. By the table
 * of https://learn.microsoft.com/azure/private-link/private-endpoint-dns, of which this is a reading: a name
 * that is missing here is no proof of anything.
 */

/** Where a row gives no zone it is `privatelink.` and the suffix. `{region}` is the label before the suffix. */
type Row = readonly [suffix: string, service: string, zone?: string];

const regional = (suffix: string, service: string): Row => [
  suffix,
  service,
  `privatelink.{region}.${suffix}`,
];

const many = (service: string, ...suffixes: readonly string[]): readonly Row[] =>
  suffixes.map((suffix): Row => [suffix, service]);

const storage = ["blob", "table", "queue", "file", "web", "dfs"];
const cosmos = ["mongo", "cassandra", "gremlin", "table", "postgres"];
const under = (names: readonly string[], zone: string) => names.map((name) => `${name}.${zone}`);

const rows: readonly Row[] = [
  ...many("Azure SQL", "database.windows.net", "database.usgovcloudapi.net"),
  ...many("Azure SQL", "database.chinacloudapi.cn"),
  ...many("Synapse Analytics", "sql.azuresynapse.net", "dev.azuresynapse.net"),
  ...many("Synapse Studio", "azuresynapse.net"),
  ...many("Storage", ...under(storage, "core.windows.net")),
  ...many("Storage", ...under(storage, "core.usgovcloudapi.net")),
  ...many("Storage", ...under(storage, "core.chinacloudapi.cn")),
  ["afs.azure.net", "File Sync", "{region}.privatelink.afs.azure.net"],
  ...many("Cosmos DB", "documents.azure.com", "documents.azure.us", "documents.azure.cn"),
  ...many("Cosmos DB", ...under(cosmos, "cosmos.azure.com")),
  ...many("Azure Database for PostgreSQL", "postgres.database.azure.com"),
  ...many("Azure Database for MySQL", "mysql.database.azure.com"),
  ...many("Azure Database for MariaDB", "mariadb.database.azure.com"),
  ["vault.azure.net", "Key Vault", "privatelink.vaultcore.azure.net"],
  ["vault.usgovcloudapi.net", "Key Vault", "privatelink.vaultcore.usgovcloudapi.net"],
  ["vault.azure.cn", "Key Vault", "privatelink.vaultcore.azure.cn"],
  ...many("Managed HSM", "managedhsm.azure.net"),
  ...many("App Configuration", "azconfig.io"),
  ...many("Service Bus, Event Hubs or Relay", "servicebus.windows.net"),
  ...many("Service Bus, Event Hubs or Relay", "servicebus.usgovcloudapi.net"),
  ...many("Event Grid", "eventgrid.azure.net"),
  ...many("IoT Hub", "azure-devices.net", "azure-devices-provisioning.net"),
  ["scm.azurewebsites.net", "App Service", "privatelink.azurewebsites.net"],
  ...many("App Service", "azurewebsites.net", "azurewebsites.us", "chinacloudsites.cn"),
  ...many("Static Web Apps", "azurestaticapps.net"),
  regional("azurecontainerapps.io", "Container Apps"),
  regional("azurecontainerapps.cn", "Container Apps"),
  ...many("Container Registry", "azurecr.io"),
  regional("azmk8s.io", "Kubernetes Service"),
  ...many("Cache for Redis", "redis.cache.windows.net", "redis.cache.usgovcloudapi.net"),
  ...many("Cache for Redis Enterprise", "redisenterprise.cache.azure.net"),
  ...many("Managed Redis", "redis.azure.net"),
  ...many("SignalR or Web PubSub", "service.signalr.net", "webpubsub.azure.com"),
  ...many("AI Search", "search.windows.net"),
  ...many("AI services", "cognitiveservices.azure.com", "openai.azure.com"),
  ...many("Machine Learning", "api.azureml.ms", "notebooks.azure.net"),
  ...many("Monitor", "monitor.azure.com", "oms.opinsights.azure.com"),
  ...many("Monitor", "ods.opinsights.azure.com", "agentsvc.azure-automation.net"),
  ...many("Automation", "azure-automation.net"),
  ...many("Data Factory", "datafactory.azure.net", "adf.azure.com"),
  ...many("Purview", "purview.azure.com", "purviewstudio.azure.com"),
  regional("kusto.windows.net", "Data Explorer"),
  ...many("Databricks", "azuredatabricks.net"),
  ["service.batch.azure.com", "Batch", "{region}.service.privatelink.batch.azure.com"],
  ["batch.azure.com", "Batch", "{region}.privatelink.batch.azure.com"],
  ...many("Digital Twins", "digitaltwins.azure.net"),
  ...many("HDInsight", "azurehdinsight.net"),
  ...many("API Management", "azure-api.net"),
  ...many("Arc", "his.arc.azure.com", "guestconfiguration.azure.com"),
  ...many("Arc", "dp.kubernetesconfiguration.azure.com"),
  regional("backup.windowsazure.com", "Backup"),
  ...many("Site Recovery", "siterecovery.windowsazure.com"),
  ...many("Migrate", "prod.migration.windowsazure.com"),
  ...many("Power BI", "analysis.windows.net", "pbidedicated.windows.net"),
  ...many("Power BI", "tip1.powerquery.microsoft.com"),
  ...many("Bot Service", "directline.botframework.com", "token.botframework.com"),
  ...many("Health Data Services", "workspace.azurehealthcareapis.com"),
  ...many("Health Data Services", "fhir.azurehealthcareapis.com", "dicom.azurehealthcareapis.com"),
  ...many("Media Services", "media.azure.net"),
  ...many("Virtual Desktop", "wvd.microsoft.com"),
];

const bySuffix = new Map(rows.map((row) => [row[0], row]));

export interface AzureService {
  readonly service: string;
  /** The zone in which everybody finds the name. */
  readonly publicZone: string;
  /** The zone in which a private endpoint puts it. */
  readonly privateZone: string;
}

/** What a name belongs to, by the longest suffix that is known. Names of private zones themselves are none. */
export function azureServiceOf(name: string): AzureService | undefined {
  const labels = name.toLowerCase().replace(/\.$/, "").split(".");
  if (labels.some(isPrivateLinkLabel)) return undefined;
  for (let at = 1; at < labels.length; at += 1) {
    const row = bySuffix.get(labels.slice(at).join("."));
    if (row !== undefined) return serviceAt(row, labels.slice(0, at));
  }
  return undefined;
}

function serviceAt([suffix, service, zone]: Row, before: readonly string[]): AzureService {
  const near = before.at(-1) ?? "";
  // A managed instance has its virtual network's prefix between its name and the suffix.
  const isInstance = service === "Azure SQL" && before.length === 2;
  // Sites of newer partitions have the partition's number there, and a zone for each of them.
  const isPartition = service === "Static Web Apps" && before.length > 1 && /^\d+$/.test(near);
  const hasOwnZone = isInstance || isPartition;
  const template =
    zone ?? (hasOwnZone ? `privatelink.{region}.${suffix}` : `privatelink.${suffix}`);
  return {
    service: isInstance ? "SQL Managed Instance" : service,
    publicZone: hasOwnZone ? `${near}.${suffix}` : suffix,
    privateZone: template.replace("{region}", near),
  };
}

/** The label that marks the detour of every private endpoint, whatever the service. */
export function isPrivateLinkLabel(label: string): boolean {
  return /^privatelink(-global)?$/i.test(label);
}

/** Whether a name lies in the zone of some private endpoint. */
export function isPrivateLinkName(name: string): boolean {
  return name.split(".").some(isPrivateLinkLabel);
}
