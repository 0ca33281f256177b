/**
 * One call per batch. ARGV: the shard, 1 when what is recorded is all that the rows have of the windows, then for each group of
 * monitors that have the same to record: their window, oldest and newest slot, the number of failing slots and those slots, and the
 * monitors' ids, of 36 characters each, in one. A sorted set per monitor with failures: members are slots, `newest` is the newest slot
 * seen, whatever its outcome, and `unfilled` is there until what the rows have was recorded, however often that is tried. Answers four
 * integers for each monitor that has a window: position in the batch, failures in the window, whether the update was late, whether the
 * window is unfilled.
 *
 * The keys carry the window, so that another one begins anew, and the server's run id: after a restart or a failover the last writes may be
 * lost, so no window of an earlier run is believed. They expire by themselves.
 *
 * Who has a window is looked up in one sorted set of the shard, once for a group. Should it have lost one, nothing is wrong but that successes
 * do not move that window: an alert without a window is suspected anyway.
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
