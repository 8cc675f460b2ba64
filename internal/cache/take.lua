-- Returns what is kept under KEYS[1]. Where nothing is, the caller may load it, and leaves the lease ARGV[1] for ARGV[2]
-- milliseconds; unless KEYS[2] says that it is being written.
if redis.call('EXISTS', KEYS[2]) == 1 then
  return ''
end
local kept = redis.call('GET', KEYS[1])
if not kept then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return kept
