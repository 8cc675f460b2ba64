-- What window.go does, where all processes share it.
--
-- KEYS[1]  the window: {first, last, count, last, count, …} packed, times in microseconds
-- ARGV[1]  requests allowed
-- ARGV[2]  length of the window, in microseconds
-- ARGV[3]  length of a group, in microseconds
-- ARGV[4]  1 to count the request, 0 to look only
-- ARGV[5]  the time, in microseconds; empty for this server's clock
--
-- Returns {1 where allowed, remaining, reset, retry after}, times in microseconds.
local limit, per, share = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local now = tonumber(ARGV[5])
if not now then
  local clock = redis.call('TIME')
  now = clock[1] * 1000000 + clock[2]
end

local packed = redis.call('GET', KEYS[1])
local stored = packed and cmsgpack.unpack(packed) or {0}

-- A clock set back by less than a window stands still until it has caught up; by more, the key begins anew.
if #stored > 1 then
  local newest = stored[#stored - 1]
  if newest - now > per then
    stored = {0}
  elseif newest > now then
    now = newest
  end
end

local window, used = {stored[1]}, 0
for i = 2, #stored, 2 do
  if stored[i] + per > now then
    window[#window + 1] = stored[i]
    window[#window + 1] = stored[i + 1]
    used = used + stored[i + 1]
  end
end

local allowed = used < limit
if allowed and ARGV[4] == '1' then
  used = used + 1
  if #window > 1 and now - window[1] < share then
    window[#window - 1] = now
    window[#window] = window[#window] + 1
  else
    window[1] = now
    window[#window + 1] = now
    window[#window + 1] = 1
  end
  -- A second longer than it counts, as this clock and that of expiry are not read at one moment.
  redis.call('SET', KEYS[1], cmsgpack.pack(window), 'PX', math.ceil(per / 1000) + 1000)
end

local reset, retry = 0, 0
if #window > 1 then
  reset = window[2] + per - now
end
local left = used
for i = 2, #window, 2 do
  if left < limit then
    break
  end
  left = left - window[i + 1]
  retry = window[i] + per - now
end
return {allowed and 1 or 0, math.max(limit - used, 0), reset, retry}
