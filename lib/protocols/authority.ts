/** A host, and a host with its port, as they stand in URLs, labels and commands: RFC 3986 §3.2. */

/** The host as it stands in a URL or beside a port: IPv6 in brackets. */
export function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** `host:port` of whatever is asked. */
export function placeOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${urlHost(host)}:${port}`;
}

/** `address:port` of one end of a connection. */
export function endpointOf(end: { readonly address: string; readonly port: number }): string {
  return placeOf({ host: end.address, port: end.port });
}
