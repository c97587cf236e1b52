-- Switches between coroutines: generators, a pipeline, and many that take turns.
local yield, wrap, resume, create = coroutine.yield, coroutine.wrap, coroutine.resume, coroutine.create

local sum = 0
local function range(count)
  return wrap(function()
    for i = 1, count do yield(i) end
  end)
end
for i in range(150000) do sum = (sum + i) % 1000003 end

local function filter(source, divisor)
  return wrap(function()
    for value in source do
      if value % divisor ~= 0 then yield(value) end
    end
  end)
end
local found = 0
for value in filter(filter(filter(range(60000), 2), 3), 5) do found = found + value % 7 end

local turns = 0
local tasks = {}
for i = 1, 100 do
  tasks[i] = create(function(step)
    local value = i
    while value < 1000 do value = value + yield(value) + step end
    return value
  end)
end
local left = #tasks
while left > 0 do
  for i = 1, #tasks do
    local task = tasks[i]
    if task then
      local ok, value = resume(task, 1)
      turns = turns + 1
      if not ok or value >= 1000 then tasks[i], left = false, left - 1 end
    end
  end
end
print(sum, found, turns)
