/** Every service there is. */
import { postgres } from "./postgres.ts";
import { redis } from "./redis.ts";

export const services = [postgres, redis] as const;
