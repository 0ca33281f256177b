import { connect, ping, listShards } from '@gomon/persistence';
import {
  createLogger,
  createMetricsServer,
  exitOnUncaughtError,
  loadConfig,
  stopOnSignal,
} from '@gomon/runtime';
import { Registry } from 'prom-client';
import { buildApp } from './app.ts';
import { ApiConfigSchema } from './config.ts';

exitOnUncaughtError('api');
const config = loadConfig(ApiConfigSchema, process.env);
const logger = createLogger('api', config.LOG_LEVEL);
const registry = new Registry();

const db = connect({
  url: config.DATABASE_URL,
  poolSize: config.DATABASE_POOL_SIZE,
  applicationName: 'gomon-api',
  statementTimeoutMs: 5000,
  onConnectionError: (error) => logger.warn({ error: error.message }, 'database connection failed'),
});
const { length: shardCount } = await listShards(db);
if (shardCount === 0) throw new Error('The database has no shards yet: run the migration first.');
const app = await buildApp({ db, config, shardCount, logger, registry });
const metricsServer = createMetricsServer({
  host: config.METRICS_HOST,
  port: config.METRICS_PORT,
  registry,
  dependencies: { database: () => ping(db) },
});

stopOnSignal(logger, [
  { stop: () => app.close() },
  metricsServer,
  { stop: () => db.$disconnect() },
]);
const { port: metricsPort } = await metricsServer.start();
const address = await app.listen({ host: config.API_HOST, port: config.API_PORT });
logger.info({ address, metricsPort, shardCount }, 'started');
