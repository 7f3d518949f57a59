-- ReadLease. KEYS: owner.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local o = redis.call('HMGET', KEYS[1], 'node', 'incarnation', 'epoch', 'expires')
local node = o[1] or ''
return {1, node, o[2] or '0', tonumber(o[3] or '0'), node == '' and 0 or tonumber(o[4] or '0') - now}
