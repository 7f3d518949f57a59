-- ReadPlanLog. KEYS: owner, plans, log. ARGV: epoch and number of the last entry read, length of the log.
local o = redis.call('HMGET', KEYS[1], 'log_epoch', 'log')
local epoch, number = o[1] or '0', tonumber(o[2] or '0')
local after = tonumber(ARGV[2])
local plans = {}
if epoch ~= ARGV[1] or after > number or after < number - tonumber(ARGV[3]) then
  return {1, epoch, number, redis.call('HGETALL', KEYS[2])}
end
for _, entry in ipairs(redis.call('XRANGE', KEYS[3], string.format('%.0f-2', after), '+')) do
  plans[#plans + 1] = entry[2][2]
  plans[#plans + 1] = entry[2][4]
end
return {0, epoch, number, plans}
