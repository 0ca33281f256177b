import type { Redis } from 'ioredis';
import type { ChaosStack } from '../stack/chaos-stack.ts';
import { resumeResults } from '../stack/queues.ts';
import type { RedisServer } from '../stack/redis.ts';
import { nothingToEnd, type FaultKind } from './fault.ts';

type RedisName = 'queue' | 'windows';

const lane = 'servers';

export const serverFaults: readonly FaultKind[] = [...redisFaults('queue'), ...redisFaults('windows'), ...databaseFaults()];

function redisFaults(name: RedisName): FaultKind[] {
  const of = (stack: ChaosStack): RedisServer => stack[name];
  const subjects = [name];
  const losesJobs = name === 'queue' ? ({ losesJobs: true } as const) : {};
  return [
    {
      name: `flush ${name}`,
      lane,
      subjects,
      seconds: [1, 3],
      ...losesJobs,
      inject: async ({ stack }) => {
        await of(stack).run((redis) => redis.flushall());
        return nothingToEnd;
      },
    },
    {
      name: `restart ${name}`,
      lane,
      subjects,
      seconds: [0.2, 3],
      inject: async ({ stack }) => {
        await of(stack).stop('SIGTERM');
        return () => of(stack).start();
      },
    },
    {
      name: `kill ${name}`,
      lane,
      subjects,
      seconds: [0.2, 5],
      inject: async ({ stack }) => {
        await of(stack).stop('SIGKILL');
        return () => of(stack).start();
      },
    },
    {
      name: `freeze ${name}`,
      lane,
      subjects,
      seconds: [1, 9],
      inject: async ({ stack }) => {
        of(stack).freeze();
        return async () => of(stack).thaw();
      },
    },
    {
      name: `lose last seconds of ${name}`,
      lane,
      subjects,
      seconds: [2, 6],
      ...losesJobs,
      inject: async ({ stack }) => {
        of(stack).remember();
        return async () => {
          await of(stack).stop('SIGKILL');
          of(stack).forget();
          await of(stack).start();
          if (name === 'queue') await resumeResults(stack.queue); // It may have been remembered while the queues were paused.
        };
      },
    },
    ...(name === 'windows' ? [evictWindows()] : []),
  ];
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
