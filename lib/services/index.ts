/** Every service there is. */
import { postgres } from "./postgres.ts";
import { redis } from "./redis.ts";
import { sql } from "./sql.ts";

export const services = [sql, postgres, redis] as const;
