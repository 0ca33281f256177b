import { expect, test } from '@jest/globals';
import { loadConfig } from '@gomon/runtime';
import { ProberConfigSchema, parseNetworks } from './config.ts';

const required = { QUEUE_REDIS_URL: 'redis://127.0.0.1', SECRETS_KEY: 's'.repeat(32) };

test('needs the queue and the key only, and allows no network by default', () => {
  const config = loadConfig(ProberConfigSchema, required);
  expect(config).toMatchObject({ PROBER_CONCURRENCY: 500, METRICS_PORT: 8013, LOG_LEVEL: 'info' });
  expect(parseNetworks(config.PROBER_ALLOWED_NETWORKS)).toEqual([]);
});

test.each(['10.0.0.0/8', ' 127.0.0.0/8 , fd00::/8,', '::1/128'])('accepts the networks "%s"', (list) => {
  expect(() => loadConfig(ProberConfigSchema, { ...required, PROBER_ALLOWED_NETWORKS: list })).not.toThrow();
});

test.each(['10.0.0.1', 'localhost', '10.0.0.0/33', '10.0.0.0/8 127.0.0.0/8', '10.0.0.0/8;::1/128'])(
  'refuses the networks "%s"',
  (list) => {
    const load = () => loadConfig(ProberConfigSchema, { ...required, PROBER_ALLOWED_NETWORKS: list });
    expect(load).toThrow(/PROBER_ALLOWED_NETWORKS must be networks such as/);
  },
);
