/** Every service there is. */
import { amqp } from "./amqp.ts";
import { kafka } from "./kafka.ts";
import { ldap } from "./ldap.ts";
import { mongodb } from "./mongodb.ts";
import { mqtt } from "./mqtt.ts";
import { mysql } from "./mysql.ts";
import { postgres } from "./postgres.ts";
import { redis } from "./redis.ts";
import { smtp } from "./smtp.ts";
import { sql } from "./sql.ts";
import { ssh } from "./ssh.ts";

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
] as const;
