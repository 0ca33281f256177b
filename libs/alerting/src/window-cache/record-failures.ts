/**
 * One call per batch. ARGV: the shard; 1 when the input is everything that the rows have for these
 * windows; then for each group of monitors with equal input: window, oldest and newest slot, the
 * number of failing slots and those slots, and the monitors' ids, 36 characters each, concatenated.
 *
 * A monitor with failures has a sorted set: members are slots, `newest` is the newest slot seen
 * with any outcome, `unfilled` stays until the rows' content was recorded, across retries. Returns
 * four integers per monitor with a window: position in the batch, failures in the window, whether
 * the update was late, whether the window is unfilled.
 *
 * Keys contain the window, so a changed window starts empty, and the server's run id: a restart or
 * failover may lose the last writes, so windows of an earlier run are not used. Keys expire.
 *
 * One sorted set per shard lists the monitors with a window; it is read once per group. If it loses
 * one, only successes fail to move that window, and an alert without a window counts as changed
 * anyway.
 */
export const RECORD_FAILURES = `
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
local prefix = 'gomon:window:' .. ARGV[1] .. ':' .. run .. ':'
local index = 'gomon:windows:' .. ARGV[1] .. ':' .. run
local longest = 2 * 3600 + 60
local filled = ARGV[2] == '1'
local answer = {}

local function record(position, id, window, oldest, newest, failures)
  local key = prefix .. id .. ':' .. window
  local seen = redis.call('ZSCORE', key, 'newest')
  if not seen and #failures == 0 then return end
  if filled then redis.call('ZREM', key, 'unfilled') elseif not seen then redis.call('ZADD', key, '+inf', 'unfilled') end
  local late = seen and oldest < tonumber(seen)
  if seen and tonumber(seen) > newest then newest = tonumber(seen) end
  redis.call('ZADD', key, newest, 'newest')
  for _, slot in ipairs(failures) do redis.call('ZADD', key, slot, slot) end
  redis.call('ZREMRANGEBYSCORE', key, '-inf', newest - window)
  local unfilled = redis.call('ZSCORE', key, 'unfilled')
  local count = redis.call('ZCARD', key) - (unfilled and 2 or 1)
  if count == 0 then
    redis.call('DEL', key)
    redis.call('ZREM', index, id)
  else
    redis.call('EXPIRE', key, 2 * window + 60)
    redis.call('ZADD', index, newest, id)
  end
  for _, value in ipairs({ position, count, late and 1 or 0, unfilled and 1 or 0 }) do table.insert(answer, value) end
end

local at, position, latest = 3, 0, 0
while ARGV[at] do
  local window, oldest, newest = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local last = at + 4 + ARGV[at + 3]
  local failures = { unpack(ARGV, at + 4, last - 1) }
  local ids = {}
  for i = 1, #ARGV[last], 36 do ids[#ids + 1] = string.sub(ARGV[last], i, i + 35) end
  local known = redis.call('ZMSCORE', index, unpack(ids))
  for i, id in ipairs(ids) do
    position = position + 1
    if known[i] or #failures > 0 then record(position, id, window, oldest, newest, failures) end
  end
  latest = math.max(latest, newest)
  at = last + 1
end
redis.call('ZREMRANGEBYSCORE', index, '-inf', latest - longest)
redis.call('EXPIRE', index, longest)
return answer
`;
