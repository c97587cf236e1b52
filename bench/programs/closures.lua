-- Functions made at run time, what they share, and functions that take functions.
local function counter()
  local count = 0
  local function add(by) count = count + by end
  local function get() return count end
  return add, get
end

local total = 0
for i = 1, 60000 do
  local add, get = counter()
  for j = 1, 5 do add(j) end
  total = total + get()
end

local function map(list, f)
  local result = {}
  for i = 1, #list do result[i] = f(list[i]) end
  return result
end

local function filter(list, test)
  local result = {}
  for i = 1, #list do
    local value = list[i]
    if test(value) then result[#result + 1] = value end
  end
  return result
end

local function fold(list, f, start)
  local value = start
  for i = 1, #list do value = f(value, list[i]) end
  return value
end

local function compose(f, g)
  return function(...) return f(g(...)) end
end

local list = {}
for i = 1, 1000 do list[i] = i end
for round = 1, 100 do
  local scale = compose(function(x) return x + round end, function(x) return x * 2 end)
  local even = filter(map(list, scale), function(x) return x % 2 == 0 end)
  total = total + fold(even, function(a, b) return (a + b) % 9973 end, 0) + #even
end
print(total)
