-- Small functions of numbers that are called in inner loops over arrays of fractions.
local function element(i, j)
  local both = i + j - 1
  return 1 / (both * (both - 1) * 0.5 + i)
end

local function multiply(x, y, count)
  for i = 1, count do
    local sum = 0
    for j = 1, count do sum = sum + x[j] * element(i, j) end
    y[i] = sum
  end
end

local function multiplyTransposed(x, y, count)
  for i = 1, count do
    local sum = 0
    for j = 1, count do sum = sum + x[j] * element(j, i) end
    y[i] = sum
  end
end

local count = 200
local u, v, t = {}, {}, {}
for i = 1, count do u[i] = 1 end
for _ = 1, 10 do
  multiply(u, t, count)
  multiplyTransposed(t, v, count)
  multiply(v, t, count)
  multiplyTransposed(t, u, count)
end
local vBv, vv = 0, 0
for i = 1, count do
  vBv = vBv + u[i] * v[i]
  vv = vv + v[i] * v[i]
end
print(string.format("%.9f", math.sqrt(vBv / vv)))
