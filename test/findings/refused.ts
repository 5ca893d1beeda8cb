/**
 * Answers that refused somebody, as they were recorded, and where. Addresses of people are replaced by
 * those of RFC 5737, identifiers by zeros; style sheets of pages are left out. Nothing else is changed.
 */
export interface Recorded {
  readonly code: string;
  readonly source: string;
  readonly status: number;
  readonly statusText?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The source address that the answer states. */
  readonly seenAs?: string;
}

export const html = { "content-type": "text/html" };
export const json = { "content-type": "application/json; charset=utf-8" };
const envoy = "https://github.com/envoyproxy/envoy/blob/main/source/common/router/router.cc";

const containerAppPage = (status: number) => `<!DOCTYPE html>
<html>
<head>
    <title>Azure Container App - Unavailable</title>
</head>
<body bgcolor="#00abec">
<div id="feature">
    <div id="content">
        <h1 id="unavailable">Error ${status} - This Container App is stopped or does not exist.</h1>   
        <p id="tryAgain">The Container App you have attempted to reach is currently stopped or does not exist.</p>
        <p id="toAdmin">If you are the Container App administrator, please visit <a href="https://portal.azure.com/">Azure Portal</a>.</p>
    </div>
</div>
</body>
</html>`;

export const gatewayPage = (title: string) => `<html>
<head><title>${title}</title></head>
<body>
<center><h1>${title}</h1></center>
<hr><center>Microsoft-Azure-Application-Gateway/v2</center>
</body>
</html>
`;

export const disconnected =
  "upstream connect error or disconnect/reset before headers. reset reason: ";

