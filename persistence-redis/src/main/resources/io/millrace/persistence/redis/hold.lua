-- Takes or keeps a key for a holder.
-- KEYS: 1 key; ARGV: 1 holder, 2 ms until it is free again without another call
-- Returns who holds it afterwards.
local holder = redis.call('GET', KEYS[1])
if not holder or holder == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return ARGV[1]
end
return holder
