-- Heartbeat. KEYS: members. ARGV: node@incarnation, node, incarnation, state, info (JSON), forget ms.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local raw = redis.call('HGET', KEYS[1], ARGV[1])
local mine = raw and cjson.decode(raw)
if not (mine and mine.state == 'dead') then
  local state, changes = ARGV[4], 0
  local all = redis.call('HGETALL', KEYS[1])
  for i = 1, #all, 2 do
    local node, incarnation = string.match(all[i], '^(.*)@(%d+)$')
    if node then
      local other = cjson.decode(all[i + 1])
      if other.state == 'dead' and other.at + tonumber(ARGV[6]) < now then
        redis.call('HDEL', KEYS[1], all[i])
      elseif node == ARGV[2] and tonumber(incarnation) < tonumber(ARGV[3]) and other.state ~= 'dead' then
        other.state = 'dead'
        other.at = now
        redis.call('HSET', KEYS[1], all[i], cjson.encode(other))
        changes = changes + 1
      elseif node == ARGV[2] and tonumber(incarnation) > tonumber(ARGV[3]) then
        state = 'dead'
      end
    end
  end
  if not mine or mine.state ~= state then changes = changes + 1 end
  if changes > 0 then redis.call('HINCRBY', KEYS[1], 'version', changes) end
  redis.call('HSET', KEYS[1], ARGV[1], cjson.encode({state = state, at = now, info = cjson.decode(ARGV[5]), votes = mine and mine.votes or {}}))
end
return {now, redis.call('HGETALL', KEYS[1])}
