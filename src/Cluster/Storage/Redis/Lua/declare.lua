-- DeclareDead. KEYS: members. ARGV: subject, voter (node@incarnation both), fresh ms, lease ms.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local function find(id)
  local raw = redis.call('HGET', KEYS[1], id)
  local member = raw and cjson.decode(raw)
  return member and member.state ~= 'dead' and member
end
local subject = find(ARGV[1])
if subject and find(ARGV[2]) then
  subject.votes[ARGV[2]] = now
  local fresh = 0
  for voter, at in pairs(subject.votes) do
    if at + tonumber(ARGV[3]) >= now and find(voter) then fresh = fresh + 1 end
  end
  if fresh >= 2 or subject.at + tonumber(ARGV[4]) < now then
    subject.state = 'dead'
    subject.at = now
    redis.call('HINCRBY', KEYS[1], 'version', 1)
  end
  redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(subject))
end
return {now, redis.call('HGETALL', KEYS[1])}
