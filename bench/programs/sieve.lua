-- Arrays that are filled, read and written by number.
local function sieve(limit)
  local composite = {}
  for i = 2, limit do composite[i] = false end
  local count = 0
  for i = 2, limit do
    if not composite[i] then
      count = count + 1
      for j = i + i, limit, i do composite[j] = true end
    end
  end
  return count
end

local total = 0
for _ = 1, 10 do total = total + sieve(200000) end
print(total)
