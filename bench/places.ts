/** What is probed: nginx and named from Debian, on loopback ports of their own. */
import { certificates } from "../test/servers/certificates.ts";
import { named } from "../test/servers/named.ts";
import { nginx } from "../test/servers/nginx.ts";
import { closedPort } from "../test/servers/ports.ts";

export interface Places {
  /** `host:port` of plain HTTP; also what a bare connection is opened to. */
  readonly http: string;
  readonly https: string;
  readonly dns: string;
  /** The PEM file of the root that issued the certificate of `https`. */
  readonly ca: string;
}

/** Has an A record at the server `dns`. */
export const NAME = "www.example.test";

const zone = `$TTL 60
@ IN SOA ns.example.test. root.example.test. 1 60 60 60 60
@ IN NS ns.example.test.
ns IN A 127.0.0.1
www IN A 192.0.2.1
`;

export async function startPlaces(): Promise<Places> {
  const certificate = await certificates();
  const { cert, key } = certificate("good");
  const https = await closedPort();
  const web = await nginx(
    (port) => `
  server { listen 127.0.0.1:${port}; location / { return 200 "well\\n"; } }
  server {
    listen 127.0.0.1:${https} ssl;
    ssl_certificate ${cert}; ssl_certificate_key ${key};
    location / { return 200 "well\\n"; }
  }`,
  );
  const names = await named({ "example.test": zone });
  return { http: at(web.port), https: at(https), dns: at(names.port), ca: certificate("ca").cert };
}

const at = (port: number) => `127.0.0.1:${port}`;
