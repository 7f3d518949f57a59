-- OfferCertificate. KEYS: certificate. ARGV: when the one before was made, when the new one was, the new one (sealed).
local c = redis.call('HMGET', KEYS[1], 'made', 'certificate')
local made = c[1] or '0'
if ARGV[2] ~= '0' and made == ARGV[1] then
  redis.call('HSET', KEYS[1], 'made', ARGV[2], 'certificate', ARGV[3])
  return {ARGV[2], ARGV[3]}
end
return {made, c[2] or ''}
