-- Writes a durable-state record at a revision, if the writer may.
-- KEYS: 1 record
-- ARGV: 1 revision, 2 writer's token, 3 "1" when this writer has read or written the record before,
--       4 token and 5 revision of the record that it read then (empty, 0: none),
--       6 ms until expiry (0: never), 7 "1" for a tombstone, 8 serializer id, 9 manifest, 10 tag, 11 payload
-- Returns outcome and the revision that was stored before.
--   written    over the revision before
--   repeated   this very write was here already: its answer was lost
--   rewritten  the store had lost the record, or had an older one of this writer or of its predecessor
--   stale      this writer's own view is old
--   fenced     another writer has written
local stored = redis.call('HMGET', KEYS[1], 'revision', 'writer')
local present = stored[1] and true or false
local before = tonumber(stored[1] or '0')
local revision = tonumber(ARGV[1])
local mine = stored[2] == ARGV[2]
local predecessor = stored[2] == ARGV[4] and before <= tonumber(ARGV[5])

local outcome
if present and mine and before == revision and redis.call('HGET', KEYS[1], 'payload') == ARGV[11] then
  outcome = 'repeated'
elseif ARGV[3] ~= '1' then
  if before == revision - 1 then
    outcome = 'written'
  elseif present and not mine and before >= revision then
    outcome = 'fenced'
  else
    outcome = 'stale'
  end
elseif not present then
  outcome = revision == 1 and 'written' or 'rewritten'
elseif not (mine or predecessor) then
  outcome = 'fenced'
elseif before == revision - 1 then
  outcome = 'written'
elseif before < revision then
  outcome = 'rewritten'
else
  outcome = 'stale'
end

if outcome == 'written' or outcome == 'rewritten' then
  redis.call('HSET', KEYS[1], 'revision', ARGV[1], 'writer', ARGV[2], 'deleted', ARGV[7],
    'serializer', ARGV[8], 'manifest', ARGV[9], 'tag', ARGV[10], 'payload', ARGV[11])
  if ARGV[6] == '0' then
    redis.call('PERSIST', KEYS[1])
  else
    redis.call('PEXPIRE', KEYS[1], ARGV[6])
  end
end
return {outcome, tostring(before)}
