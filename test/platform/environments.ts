/** Environments in the shape that each platform gives them, every one with secrets planted in it. */
import type { Environment } from "../../lib/here.ts";

/** Marks every planted secret; it must appear nowhere. */
export const mark = "PLANTED";

const secrets: Environment = {
  AzureWebJobsStorage: `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${mark}==`,
  APPSETTING_AzureWebJobsStorage: `AccountKey=${mark}`,
  SQLAZURECONNSTR_Main: `Server=tcp:db;Password=${mark}`,
  WEBSITE_CONTENTAZUREFILECONNECTIONSTRING: `AccountKey=${mark}`,
  WEBSITE_AUTH_ENCRYPTION_KEY: mark,
  WEBSITE_AUTH_SIGNING_KEY: mark,
  CONTAINER_ENCRYPTION_KEY: mark,
  MACHINEKEY_DecryptionKey: mark,
  MICROSOFT_PROVIDER_AUTHENTICATION_SECRET: mark,
  APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=${mark};IngestionEndpoint=https://a.example/`,
  AZURE_CLIENT_SECRET: mark,
  DOCKER_REGISTRY_SERVER_PASSWORD: mark,
  CUSTOMCONNSTR_Cache: `cache.example:6380,password=${mark},ssl=True`,
  WEBSITE_RUN_FROM_PACKAGE: `https://a.blob.example/p.zip?sig=${mark}`,
  HTTPS_PROXY: `http://user:${mark}@proxy.corp:3128`,
  NODE_EXTRA_CA_CERTS: `/home/${mark}.pem`,
  // Of Sonde itself.
  SONDE_OUTBOUND_ECHO: `https://other.example/api/echo?code=${mark}`,
  SONDE_CHAIN_KEYS: `other.example=${mark}`,
};

const identity: Environment = {
  IDENTITY_ENDPOINT: "http://169.254.129.4:8081/msi/token",
  IDENTITY_HEADER: mark,
  MSI_ENDPOINT: "http://169.254.129.4:8081/msi/token",
  MSI_SECRET: mark,
};

const site: Environment = {
  ...secrets,
  WEBSITE_SITE_NAME: "contoso-probe",
  WEBSITE_HOSTNAME: "contoso-probe.azurewebsites.net",
  WEBSITE_OWNER_NAME: "00000000-0000-0000-0000-000000000000+rg-WestEuropewebspace",
  REGION_NAME: "West Europe",
};

const worker: Environment = {
  ...site,
  ...identity,
  WEBSITE_INSTANCE_ID: "0123456789abcdef".repeat(4),
  WEBSITE_SLOT_NAME: "Production",
};

export interface Recorded {
  readonly name: string;
  readonly environment: Environment;
  readonly expected: Readonly<Record<string, unknown>>;
}

