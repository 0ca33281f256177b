import { PROBERS_KEY } from './prober-heartbeat.ts';
import { PROBE_QUEUE, QUEUE_PREFIX, QUARANTINE_QUEUE } from './queues.ts';

/** The Redis user for probers. */
export const PROBER_USER = 'prober';

const KEYS = [
  `${QUEUE_PREFIX}:${PROBE_QUEUE}:*`,
  `${QUEUE_PREFIX}:${QUARANTINE_QUEUE}:*`,
  `${QUEUE_PREFIX}:results-*:*`,
  PROBERS_KEY,
];

/** What a connection, BullMQ's worker and its `add` use, including the commands in their scripts. */
const COMMANDS = [
  ...['client|setname', 'eval', 'evalsha', 'exec', 'info', 'multi', 'ping', 'time'],
  ...['del', 'exists', 'get', 'incr', 'persist', 'pexpire', 'pttl', 'set'],
  ...['hdel', 'hexists', 'hget', 'hgetall', 'hincrby', 'hmget', 'hmset', 'hset'],
  ...['llen', 'lpos', 'lpush', 'lrange', 'lrem', 'ltrim', 'rpoplpush', 'rpush'],
  ...['sadd', 'scard', 'smembers', 'srem', 'xadd', 'xtrim'],
  ...[
    'bzpopmin',
    'zadd',
    'zcard',
    'zpopmin',
    'zrange',
    'zrangebyscore',
    'zrem',
    'zremrangebyrank',
    'zremrangebyscore',
  ],
  ...['zrevrange', 'zrevrangebyscore', 'zscore'],
];

/**
 * A prober's Redis permissions as ACL rules: its two queues, the results queues, and the list of
 * probers. It can damage these, but can neither read nor write anything else, nor disturb the
 * server.
 */
export const PROBER_PERMISSIONS: readonly string[] = [
  ...['resetkeys', 'resetchannels', 'nocommands'],
  ...KEYS.map((pattern) => `~${pattern}`),
  ...COMMANDS.map((command) => `+${command}`),
];
