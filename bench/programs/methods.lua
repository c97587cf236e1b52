-- Objects with methods in metatables, and one class that inherits from another.
local Point = {}
Point.__index = Point

function Point.new(x, y)
  return setmetatable({ x = x, y = y }, Point)
end

function Point:move(dx, dy)
  self.x = self.x + dx
  self.y = self.y + dy
  return self
end

function Point:area() return self.x * self.y end

function Point.__add(a, b) return Point.new(a.x + b.x, a.y + b.y) end

local Named = setmetatable({}, { __index = Point })
Named.__index = Named

function Named.new(x, y, name)
  local self = Point.new(x, y)
  self.name = name
  self.moves = 0
  return setmetatable(self, Named)
end

function Named:move(dx, dy)
  self.moves = self.moves + 1
  return Point.move(self, dx, dy)
end

local sum = 0
local plain, named = Point.new(1, 2), Named.new(3, 4, "n")
for i = 1, 400000 do
  local step = i % 7 - 3
  plain:move(step, -step)
  named:move(-step, step)
  sum = (sum + plain:area() + named:area()) % 1000003
end
for i = 1, 200000 do
  local both = Point.new(i % 1000, i % 900) + plain
  sum = (sum + both:area() % 97) % 1000003
end
print(string.format("%d %d", sum, named.moves))