export const recorded: readonly Recorded[] = [
  {
    name: "Windows dedicated with VNet integration",
    environment: {
      ...worker,
      WEBSITE_SKU: "PremiumV3",
      WEBSITE_PRIVATE_IP: "10.20.2.7",
      WEBSITE_VNET_ROUTE_ALL: "1",
      WEBSITE_DNS_SERVER: "10.20.0.4,10.20.0.5",
      WEBSITE_DNS_ALT_SERVER: "168.63.129.16",
      WEBSITE_AUTH_ENABLED: "True",
      WEBSITE_RELAYS: `db.corp.example:1433;SharedAccessKey=${mark}`,
    },
    expected: {
      platform: "app-service",
      plan: "dedicated",
      app: "contoso-probe",
      slot: "Production",
      region: "West Europe",
      instance: "01234567",
      privateIp: "10.20.2.7",
      routeAll: true,
      dnsServers: ["10.20.0.4", "10.20.0.5", "168.63.129.16"],
      easyAuth: true,
      hosted: true,
    },
  },
  {
    name: "Linux dedicated",
    environment: { ...worker, WEBSITE_SKU: "Basic", FUNCTIONS_LOGS_MOUNT_PATH: "/var/log" },
    expected: { platform: "app-service", plan: "dedicated", dnsServers: [], easyAuth: false },
  },
  {
    name: "Windows Consumption",
    environment: { ...worker, WEBSITE_SKU: "Dynamic" },
    expected: { platform: "app-service", plan: "consumption", instance: "01234567" },
  },
  {
    name: "Elastic Premium",
    environment: { ...worker, WEBSITE_SKU: "ElasticPremium" },
    expected: { platform: "app-service", plan: "elastic-premium" },
  },
  {
    name: "Linux Consumption",
    environment: { ...site, ...identity, CONTAINER_NAME: "CDF1-638", WEBSITE_SKU: "Dynamic" },
    expected: { platform: "app-service", plan: "consumption", instance: "CDF1-638", hosted: true },
  },
  {
    name: "Flex Consumption",
    environment: {
      ...site,
      ...identity,
      WEBSITE_POD_NAME: "0--abcd-1234",
      LEGION_SERVICE_HOST: "10.0.0.1",
      WEBSITE_SKU: "FlexConsumption",
    },
    expected: { platform: "app-service", plan: "flex-consumption", instance: "0--abcd-1234" },
  },
  {
    name: "App Service Environment",
    environment: { ...worker, WEBSITE_SKU: "IsolatedV2", WEBSITE_HOME_STAMPNAME: "ase-contoso" },
    expected: { platform: "app-service", plan: "isolated" },
  },
  {
    name: "Functions on Container Apps",
    environment: {
      ...secrets,
      MANAGED_ENVIRONMENT: "true",
      CONTAINER_APP_NAME: "contoso-fn",
      CONTAINER_APP_REVISION: "contoso-fn--abc123",
      CONTAINER_APP_REPLICA_NAME: "contoso-fn--abc123-5d-x",
      CONTAINER_APP_ENV_DNS_SUFFIX: "gentle-0000.westeurope.azurecontainerapps.io",
      IDENTITY_ENDPOINT: "http://localhost:42356/msi/token",
      IDENTITY_HEADER: mark,
      KUBERNETES_SERVICE_HOST: "10.0.0.1",
    },
    expected: {
      platform: "container-apps",
      plan: "managed-environment",
      app: "contoso-fn",
      revision: "contoso-fn--abc123",
      instance: "contoso-fn--abc123-5d-x",
      environmentSuffix: "gentle-0000.westeurope.azurecontainerapps.io",
    },
  },
  {
    name: "a plain container app",
    environment: { ...secrets, CONTAINER_APP_NAME: "contoso", CONTAINER_APP_PORT: "8080" },
    expected: { platform: "container-apps", app: "contoso", hosted: true },
  },
  {
    name: "Kubernetes with Arc",
    environment: { ...secrets, KUBERNETES_SERVICE_HOST: "10.0.0.1", POD_NAMESPACE: "k8se-apps" },
    expected: { platform: "kubernetes", hosted: true },
  },
  {
    name: "Core Tools on a developer's machine",
    environment: {
      ...secrets,
      FUNCTIONS_CORETOOLS_ENVIRONMENT: "true",
      WEBSITE_HOSTNAME: "localhost:7071",
    },
    expected: { platform: "core-tools", hosted: false, app: undefined },
  },
  {
    name: "a container of nobody's platform",
    environment: { ...secrets, CONTAINER_NAME: "devbox", KUBERNETES_SERVICE_HOST: "10.0.0.1" },
    expected: { platform: "local", hosted: false, instance: undefined },
  },
  {
    name: "secrets in variables that are printed",
    environment: {
      ...worker,
      WEBSITE_SITE_NAME: `Server=x;Password=${mark}`,
      REGION_NAME: `${mark}/+=`,
      WEBSITE_PRIVATE_IP: `10.0.0.1;${mark}`,
      WEBSITE_DNS_SERVER: `${mark},10.0.0.4`,
      WEBSITE_SLOT_NAME: `https://x/?sig=${mark}`,
    },
    expected: { app: undefined, region: undefined, privateIp: undefined, dnsServers: ["10.0.0.4"] },
  },
];
