import { operationVariables } from '@gomon/runtime';
import Type, { type Static } from 'typebox';

export const SchedulerConfigSchema = Type.Object({
  DATABASE_URL: Type.String({ minLength: 1, description: 'PostgreSQL.' }),
  QUEUE_REDIS_URL: Type.String({ minLength: 1, description: 'The Redis of the job queues: no eviction, append-only.' }),
  WINDOW_REDIS_URL: Type.String({
    minLength: 1,
    description: 'The Redis of the window cache, or a comma list: shard s uses number s mod n.',
  }),
  SCHEDULER_SHARDS: Type.String({
    pattern: '^(all|\\d+(-\\d+)?(,\\d+(-\\d+)?)*)$',
    default: 'all',
    description: 'The shards that this scheduler serves: "all", or numbers and ranges such as "0-3,8".',
  }),
  CHECK_RETENTION_DAYS: Type.Integer({
    minimum: 1,
    maximum: 3650,
    default: 30,
    description: 'Days for which the rows of checks are kept.',
  }),
  HEARTBEAT_URL: Type.String({
    pattern: '^(https?://.+)?$',
    default: '',
    writeOnly: true,
    description: "A dead man's switch: called every 30 seconds while checks are dispatched, probed and stored in time.",
  }),
  ...operationVariables(8012),
});

export type SchedulerConfig = Static<typeof SchedulerConfigSchema>;

/** The shards that `text` names, out of `existing`. Throws when it names one that does not exist. */
export function selectShards(text: string, existing: readonly number[]): number[] {
  if (text === 'all') return [...existing];
  const named = text.split(',').flatMap((part) => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  });
  const absent = named.filter((shard) => !existing.includes(shard));
  if (absent.length > 0)
    throw new Error(`SCHEDULER_SHARDS names ${absent.join(', ')}, but the database has shards 0-${existing.length - 1}`);
  return [...new Set(named)];
}
