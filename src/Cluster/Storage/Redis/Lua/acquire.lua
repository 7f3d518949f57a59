-- AcquireLease. KEYS: owner. ARGV: node, incarnation, ttl ms, grace ms, lowest epoch, then every dead member as node@incarnation.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local o = redis.call('HMGET', KEYS[1], 'node', 'incarnation', 'epoch', 'expires')
local node, incarnation = o[1] or '', o[2] or '0'
local epoch, expires = tonumber(o[3] or '0'), tonumber(o[4] or '0')
local free = node == '' or (node == ARGV[1] and incarnation == ARGV[2]) or expires + tonumber(ARGV[4]) < now
for i = 6, #ARGV do
  if node .. '@' .. incarnation == ARGV[i] then free = true end
end
if not free then return {0, node, incarnation, epoch, expires - now} end
epoch = math.max(epoch, tonumber(ARGV[5])) + 1
redis.call('HSET', KEYS[1], 'node', ARGV[1], 'incarnation', ARGV[2], 'epoch', string.format('%.0f', epoch), 'expires', string.format('%.0f', now + ARGV[3]))
return {1, ARGV[1], ARGV[2], epoch, tonumber(ARGV[3])}
