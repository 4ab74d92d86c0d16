import type { Config } from '../config/config.ts'
import type { Database, Log } from '../db/database.ts'
import type { Bus } from './bus.ts'
import { notifyBus } from './notify.ts'
import { redisBus } from './redis.ts'

/** Opens the configured bus: Redis when `REDIS_URL` is set, else the database. */
export async function openBus(config: Pick<Config, 'redisUrl'>, database: Database, log: Log): Promise<Bus> {
  return config.redisUrl ? redisBus(config.redisUrl, database.prisma, log) : notifyBus(database)
}
