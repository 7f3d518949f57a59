-- RestampCalls. KEYS: owner, calls... ARGV: node, incarnation, epoch, and of each call what was read: epoch, incarnation, generation, version.
local o = redis.call('HMGET', KEYS[1], 'node', 'incarnation', 'epoch')
if o[1] ~= ARGV[1] or o[2] ~= ARGV[2] or o[3] ~= ARGV[3] then return 'FENCED' end
for i = 2, #KEYS do
  local c = redis.call('HMGET', KEYS[i], 'epoch', 'incarnation', 'generation', 'version')
  local at = 4 * i - 4
  if c[3] ~= ARGV[at + 2] or c[4] ~= ARGV[at + 3] then return 'STALE' end
  if c[1] ~= ARGV[3] or c[2] ~= ARGV[2] then
    if c[1] ~= ARGV[at] or c[2] ~= ARGV[at + 1] then return 'STALE' end
    redis.call('HSET', KEYS[i], 'epoch', ARGV[3], 'incarnation', ARGV[2])
  end
end
return 'OK'
