-- Saves a snapshot in the place of one with the same sequence number.
-- KEYS: 1 sorted set of SEQUENCE-NUMBER:TIMESTAMP by sequence number, 2 hash of the same to payloads
-- ARGV: 1 sequence number, 2 timestamp, 3 payload
local old = redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], ARGV[1])
for _, member in ipairs(old) do
  redis.call('ZREM', KEYS[1], member)
  redis.call('HDEL', KEYS[2], member)
end
local member = ARGV[1] .. ':' .. ARGV[2]
redis.call('ZADD', KEYS[1], ARGV[1], member)
redis.call('HSET', KEYS[2], member, ARGV[3])
return 1
