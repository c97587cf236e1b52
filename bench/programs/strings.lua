-- Strings built piece by piece, joined, repeated, formatted, cut, and used as keys.
local format, sub, byte, char, rep = string.format, string.sub, string.byte, string.char, string.rep

local length = 0
for round = 1, 20 do
  local text = ""
  for i = 1, 2000 do text = text .. "line " .. i .. ";" end
  length = length + #text
end

local parts = {}
for i = 1, 60000 do parts[i] = format("%d:%s=%x", i, "name" .. i % 100, i * 7) end
local joined = table.concat(parts, ",")

local counts, kinds = {}, 0
for i = 1, 200000 do
  local at = i * 5
  local key = sub(joined, at, at + 1)
  if counts[key] then counts[key] = counts[key] + 1 else counts[key], kinds = 1, kinds + 1 end
end

local sum = 0
for i = 1, 300000 do sum = (sum * 31 + byte(joined, i)) % 65521 end

local turned = {}
for i = 1, 50000 do turned[i] = char(97 + i % 26) .. rep("x", i % 5) end
local upper = string.upper(table.concat(turned))

print(length, #joined, kinds, counts["1:"], sum, #upper, sub(upper, 1, 20))
