-- Nested numeric loops with whole numbers and fractions, and a while loop.
local sum = 0
for i = 1, 300 do
  for j = 1, 1000 do
    for k = 1, 10 do
      sum = (sum + i * j - k) % 1000003
    end
  end
end

local x = 0.5
for _ = 1, 2000000 do
  x = x * 3.7 * (1 - x)
end

local steps, n = 0, 837799
for round = 1, 2000 do
  local m = n
  while m ~= 1 do
    if m % 2 == 0 then m = m / 2 else m = 3 * m + 1 end
    steps = steps + 1
  end
end

print(string.format("%d %.9f %d", sum, x - x % 1e-9, steps))
