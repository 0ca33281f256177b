import { createEncryption } from '@gomon/encryption';
import { createDial, createNat64Discovery, parseNetworks } from '@gomon/egress';
import { connect, ping, listShards } from '@gomon/persistence';
import {
  connectRedis,
  createLogger,
  createMetricsServer,
  createStallWatch,
  exitOnUncaughtError,
  loadConfig,
  stopOnSignal,
} from '@gomon/runtime';
import { Registry } from 'prom-client';
import pTimeout from 'p-timeout';
import { createPost } from './notifications/transports/http.ts';
import { createSmtp } from './notifications/transports/smtp.ts';
import { SchedulerConfigSchema, selectShards } from './config.ts';
import { createSchedulerMetrics } from './metrics.ts';
import { createScheduler } from './scheduler.ts';

exitOnUncaughtError('scheduler');
const config = loadConfig(SchedulerConfigSchema, process.env);
const logger = createLogger('scheduler', config.LOG_LEVEL);
const registry = new Registry();

const openPool = (work: string, poolSize: number) =>
  connect({
    url: config.DATABASE_URL,
    poolSize,
    applicationName: `gomon-scheduler-${work}`,
    statementTimeoutMs: 30_000,
    onConnectionError: (error) =>
      logger.warn({ error: error.message }, 'database connection failed'),
  });
// Catching up, ingestion takes every connection it can get: the other users have separate pools.
const db = openPool('ingest', 16);
const dispatchDb = openPool('dispatch', 6);
const notificationDb = openPool('notifications', 4);
const queueRedis = connectRedis(config.QUEUE_REDIS_URL, 'commands', logger);
const workerRedis = connectRedis(config.QUEUE_REDIS_URL, 'blocking', logger);
const windowRedis = config.WINDOW_REDIS_URL.split(',').map((url) =>
  connectRedis(url, 'commands', logger),
);
const shards = selectShards(config.SCHEDULER_SHARDS, await listShards(db));

const stalls = createStallWatch();
const nat64 = createNat64Discovery();
const smtp = createSmtp(config.SMTP_URL, config.SMTP_FROM);

const scheduler = createScheduler({
  db,
  dispatchDb,
  databaseUrl: config.DATABASE_URL,
  shards,
  retentionDays: config.CHECK_RETENTION_DAYS,
  queueRedis,
  workerRedis,
  windowRedis,
  heartbeatUrl: config.HEARTBEAT_URL,
  notifications: {
    db: notificationDb,
    encryption: await createEncryption(config.SECRETS_KEY, config.SECRETS_KEY_PREVIOUS),
    publicUrl: config.PUBLIC_URL,
    stalls,
    outside: {
      post: createPost(
        createDial(parseNetworks(config.NOTIFICATION_ALLOWED_NETWORKS), { nat64 }),
        stalls,
      ),
      sendMail: (mail) => smtp.send(mail),
      telegramUrl: config.TELEGRAM_API_URL,
      pagerdutyUrl: config.PAGERDUTY_API_URL,
    },
  },
  metrics: createSchedulerMetrics(registry),
  logger,
});
const metricsServer = createMetricsServer({
  host: config.METRICS_HOST,
  port: config.METRICS_PORT,
  registry,
  dependencies: {
    database: () => ping(dispatchDb),
    queue: () => queueRedis.ping(),
    windows: () => Promise.all(windowRedis.map((redis) => redis.ping())),
  },
});

/** Abandons a connection when its server does not answer. */
const DISCONNECT_MS = 3000;

stopOnSignal(logger, [
  scheduler,
  { stop: async () => smtp.close() },
  { stop: async () => stalls.stop() },
  { stop: async () => nat64.stop() },
  metricsServer,
  {
    stop: () =>
      pTimeout(Promise.all([db, dispatchDb, notificationDb].map((pool) => pool.$disconnect())), {
        milliseconds: DISCONNECT_MS,
        message: false,
      }),
  },
]);
const { port } = await metricsServer.start();
void nat64.start();
await scheduler.start();
logger.info({ shards, metricsPort: port }, 'started');
