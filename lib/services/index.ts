/** Every service there is. */
import { amqp } from "./amqp.ts";
import { ftp } from "./ftp.ts";
import { imap } from "./imap.ts";
import { kafka } from "./kafka.ts";
import { ldap } from "./ldap.ts";
import { mongodb } from "./mongodb.ts";
import { mqtt } from "./mqtt.ts";
import { mysql } from "./mysql.ts";
import { pop3 } from "./pop3.ts";
import { postgres } from "./postgres.ts";
import { redis } from "./redis.ts";
import { smb } from "./smb.ts";
import { smtp } from "./smtp.ts";
import { sql } from "./sql.ts";
import { ssh } from "./ssh.ts";
import { storage } from "./storage.ts";

export const services = [
  sql,
  postgres,
  redis,
  amqp,
  mysql,
  smtp,
  mongodb,
  ldap,
  kafka,
  mqtt,
  ssh,
  smb,
  storage,
  ftp,
  imap,
  pop3,
] as const;
