-- CommitCall. KEYS: owner, calls, call, reply, ended.
-- ARGV: node, incarnation, epoch, call-id, generation, version, tombstone (0/1), state, cookie, reply, reply ms, tombstone s.
local o = redis.call('HMGET', KEYS[1], 'node', 'incarnation', 'epoch')
if o[1] ~= ARGV[1] or o[2] ~= ARGV[2] or o[3] ~= ARGV[3] then return 'FENCED' end
local c = redis.call('HMGET', KEYS[3], 'epoch', 'incarnation', 'generation', 'version', 'state', 'tombstone')
if c[1] then
  -- Ours against the stored stamp, most significant first; the first difference decides.
  local ours = {ARGV[3], ARGV[2], ARGV[5], ARGV[6]}
  local order = 0
  for i = 1, 4 do
    if order == 0 then
      local a, b = tonumber(ours[i]), tonumber(c[i])
      if a < b then order = -1 elseif a > b then order = 1 end
    end
  end
  -- The same stamp twice is a commit whose outcome its owner never heard: the same state again, or it is not the same commit.
  if order < 0 or (order == 0 and (c[5] ~= ARGV[8] or c[6] ~= ARGV[7])) then return 'STALE' end
end
redis.call('HSET', KEYS[3], 'epoch', ARGV[3], 'incarnation', ARGV[2], 'generation', ARGV[5], 'version', ARGV[6], 'tombstone', ARGV[7], 'state', ARGV[8])
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if ARGV[7] == '1' then
  redis.call('ZREM', KEYS[2], ARGV[4])
  redis.call('ZADD', KEYS[5], now, ARGV[4])
  redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', now - ARGV[12] * 1000)
  redis.call('EXPIRE', KEYS[3], ARGV[12])
else
  redis.call('ZADD', KEYS[2], now, ARGV[4])
  redis.call('ZREM', KEYS[5], ARGV[4])
  redis.call('PERSIST', KEYS[3])
end
if ARGV[9] ~= '' then
  redis.call('HSET', KEYS[3], 'cookie', ARGV[9])
  redis.call('SET', KEYS[4], ARGV[10], 'PX', ARGV[11])
end
return 'OK'
