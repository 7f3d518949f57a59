-- RenewLease. KEYS: owner. ARGV: node, incarnation, epoch, ttl ms.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local o = redis.call('HMGET', KEYS[1], 'node', 'incarnation', 'epoch', 'expires')
local node = o[1] or ''
local left = node == '' and 0 or tonumber(o[4] or '0') - now
if not (node ~= '' and node == ARGV[1] and o[2] == ARGV[2] and o[3] == ARGV[3]) then
  return {0, node, o[2] or '0', tonumber(o[3] or '0'), left}
end
redis.call('HSET', KEYS[1], 'expires', string.format('%.0f', now + ARGV[4]))
return {1, node, o[2], tonumber(o[3]), tonumber(ARGV[4])}
