-- table.sort of numbers, strings, and records by a comparison in Lua.
local seed = 7
local function random()
  seed = (seed * 1103 + 12345) % 65536
  return seed
end

local checks = {}
for round = 1, 4 do
  local numbers, names, records = {}, {}, {}
  for i = 1, 20000 do
    numbers[i] = random() * 16384 + random()
    names[i] = "n" .. random() .. "-" .. i
    records[i] = { key = random(), order = i }
  end
  table.sort(numbers)
  table.sort(names)
  table.sort(records, function(a, b)
    if a.key ~= b.key then return a.key < b.key end
    return a.order > b.order
  end)
  local sum = 0
  for i = 1, 20000, 100 do sum = (sum * 3 + numbers[i] + records[i].order) % 1000003 end
  checks[round] = sum .. names[10000]
end
print(table.concat(checks, " "))
