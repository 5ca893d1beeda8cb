/** Every suite that Sonde brings. */
import { aseV2 } from "./ase-v2.ts";
import { aseV3 } from "./ase-v3.ts";
import type { BuiltIn } from "./built-in.ts";
import { containerApps } from "./container-apps.ts";
import { functionsHost } from "./functions-host.ts";
import { hybridConnections } from "./hybrid-connections.ts";
import { identitySuite } from "./identity.ts";
import { privateEndpoints } from "./private-endpoints.ts";
import { self } from "./self.ts";

export const builtIns: readonly BuiltIn[] = [
  self,
  functionsHost,
  privateEndpoints,
  hybridConnections,
  identitySuite,
  containerApps,
  aseV3,
  aseV2,
];
