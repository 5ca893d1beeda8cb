/**
 * The modules that blackbox_exporter ships, by its own names: people's scrape configurations name them.
 * They stand in where the deployment has no file of its own.
 */
type Raw = Readonly<Record<string, unknown>>;

const ip4 = { preferred_ip_protocol: "ip4" };
const expecting = (...entries: readonly object[]) => ({ query_response: entries });

export const defaults: Readonly<Record<string, Raw>> = {
  http_2xx: { prober: "http", http: ip4 },
  http_post_2xx: { prober: "http", http: { method: "POST" } },
  tcp_connect: { prober: "tcp" },
  pop3s_banner: {
    prober: "tcp",
    tcp: {
      ...expecting({ expect: String.raw`^+OK` }),
      tls: "true",
      tls_config: { insecure_skip_verify: "false" },
    },
  },
  grpc: { prober: "grpc", grpc: { tls: "true", ...ip4 } },
  grpc_plain: { prober: "grpc", grpc: { tls: "false", service: "service1" } },
  ssh_banner: {
    prober: "tcp",
    tcp: expecting({ expect: "^SSH-2.0-" }, { send: "SSH-2.0-blackbox-ssh-check" }),
  },
  ssh_banner_extract: {
    prober: "tcp",
    timeout: "5s",
    tcp: expecting({
      expect: "^SSH-2.0-([^ -]+)(?: (.*))?$",
      labels: [
        { name: "ssh_version", value: "${1}" },
        { name: "ssh_comments", value: "${2}" },
      ],
    }),
  },
  irc_banner: {
    prober: "tcp",
    tcp: expecting(
      { send: "NICK prober" },
      { send: "USER prober prober prober :prober" },
      { expect: "PING :([^ ]+)", send: "PONG ${1}" },
      { expect: "^:[^ ]+ 001" },
    ),
  },
  icmp: { prober: "icmp" },
  icmp_ttl5: { prober: "icmp", timeout: "5s", icmp: { ttl: "5" } },
  websocket: { prober: "websocket" },
  http_3xx: {
    prober: "http",
    http: {
      ...ip4,
      enable_http3: "true",
      enable_http2: "false",
      valid_http_versions: ["HTTP/3.0"],
    },
  },
  postgresql: {
    prober: "tcp",
    tcp: expecting(
      // An SSLRequest: eight octets, PostgreSQL's documentation §55.7.
      { send: Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]) },
      { expect_bytes: "S" },
      { starttls: "true" },
    ),
  },
};
