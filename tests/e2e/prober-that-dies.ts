// The prober of apps/prober, which the probe of the URL that ends in the number given kills on the spot.
import { createEncryption } from '@gomon/encryption';
import { createDial, parseNetworks } from '@gomon/egress';
import { connectRedis, createLogger, stopOnSignal } from '@gomon/runtime';
import { Registry } from 'prom-client';
import { createProbes, createProber } from '@gomon/prober/testing';

const redisUrl = process.env['QUEUE_REDIS_URL'] ?? '';
const logger = createLogger('prober-that-dies', 'fatal');
const probe = createProbes({
  dial: createDial(parseNetworks('127.0.0.0/8')),
  encryption: await createEncryption('s'.repeat(32)),
  logger,
});
const prober = createProber({
  blockingRedis: connectRedis(redisUrl, 'blocking', logger),
  redis: connectRedis(redisUrl, 'commands', logger),
  probe: async (target, halt) => {
    if (target.kind === 'http' && target.url.endsWith(`/${process.argv[2]}`))
      process.kill(process.pid, 'SIGKILL');
    return probe(target, halt);
  },
  concurrency: 200,
  hostConcurrency: 200,
  registry: new Registry(),
  logger,
  lockMs: 1500,
});
stopOnSignal(logger, [prober]);
process.once('disconnect', () => process.exit(1));
await prober.start();
