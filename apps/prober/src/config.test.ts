import { expect, test } from '@jest/globals';
import { loadConfig } from '@gomon/runtime';
import { ProberConfigSchema, parseCanaries } from './config.ts';

const required = { QUEUE_REDIS_URL: 'redis://127.0.0.1', SECRETS_KEY: 's'.repeat(32) };

test('needs the queue and the key only, and allows no network by default', () => {
  const config = loadConfig(ProberConfigSchema, required);
  expect(config).toMatchObject({ PROBER_CONCURRENCY: 500, METRICS_PORT: 8013, LOG_LEVEL: 'info' });
  expect(config.PROBER_ALLOWED_NETWORKS).toBe('');
});

test.each(['10.0.0.0/8', ' 127.0.0.0/8 , fd00::/8,', '::1/128'])(
  'accepts the networks "%s"',
  (list) => {
    expect(() =>
      loadConfig(ProberConfigSchema, { ...required, PROBER_ALLOWED_NETWORKS: list }),
    ).not.toThrow();
  },
);

test.each(['10.0.0.1', 'localhost', '10.0.0.0/33', '10.0.0.0/8 127.0.0.0/8', '10.0.0.0/8;::1/128'])(
  'refuses the networks "%s"',
  (list) => {
    const load = () =>
      loadConfig(ProberConfigSchema, { ...required, PROBER_ALLOWED_NETWORKS: list });
    expect(load).toThrow(/PROBER_ALLOWED_NETWORKS must be comma-separated networks such as/);
  },
);

test('runs the network self-check by default, without canaries', () => {
  const config = loadConfig(ProberConfigSchema, required);
  expect(config.PROBER_SELF_CHECK).toBe(true);
  expect(parseCanaries(config.PROBER_CANARIES)).toEqual([]);
  expect(
    loadConfig(ProberConfigSchema, { ...required, PROBER_SELF_CHECK: 'false' }).PROBER_SELF_CHECK,
  ).toBe(false);
});

test('reads canaries by name and by address', () => {
  const list = 'a.example.test:443, 10.1.2.3:53,[fd00::1]:80';
  expect(
    loadConfig(ProberConfigSchema, { ...required, PROBER_CANARIES: list }).PROBER_CANARIES,
  ).toBe(list);
  expect(parseCanaries(list)).toEqual([
    { host: 'a.example.test', port: 443 },
    { host: '10.1.2.3', port: 53 },
    { host: 'fd00::1', port: 80 },
  ]);
});

test.each(['a.example.test', 'https://a.example.test:443', 'fd00::1:80', '10.1.2.3:', 'a:1 b:2'])(
  'refuses the canaries "%s"',
  (list) => {
    expect(() => loadConfig(ProberConfigSchema, { ...required, PROBER_CANARIES: list })).toThrow(
      /PROBER_CANARIES/,
    );
  },
);
