-- AppendPlans. KEYS: owner, plans, log. ARGV: node, incarnation, epoch, length of the log, then call-id and plan of each.
local o = redis.call('HMGET', KEYS[1], 'node', 'incarnation', 'epoch', 'log_epoch', 'log')
if o[1] ~= ARGV[1] or o[2] ~= ARGV[2] or o[3] ~= ARGV[3] then return 'FENCED' end
local number = tonumber(o[5] or '0')
if o[4] ~= ARGV[3] then
  redis.call('DEL', KEYS[3])
  number = 0
end
for i = 5, #ARGV, 2 do
  number = number + 1
  redis.call('XADD', KEYS[3], 'MAXLEN', ARGV[4], string.format('%.0f-1', number), 'call', ARGV[i], 'plan', ARGV[i + 1])
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[2], ARGV[i])
  else
    redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
  end
end
redis.call('HSET', KEYS[1], 'log_epoch', ARGV[3], 'log', string.format('%.0f', number))
return 'OK'
