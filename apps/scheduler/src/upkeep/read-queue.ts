import type { QueueReading } from '@gomon/persistence';
import {
  HEARTBEAT_SECONDS,
  PROBERS_KEY,
  PROBE_QUEUE,
  QUEUE_PREFIX,
  resultQueueName,
} from '@gomon/queue-contracts';
import type { Redis } from 'ioredis';

/**
 * What waits on the queues of these shards, and the number of live probers. Throws when Redis does
 * not answer.
 */
export async function readQueue(redis: Redis, shards: readonly number[]): Promise<QueueReading> {
  const keys = [
    PROBERS_KEY,
    `${QUEUE_PREFIX}:${PROBE_QUEUE}:`,
    ...shards.map((shard) => `${QUEUE_PREFIX}:${resultQueueName(shard)}:`),
  ];
  const answer = (await redis.eval(READ_QUEUE, keys.length, ...keys, HEARTBEAT_SECONDS)) as [
    number,
    string | null,
    string | null,
  ];
  const [probersSeen, oldestProbeJobAt, oldestResultAt] = answer;
  return {
    probersSeen,
    oldestProbeJobAt: oldestProbeJobAt === null ? null : Number(oldestProbeJobAt),
    oldestResultAt: oldestResultAt === null ? null : Number(oldestResultAt),
  };
}

/**
 * A probe job's timestamp is its dispatch, by the database's clock; a result job is dated by its
 * first result, because its timestamp comes from the prober's clock. Of results to retry, the next
 * ones due count.
 */
const READ_QUEUE = `
local now = redis.call('TIME')
local seen_since = (now[1] - ARGV[1]) * 1000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', seen_since)

local function ids_of(queue)
  local ids = redis.call('ZRANGE', queue .. 'delayed', 0, 9)
  for _, id in ipairs(redis.call('LRANGE', queue .. 'active', 0, 9)) do ids[#ids + 1] = id end
  ids[#ids + 1] = redis.call('LINDEX', queue .. 'wait', -1) or nil
  return ids
end

local oldest_result = false
for i = 3, #KEYS do
  for _, id in ipairs(ids_of(KEYS[i])) do
    local data = redis.call('HGET', KEYS[i] .. id, 'data')
    local at = tonumber(data and string.match(data, '"checkedAt":(%d+)'))
    if at and (not oldest_result or at < oldest_result) then oldest_result = at end
  end
end

local next_probe = redis.call('LINDEX', KEYS[2] .. 'wait', -1)
local oldest_probe = next_probe and redis.call('HGET', KEYS[2] .. next_probe, 'timestamp')
return {redis.call('ZCARD', KEYS[1]), oldest_probe, oldest_result and string.format('%.0f', oldest_result)}
`;
