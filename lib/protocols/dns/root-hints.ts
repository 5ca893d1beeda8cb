/** Where the tree of names begins: https://www.internic.net/domain/named.root, by way of RFC 8109 §2. */
export const rootServers: readonly { readonly host: string; readonly address: string }[] = [
  { host: "a.root-servers.net", address: "198.41.0.4" },
  { host: "b.root-servers.net", address: "170.247.170.2" },
  { host: "c.root-servers.net", address: "192.33.4.12" },
  { host: "d.root-servers.net", address: "199.7.91.13" },
  { host: "e.root-servers.net", address: "192.203.230.10" },
  { host: "f.root-servers.net", address: "192.5.5.241" },
  { host: "g.root-servers.net", address: "192.112.36.4" },
  { host: "h.root-servers.net", address: "198.97.190.53" },
  { host: "i.root-servers.net", address: "192.36.148.17" },
  { host: "j.root-servers.net", address: "192.58.128.30" },
  { host: "k.root-servers.net", address: "193.0.14.129" },
  { host: "l.root-servers.net", address: "199.7.83.42" },
  { host: "m.root-servers.net", address: "202.12.27.33" },
];
