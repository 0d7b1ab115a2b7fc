-- Appends events to a journal, all or none.
-- KEYS: 1 stream; entry ids are SEQUENCE-NUMBER-0, fields: payload, writer
-- ARGV: per event sequence number, payload, writer
-- Returns written, repeated (these very events are there: an answer was lost) or conflict.
local last = 0
if redis.call('EXISTS', KEYS[1]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then
      last = tonumber(string.match(info[i + 1], '^%d+'))
    end
  end
end
if last >= tonumber(ARGV[1]) then
  for i = 1, #ARGV, 3 do
    local id = ARGV[i] .. '-0'
    local entry = redis.call('XRANGE', KEYS[1], id, id)[1]
    if not entry or entry[2][2] ~= ARGV[i + 1] or entry[2][4] ~= ARGV[i + 2] then
      return 'conflict'
    end
  end
  return 'repeated'
end
for i = 1, #ARGV, 3 do
  redis.call('XADD', KEYS[1], ARGV[i] .. '-0', 'payload', ARGV[i + 1], 'writer', ARGV[i + 2])
end
return 'written'