export const recorded: readonly Recorded[] = [
  {
    code: "http.address_forbidden",
    source: "https://github.com/microsoft/clarity/issues/1133",
    status: 403,
    statusText: "Ip Forbidden",
    headers: { ...html, "x-ms-forbidden-ip": "203.0.113.148" },
    body: "Error 403 - Forbidden\nThe web app you have attempted to reach has blocked your access.",
    seenAs: "203.0.113.148",
  },
  {
    code: "http.subnet_forbidden",
    source:
      "https://milkyware.github.io/azure/routing-azure-app-service-traffic-between-tenants-with-service-endpoints",
    status: 403,
    headers: { ...html, "x-ms-forbidden-ip": "[fd00::1002:fc01:3000:2000:1000]" },
    seenAs: "fd00::1002:fc01:3000:2000:1000",
  },
  {
    code: "http.site_stopped",
    source: "https://github.com/microsoft/vscode-azureappservice/issues/1853",
    status: 403,
    headers: html,
    body: `Error 403 - This web app is stopped.
The web app you have attempted to reach is currently stopped and does not accept any requests. Please try to reload the page or visit it again soon.`,
  },
  {
    code: "http.site_unknown",
    source: "https://github.com/EdOverflow/can-i-take-over-xyz, the entry of Microsoft Azure",
    status: 404,
    headers: html,
    body: "404 Web Site not found.",
  },
  {
    code: "http.container_app_unavailable",
    source: "https://github.com/microsoft/azure-container-apps/issues/1613",
    status: 404,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: containerAppPage(404),
  },
  {
    code: "http.container_app_unavailable",
    source: "https://github.com/microsoft/vscode-azurecontainerapps/issues/299",
    status: 403,
    headers: html,
    body: "Error 403 - This Container App is stopped",
  },
  {
    code: "http.proxy_denied",
    source: "istio.io, ambient getting started; the status by Envoy's RBAC filter",
    status: 403,
    body: "RBAC: access denied",
  },
  {
    code: "http.upstream_unreachable",
    source: "istio.io, on the failover of an external service; the status by Envoy's router",
    status: 503,
    body: `${disconnected}connection failure`,
  },
  {
    code: "http.upstream_unreachable",
    source: envoy,
    status: 503,
    body: "no healthy upstream",
  },
  {
    code: "http.upstream_closed",
    source: "https://github.com/envoyproxy/envoy, test of the grpc_web filter",
    status: 503,
    body: `${disconnected}connection termination`,
  },
  { code: "http.upstream_overflow", source: envoy, status: 503, body: `${disconnected}overflow` },
  { code: "http.upstream_timeout", source: envoy, status: 504, body: "upstream request timeout" },
  {
    code: "http.frontdoor_unconfigured",
    source: "https://github.com/shifa123/Can-I-take-over-xyz-v2/issues/2",
    status: 404,
    headers: html,
    body: `Page not found
Oops! We weren't able to find your Azure Front Door Service configuration.
If it's a new configuration that you recently created, it might not be ready yet.`,
  },
  {
    code: "http.frontdoor_unavailable",
    source:
      "https://github.com/Azure/static-web-apps/issues/774; the status by Front Door's troubleshooting",
    status: 503,
    headers: html,
    body: "<h2>Our services aren't available right now</h2><p>We're working to restore all services as soon as possible. Please check back soon.</p>",
  },
  {
    code: "http.frontdoor_unavailable",
    source: "https://github.com/moby/buildkit/issues/6074",
    status: 400,
    body: "<h2>Our services aren't available right now</h2><p>We're working to restore all services as soon as possible. Please check back soon.</p>099puaAAAAAAfTIqeKg9QRr6f9gJawSFHUFJBRURHRTE1MTUARWRnZQ==",
  },
  {
    code: "http.frontdoor_blocked",
    source: "a page of Front Door that public source code quotes, of 2024-04-20",
    status: 403,
    headers: html,
    body: "<title>Service unavailable</title></head><body><div id='content'><div id='message'><h2>The request is blocked.</h2></div><div id='errorref'><span>20240420T152844Z-r1f8b879b596nkrk47cy335nug000000016000000000h6te            </span></div></div></body></html>",
  },
  {
    code: "http.appgateway_blocked",
    source: "https://github.com/gfchaves/gchaves.net, on requests that the firewall refuses",
    status: 403,
    headers: html,
    body: gatewayPage("403 Forbidden"),
  },
  {
    code: "http.appgateway_blocked",
    source: "labs that ask a firewall with curl -I, without a page",
    status: 403,
    headers: { server: "Microsoft-Azure-Application-Gateway/v2" },
  },
  {
    code: "http.appgateway_backend",
    source: "https://github.com/MicrosoftDocs/azure-docs/issues/110739",
    status: 502,
    headers: html,
    body: gatewayPage("502 Bad Gateway"),
  },
  {
    code: "http.vault_firewall",
    source:
      "https://github.com/MicrosoftDocs/azure-devops-docs/issues/8581, and Key Vault's table of error codes",
    status: 403,
    headers: json,
    body: String.raw`{"error":{"code":"Forbidden","message":"Client address is not authorized and caller is not a trusted service.\r\nClient address: 203.0.113.25\r\nCaller: appid=00000000-0000-0000-0000-000000000000;oid=00000000-0000-0000-0000-000000000000;iss=https://sts.windows.net/00000000-0000-0000-0000-000000000000/\r\nVault: kv-0000;location=eastus","innererror":{"code":"ForbiddenByFirewall"}}}`,
    seenAs: "203.0.113.25",
  },
  {
    code: "http.vault_firewall",
    source: "the same article on secrets of Container Apps; the address replaced",
    status: 403,
    headers: json,
    body: String.raw`{"error":{"code":"Forbidden","message":"Request was not allowed by NSP rules and the client address is not authorized and caller was ignored because bypass is set to None\r\nClient address: 203.0.113.25\r\nCaller: appid=00000000-0000-0000-0000-0000000000000;oid=00000000-0000-0000-0000-0000000000000\r\nVault: someakv;location=westeurope","innererror":{"code":"ForbiddenByFirewall"}}`,
    seenAs: "203.0.113.25",
  },
  {
    code: "http.vault_private_only",
    source: "an article on secrets of Container Apps, which quotes the body",
    status: 403,
    headers: json,
    body: String.raw`{"error":{"code":"Forbidden","message":"Public network access is disabled and request is not from a trusted service nor via an approved private link.\r\nCaller: appid=00000000-0000-0000-0000-0000000000000;oid=00000000-0000-0000-0000-0000000000000;iss=https://sts.windows.net/00000000-0000-0000-0000-0000000000000/;xms_mirid=/subscriptions/00000000-0000-0000-0000-0000000000000/resourcegroups/some-rg/providers/Microsoft.App/containerApps/some-app;xms_az_rid=/subscriptions/00000000-0000-0000-0000-0000000000000/resourcegroups/some-rg/providers/Microsoft.App/containerApps/some-app\r\nVault: someakv;location=southafricanorth","innererror":{"code":"ForbiddenByConnection"}}}`,
  },
  {
    code: "http.storage_firewall",
    source: "https://github.com/microsoft/promptflow/issues/1994",
    status: 403,
    headers: { "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>AuthorizationFailure</Code><Message>This request is not authorized to perform this operation.
RequestId:00000000-b01a-004f-2fc6-26405d000000
Time:2024-10-25T10:14:52.0956013Z</Message></Error>`,
  },
  {
    code: "http.cosmos_firewall",
    source: "https://learn.microsoft.com/azure/cosmos-db/nosql/troubleshoot-forbidden",
    status: 403,
    headers: json,
    body: "Request originated from client IP 203.0.113.186 through public internet. This is blocked by your Cosmos DB account firewall settings.",
    seenAs: "203.0.113.186",
  },
  {
    code: "http.registry_firewall",
    source: "https://blog.zuehlke.cloud/2023/02/problems-with-protecting-azure-container-registry/",
    status: 403,
    headers: json,
    body: "denied: client with IP '203.0.113.41' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
    seenAs: "203.0.113.41",
  },
  {
    code: "http.unauthenticated",
    source:
      "https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses",
    status: 401,
    headers: {
      "www-authenticate":
        'Bearer authorization="https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000", resource="https://vault.azure.net"',
    },
  },
  {
    code: "http.unauthenticated",
    source: "answers of Key Vault that the tests of Azure's SDK for JavaScript keep, of 2021-03-02",
    status: 401,
    headers: {
      ...json,
      "www-authenticate":
        'Bearer authorization="https://login.windows.net/azure_tenant_id", resource="https://vault.azure.net"',
      "x-ms-keyvault-network-info": "conn_type=Ipv4;addr=203.0.113.20;act_addr_fam=InterNetwork;",
    },
    body: '{"error":{"code":"Unauthorized","message":"Request is missing a Bearer or PoP token."}}',
    seenAs: "203.0.113.20",
  },
  {
    code: "http.unauthenticated",
    source: "https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes",
    status: 409,
    headers: { "x-ms-error-code": "PublicAccessNotPermitted", "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>PublicAccessNotPermitted</Code><Message>Public access is not permitted on this storage account.
RequestId:00000000-601e-0004-761f-f40920000000
Time:2026-06-04T12:40:24.0361428Z</Message></Error>`,
  },
  {
    code: "http.login_elsewhere",
    source:
      "a scan of a site by WhatWeb that public source keeps, of 2020-12-12; the host replaced",
    status: 302,
    statusText: "Redirect",
    headers: {
      "content-type": "text/html; charset=UTF-8",
      location:
        "https://login.windows.net/00000000-0000-0000-0000-000000000000/oauth2/authorize?response_type=code+id_token&redirect_uri=https%3A%2F%2Fdev.example.com%2F.auth%2Flogin%2Faad%2Fcallback&client_id=00000000-0000-0000-0000-000000000000&scope=openid+profile+email&response_mode=form_post&nonce=00000000000000000000000000000000_20201212155212&state=redir%3D%252F",
      "set-cookie": "Nonce=0000; path=/; secure; HttpOnly; SameSite=None",
    },
  },
  {
    code: "http.login_elsewhere",
    source: "the address of a sign-in that Easy Auth redirected to, of 2023-12-06",
    status: 302,
    headers: {
      location:
        "https://login.microsoftonline.com/guid-of-tenant-id/oauth2/v2.0/authorize?response_type=code+id_token&redirect_uri=https%3A%2F%2Fayuina-web-frontend-1206.azurewebsites.net%2F.auth%2Flogin%2Faad%2Fcallback&client_id=00000000-0000-0000-0000-000000000000&scope=email+profile+openid&response_mode=form_post&nonce=00000000000000000000000000000000_20231206045722&state=redir%3D%252F",
    },
  },
  {
    code: "http.post_lost",
    source: "RFC 9110 §15.4.2",
    status: 301,
    headers: { location: "https://127.0.0.1/" },
  },
  {
    code: "http.wants_tls",
    source: "Apache Tomcat, Spring Boot with server.ssl.enabled",
    status: 400,
    body: "Bad Request\nThis combination of host and port requires TLS.",
  },
];
