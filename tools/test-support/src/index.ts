/**
 * What tests against real servers need. In the project's jest.config.mjs:
 *
 *     globalSetup: '../../tools/test-support/jest-setup.mjs',
 *     globalTeardown: '../../tools/test-support/jest-teardown.mjs',
 *
 * In a spec file, a separate database and Redis, and a target whose answers it writes:
 *
 *     const database = await createTestDatabase();   // database.url: migrated, 4 shards; afterAll: await database.drop()
 *     const redis = await createTestRedis();         // redis.url: a logical database; afterAll: await redis.close()
 *     const target = await startTarget();            // target.respond('/a', (n) => ({ status: n > 2 ? 500 : 200 })); target.log
 *
 * One server of each kind serves the whole run; TEST_POSTGRES_URL and TEST_REDIS_URL name servers that run already.
 */
export { findChromium } from './chromium.ts';
export { freePort, isPortFree } from './free-port.ts';
export { commandOf, endLeftover, type Leftover } from './other-process.ts';
export { startPostgres, type PostgresOptions } from './servers/postgres-server.ts';
export { findPromtool } from './promtool.ts';
export { pingRedis, startRedis, type RedisOptions } from './servers/redis-server.ts';
export type { OnProgress, Server } from './servers/server-process.ts';
export {
  startTarget,
  type Answer,
  type Responder,
  type Target,
  type TargetLogEntry,
} from './target-server.ts';
export { createTestDatabase, type TestDatabase } from './test-database.ts';
export { createTestRedis, type TestRedis } from './test-redis.ts';
export type { RunningServers } from './servers/running-servers.ts';
export { startTestServers } from './servers/test-servers.ts';
