-- ReleaseLease, and the hand-off to another member in the same step. KEYS: owner. ARGV: node, incarnation, epoch, to node, to incarnation, ttl ms.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local o = redis.call('HMGET', KEYS[1], 'node', 'incarnation', 'epoch', 'expires')
local node = o[1] or ''
local epoch = tonumber(o[3] or '0')
if not (node ~= '' and node == ARGV[1] and o[2] == ARGV[2] and o[3] == ARGV[3]) then
  return {0, node, o[2] or '0', epoch, node == '' and 0 or tonumber(o[4] or '0') - now}
end
if ARGV[4] == '' then
  redis.call('HSET', KEYS[1], 'node', '', 'incarnation', '0', 'expires', string.format('%.0f', now))
  return {1, '', '0', epoch, 0}
end
redis.call('HSET', KEYS[1], 'node', ARGV[4], 'incarnation', ARGV[5], 'epoch', string.format('%.0f', epoch + 1), 'expires', string.format('%.0f', now + ARGV[6]))
return {1, ARGV[4], ARGV[5], epoch + 1, tonumber(ARGV[6])}
