import { createSeal } from '@gomon/domain';
import { connectRedis, createLogger, createMetricsServer, exitOnUncaughtError, loadConfig, stopOnSignal } from '@gomon/runtime';
import { Registry } from 'prom-client';
import { ProberConfigSchema, parseNetworks } from './config.ts';
import { createEgressAgents } from './egress-guard.ts';
import { createHttpProbe } from './probe-http.ts';
import { createProber } from './prober.ts';

exitOnUncaughtError('prober');
const config = loadConfig(ProberConfigSchema, process.env);
const logger = createLogger('prober', config.LOG_LEVEL);
const registry = new Registry();

const blockingRedis = connectRedis(config.QUEUE_REDIS_URL, 'blocking', logger);
const redis = connectRedis(config.QUEUE_REDIS_URL, 'commands', logger);

const agents = createEgressAgents(parseNetworks(config.PROBER_ALLOWED_NETWORKS));
const probe = createHttpProbe({ agents, seal: await createSeal(config.SECRETS_KEY), logger });
const prober = createProber({ blockingRedis, redis, probe, concurrency: config.PROBER_CONCURRENCY, registry, logger });
const metricsServer = createMetricsServer({
  host: config.METRICS_HOST,
  port: config.METRICS_PORT,
  registry,
  dependencies: { queue: () => redis.ping() },
});

stopOnSignal(logger, [prober, metricsServer]);
const { port } = await metricsServer.start();
await prober.start();
logger.info({ metricsPort: port, concurrency: config.PROBER_CONCURRENCY }, 'started');
