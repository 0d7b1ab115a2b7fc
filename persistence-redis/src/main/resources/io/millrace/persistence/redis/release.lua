-- Frees a key that this holder holds. KEYS: 1 key; ARGV: 1 holder. Returns 1 if it was held.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
