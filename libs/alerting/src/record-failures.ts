/**
 * One call per batch. ARGV: the shard, then for each monitor its id, window, oldest and newest slot, number of failing
 * slots, and those slots. A sorted set per monitor with failures: members are slots, and `newest` is the newest slot seen,
 * whatever its outcome. Answers four integers for each monitor that has a window: position in the batch, failures in the
 * window, whether the update was late, whether the window was absent.
 *
 * The keys carry the window, so that another one begins anew, and the server's run id: after a restart or a failover the last writes may be lost, so no window of an
 * earlier run is believed. They expire by themselves.
 */
export const RECORD_FAILURES = `
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
local prefix = 'gomon:window:' .. ARGV[1] .. ':' .. run .. ':'
local answer = {}
local at, position = 2, 0
while ARGV[at] do
  position = position + 1
  local key = prefix .. ARGV[at] .. ':' .. ARGV[at + 1]
  local window = tonumber(ARGV[at + 1])
  local oldest, newest = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local count = tonumber(ARGV[at + 4])
  local seen = redis.call('ZSCORE', key, 'newest')
  if seen or count > 0 then
    local late = seen and oldest < tonumber(seen)
    if seen and tonumber(seen) > newest then newest = tonumber(seen) end
    redis.call('ZADD', key, newest, 'newest')
    for i = at + 5, at + 4 + count do redis.call('ZADD', key, ARGV[i], ARGV[i]) end
    redis.call('ZREMRANGEBYSCORE', key, '-inf', newest - window)
    local failures = redis.call('ZCARD', key) - 1
    if failures == 0 then redis.call('DEL', key) else redis.call('EXPIRE', key, 2 * window + 60) end
    for _, value in ipairs({ position, failures, late and 1 or 0, seen and 0 or 1 }) do table.insert(answer, value) end
  end
  at = at + 5 + count
end
return answer
`;
