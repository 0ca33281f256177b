import { createEncryption } from '@gomon/encryption';
import { createDial, createNat64Discovery, parseNetworks } from '@gomon/egress';
import {
  connectRedis,
  createLogger,
  createMetricsServer,
  exitOnUncaughtError,
  loadConfig,
  stopOnSignal,
} from '@gomon/runtime';
import { Registry } from 'prom-client';
import { ProberConfigSchema, parseCanaries } from './config.ts';
import { createProbes } from './probes/all.ts';
import { createProber } from './prober.ts';
import { createSelfCheck } from './self-check/self-check.ts';

exitOnUncaughtError('prober');
const config = loadConfig(ProberConfigSchema, process.env);
const logger = createLogger('prober', config.LOG_LEVEL);
const registry = new Registry();

const blockingRedis = connectRedis(config.QUEUE_REDIS_URL, 'blocking', logger);
const redis = connectRedis(config.QUEUE_REDIS_URL, 'commands', logger);

const canaries = parseCanaries(config.PROBER_CANARIES);
const selfCheck = config.PROBER_SELF_CHECK
  ? createSelfCheck({ canaries, registry, logger })
  : undefined;
const nat64 = createNat64Discovery();
const dial = createDial(parseNetworks(config.PROBER_ALLOWED_NETWORKS), { nat64 });
const encryption = await createEncryption(config.SECRETS_KEY, config.SECRETS_KEY_PREVIOUS);
const probe = createProbes({ dial: selfCheck?.watch(dial) ?? dial, encryption, logger });
const { PROBER_CONCURRENCY: concurrency, PROBER_HOST_CONCURRENCY: hostConcurrency } = config;
const prober = createProber({
  blockingRedis,
  redis,
  probe,
  selfCheck,
  concurrency,
  hostConcurrency,
  registry,
  logger,
});
const metricsServer = createMetricsServer({
  host: config.METRICS_HOST,
  port: config.METRICS_PORT,
  registry,
  dependencies: { queue: () => redis.ping() },
});

stopOnSignal(logger, [prober, { stop: async () => nat64.stop() }, metricsServer]);
const { port } = await metricsServer.start();
void nat64.start();
await prober.start();
logger.info({ metricsPort: port, concurrency }, 'started');
