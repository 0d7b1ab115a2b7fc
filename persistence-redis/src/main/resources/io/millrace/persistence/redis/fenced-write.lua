-- Runs commands if no higher epoch has written to the group.
-- KEYS: 1 the group's epoch, others as the commands say
-- ARGV: 1 epoch, 2 ms until the epoch is forgotten (0: at once, this was the group's last write),
--       then commands: number of words after this one, name, index of its key, arguments...
-- Returns the highest epoch seen; higher than the writer's: nothing was written.
local seen = tonumber(redis.call('GET', KEYS[1]) or '-1')
local epoch = tonumber(ARGV[1])
if seen > epoch then
  return seen
end
local i = 3
while i <= #ARGV do
  local words = tonumber(ARGV[i])
  local command = {ARGV[i + 1], KEYS[tonumber(ARGV[i + 2])]}
  for j = 3, words do
    command[j] = ARGV[i + j]
  end
  redis.call(unpack(command))
  i = i + words + 1
end
if ARGV[2] == '0' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return epoch
