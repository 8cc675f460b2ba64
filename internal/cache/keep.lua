-- Keeps ARGV[2] under KEYS[1] for ARGV[3] milliseconds, if the lease ARGV[1] is still there; says whether it was.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
