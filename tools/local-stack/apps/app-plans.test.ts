import { expect, test } from '@jest/globals';
import { planApps, type PlanOptions } from './app-plans.ts';

const options: PlanOptions = {
  environment: {
    PATH: '/bin',
    DATABASE_URL: 'of the shell',
    MIN_INTERVAL_SECONDS: '1',
    LOG_LEVEL: 'error',
  },
  connections: {
    databaseUrl: 'postgresql://db',
    queueRedisUrl: 'redis://queue',
    windowRedisUrl: 'redis://windows',
  },
  jwtSecret: 'jwt',
  secretsKey: 'key',
  apiPort: 8010,
  metricsPorts: [8011, 8012, 8013, 8014],
  counts: { schedulers: 1, probers: 2 },
};

test('numbers the processes of an app from the second on, each on a separate metrics port', () => {
  expect(planApps(options).map(({ name, app, metricsPort }) => [name, app, metricsPort])).toEqual([
    ['api', 'api', 8011],
    ['scheduler', 'scheduler', 8012],
    ['prober', 'prober', 8013],
    ['prober-2', 'prober', 8014],
  ]);
});

test('gives a prober neither the database nor the secret of the sessions, whatever the shell has', () => {
  for (const { environment } of planApps(options).filter(({ app }) => app === 'prober')) {
    expect(environment).not.toHaveProperty('DATABASE_URL');
    expect(environment).not.toHaveProperty('JWT_SECRET');
  }
});

test('gives each app the address with its own user, where there is one', () => {
  const own = {
    ofApi: { databaseUrl: 'postgresql://gomon_api@db' },
    ofScheduler: { databaseUrl: 'postgresql://gomon_scheduler@db' },
    ofProber: { queueRedisUrl: 'redis://prober@queue' },
  };
  const [api, scheduler, prober] = planApps({
    ...options,
    connections: { ...options.connections, ...own },
  });
  expect(api?.environment).toMatchObject({ DATABASE_URL: own.ofApi.databaseUrl });
  expect(scheduler?.environment).toMatchObject({
    DATABASE_URL: own.ofScheduler.databaseUrl,
    QUEUE_REDIS_URL: 'redis://queue',
  });
  expect(prober?.environment).toMatchObject({ QUEUE_REDIS_URL: own.ofProber.queueRedisUrl });
});

test('gives no app the password of another, whatever the shell has', () => {
  const environment = { API_DATABASE_PASSWORD: 'a', SCHEDULER_DATABASE_PASSWORD: 'b' };
  for (const plan of planApps({ ...options, environment }))
    expect(Object.keys(plan.environment)).not.toContain('API_DATABASE_PASSWORD');
});

test('passes on what the user set', () => {
  for (const { environment } of planApps(options))
    expect(environment).toMatchObject({ PATH: '/bin', MIN_INTERVAL_SECONDS: '1' });
});

test.each(['prober', 'api'])(
  'lets monitors look at this machine unless the user says what they may look at: %s',
  (app) => {
    const networks = (given: PlanOptions) =>
      planApps(given).find((plan) => plan.app === app)?.environment['PROBER_ALLOWED_NETWORKS'];
    expect(networks(options)).toBe('127.0.0.0/8,::1/128');
    expect(networks({ ...options, environment: { PROBER_ALLOWED_NETWORKS: '' } })).toBe('');
  },
);

test('keeps logs at level info for the files when the terminal shows less, and at debug when it shows more', () => {
  const level = (LOG_LEVEL: string) =>
    planApps({ ...options, environment: { LOG_LEVEL } })[0]?.environment['LOG_LEVEL'];
  expect(level('error')).toBe('info');
  expect(level('debug')).toBe('debug');
});
