-- Takes tokens from the bucket KEYS[1] if it has enough. ARGV: its capacity, the tokens that flow in during a period, the
-- period in microseconds, the tokens to take. Time is that of Redis, so that clocks of gateways make no difference.
-- Answers, parted by blanks: 1 if they were taken, else 0; the tokens left; microseconds until there are enough, 0 if they
-- were taken; microseconds until the bucket is full.
local capacity, flow, period, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = capacity
if kept[1] then
    tokens = math.min(capacity, tonumber(kept[1]) + math.max(0, now - tonumber(kept[2])) * flow / period)
end
local wait = 0
if tokens >= wanted then
    tokens = tokens - wanted
else
    wait = math.ceil((wanted - tokens) * period / flow)
end
local full = math.ceil((capacity - tokens) * period / flow)
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens), 'at', string.format('%.0f', now))
-- A full bucket and none at all are the same.
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil(full / 1000) + 1000))
return string.format('%d %.0f %.0f %.0f', wait > 0 and 0 or 1, math.floor(tokens), wait, full)
