-- Makes a hash unless there is one; one that has the field ARGV[1] counts as none.
-- KEYS: 1 hash
-- ARGV: 1 field that marks a hash as void (empty: none), 2 ms until a new hash expires (0: never),
--       then fields and values
-- Returns fields and values of the hash that holds afterwards.
local void = ARGV[1] ~= '' and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1
if void or redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('DEL', KEYS[1])
  local command = {'HSET', KEYS[1]}
  for i = 3, #ARGV do
    command[i] = ARGV[i]
  end
  redis.call(unpack(command))
  if ARGV[2] ~= '0' then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
  end
end
return redis.call('HGETALL', KEYS[1])
