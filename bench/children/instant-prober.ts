// The prober of apps/prober with a probe that touches no network and answers at once or, with SPREAD_MS, at any moment within
// that time: what it costs is the prober's work with the queues.
import { connectRedis, createLogger, stopOnSignal } from '@gomon/runtime';
import { Registry } from 'prom-client';
import { type Finding, createProber } from '@gomon/prober/testing';

const timing = { dnsMs: 0, connectMs: 0.6, tlsMs: 0, firstByteMs: 0.3, totalMs: 1 };
const UP: Finding = { outcome: 'success', statusCode: 200, reason: null, durationMs: 1, timing };
const DOWN: Finding = {
  outcome: 'failure',
  statusCode: 500,
  reason: 'http_status',
  durationMs: 1,
  timing,
};

const redisUrl = process.env['QUEUE_REDIS_URL'] ?? '';
const spreadMs = Number(process.env['SPREAD_MS'] ?? 0);
const logger = createLogger('instant-prober', 'warn');
const prober = createProber({
  blockingRedis: connectRedis(redisUrl, 'blocking', logger),
  redis: connectRedis(redisUrl, 'commands', logger),
  probe: async (target) => {
    if (spreadMs > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * spreadMs));
    return target.kind === 'http' && target.url.endsWith('00') ? DOWN : UP;
  },
  concurrency: 20_000,
  hostConcurrency: 20_000,
  registry: new Registry(),
  logger,
});
stopOnSignal(logger, [prober]);
process.once('disconnect', () => process.exit(1));
await prober.start();
process.send?.('ready');
