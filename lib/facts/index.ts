/** Every sheet there is. What text, metrics and expectations know of a result, they know from here. */
import { arriveSheet } from "./arrive.ts";
import { bannerSheet } from "./banner.ts";
import { chainSheet } from "./chain.ts";
import { connectSheet } from "./connect.ts";
import { controlSheet } from "./control.ts";
import { browseSheet } from "./browse.ts";
import { deploymentSheet } from "./deployment.ts";
import { egressSheet } from "./egress.ts";
import { grpcSheet } from "./grpc.ts";
import { handshakeSheet } from "./handshake.ts";
import { httpDateSheet } from "./http-date.ts";
import { idleSheet } from "./idle.ts";
import { ladderSheet } from "./ladder.ts";
import { identitySheet } from "./identity.ts";
import { locateSheet } from "./locate.ts";
import { loginSheet } from "./login.ts";
import { interceptionSheet } from "./interception.ts";
import { ntpSheet } from "./ntp.ts";
import { ownSheet } from "./own.ts";
import { pastedSheet } from "./pasted.ts";
import { presentedSheet } from "./presented.ts";
import { offerSheet } from "./offer.ts";
import { querySheet } from "./query.ts";
import { requestSheet } from "./request.ts";
import { raceSheet } from "./race.ts";
import { resolveSheet } from "./resolve.ts";
import { revocationSheet } from "./revocation.ts";
import { rungSheet } from "./rung.ts";
import { settingSheet } from "./setting.ts";
import { shareSheet } from "./share.ts";
import { stunSheet } from "./stun.ts";
import { sampleSheet } from "./sample.ts";
import { sourceSheet } from "./source.ts";
import { tallySheet } from "./tally.ts";
import { tunnelSheet } from "./tunnel.ts";
import { upgradeSheet } from "./upgrade.ts";
import { services } from "../services/index.ts";

export const sheets = [
  settingSheet,
  pastedSheet,
  resolveSheet,
  connectSheet,
  raceSheet,
  bannerSheet,
  idleSheet,
  tallySheet,
  tunnelSheet,
  handshakeSheet,
  offerSheet,
  revocationSheet,
  interceptionSheet,
  requestSheet,
  rungSheet,
  ladderSheet,
  shareSheet,
  upgradeSheet,
  grpcSheet,
  querySheet,
  controlSheet,
  ntpSheet,
  httpDateSheet,
  stunSheet,
  browseSheet,
  ...services.map(({ sheet }) => sheet),
  loginSheet,
  arriveSheet,
  chainSheet,
  presentedSheet,
  ownSheet,
  locateSheet,
  deploymentSheet,
  identitySheet,
  sampleSheet,
  egressSheet,
  sourceSheet,
] as const;
