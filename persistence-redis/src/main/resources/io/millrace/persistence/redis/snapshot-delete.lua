-- Deletes snapshots. KEYS: as snapshot-save; ARGV: members. Returns how many there were.
local count = 0
for _, member in ipairs(ARGV) do
  count = count + redis.call('ZREM', KEYS[1], member)
  redis.call('HDEL', KEYS[2], member)
end
return count
