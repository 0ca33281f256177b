import type { Redis } from 'ioredis';
import { resumeResults } from '../stack/queues.ts';
import { nothingToEnd, type FaultKind } from './fault.ts';

type RedisName = 'queue' | 'windows';

const lane = 'servers';

export const serverFaults: readonly FaultKind[] = [
  ...redisFaults('queue'),
  ...redisFaults('windows'),
  ...databaseFaults(),
];

function redisFaults(name: RedisName): FaultKind[] {
  const subjects = [name];
  return [
    {
      name: `flush ${name}`,
      lane,
      subjects,
      seconds: [1, 3],
      ...losesJobs(name),
      inject: async ({ stack }) => {
        await stack[name].run((redis) => redis.flushall());
        return nothingToEnd;
      },
    },
    {
      name: `restart ${name}`,
      lane,
      subjects,
      seconds: [0.2, 3],
      inject: async ({ stack }) => {
        await stack[name].stop('SIGTERM');
        return () => stack[name].start();
      },
    },
    {
      name: `kill ${name}`,
      lane,
      subjects,
      seconds: [0.2, 5],
      inject: async ({ stack }) => {
        await stack[name].stop('SIGKILL');
        return () => stack[name].start();
      },
    },
    {
      name: `freeze ${name}`,
      lane,
      subjects,
      seconds: [1, 9],
      inject: async ({ stack }) => {
        stack[name].freeze();
        return async () => stack[name].thaw();
      },
    },
    loseSeconds(name),
    ...(name === 'windows' ? [evictWindows()] : []),
  ];
}

function loseSeconds(name: RedisName): FaultKind {
  return {
    name: `lose last seconds of ${name}`,
    lane,
    subjects: [name],
    seconds: [2, 6],
    ...losesJobs(name),
    inject: async ({ stack }) => {
      stack[name].remember();
      return async () => {
        await stack[name].stop('SIGKILL');
        stack[name].forget();
        await stack[name].start();
        if (name === 'queue') await resumeResults(stack.queue); // It may have been remembered while the queues were paused.
      };
    },
  };
}

function losesJobs(name: RedisName): Pick<FaultKind, 'losesJobs'> {
  return name === 'queue' ? { losesJobs: true } : {};
}

function evictWindows(): FaultKind {
  return {
    name: 'evict windows',
    lane,
    subjects: ['windows'],
    seconds: [1, 3],
    inject: async ({ stack, random }) => {
      await stack.windows.run(async (redis: Redis) => {
        const keys = (await redis.keys('*')).sort().filter(() => random.next() < 0.5);
        if (keys.length > 0) await redis.del(keys);
      });
      return nothingToEnd;
    },
  };
}

function databaseFaults(): FaultKind[] {
  const subjects = ['postgres'];
  const stops = {
    'restart postgres fast': 'SIGINT',
    'restart postgres immediately': 'SIGQUIT',
    'kill postgres': 'SIGKILL',
  } as const;
  return [
    ...Object.entries(stops).map(([name, signal]): FaultKind => ({
      name,
      lane,
      subjects,
      seconds: [0.2, 4],
      inject: async ({ stack }) => {
        await stack.database.stop(signal);
        return () => stack.database.start();
      },
    })),
    {
      name: 'freeze postgres',
      lane,
      subjects,
      seconds: [1, 9],
      inject: async ({ stack }) => {
        stack.database.freeze();
        return async () => stack.database.thaw();
      },
    },
  ];
}
