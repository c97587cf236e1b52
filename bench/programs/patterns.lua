-- Searching, matching and replacing with patterns in made-up text.
local words, seed = {}, 42
for i = 1, 3000 do
  seed = (seed * 1103 + 12345) % 65536
  local letters = {}
  for j = 1, 3 + seed % 6 do
    seed = (seed * 1103 + 12345) % 65536
    letters[j] = string.char(97 + seed % 26)
  end
  words[i] = table.concat(letters)
  if i % 10 == 0 then words[i] = "key" .. i .. "=" .. seed .. ";" end
  if i % 25 == 0 then words[i] = "[[ " .. words[i] .. " ]](" .. seed .. ")\n" end
end
local text = table.concat(words, " ")

local results = {}
local function note(value) results[#results + 1] = tostring(value) end

for round = 1, 12 do
  local count, total = 0, 0
  for word in string.gmatch(text, "%a+") do count, total = count + 1, total + #word end
  note(count + total)

  local pairsFound = 0
  for key, value in string.gmatch(text, "(%w+)=(%d+);") do pairsFound = pairsFound + #key * #value end
  note(pairsFound)

  local replaced, times = string.gsub(text, "[aeiou]+", "<%0>")
  note(#replaced + times)

  local capitals = string.gsub(text, "(%a)(%w*)", function(first, rest)
    return string.upper(first) .. rest
  end)
  note(#capitals .. string.sub(capitals, 1, 9))

  local at, found = 1, 0
  while true do
    local first, last = string.find(text, "%b()", at)
    if not first then break end
    at, found = last + 1, found + last - first
  end
  note(found)

  local trimmed = 0
  for line in string.gmatch(text, "[^\n]+") do
    trimmed = trimmed + #string.match(line, "^%s*(.-)%s*$")
  end
  note(trimmed)
end

print(table.concat(results, " ", 1, 6), #results)
