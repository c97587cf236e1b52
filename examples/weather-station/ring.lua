--- A ring buffer: keeps the last `capacity` entries of `width` values each.
--
-- All values lie in one array. A table per entry would be easier to read and would cost 40 bytes
-- more for each; over 120 samples that is a tenth of the free heap.

local ring = {}
ring.__index = ring

-- Lua 5.1 has `unpack` as a global, Lua 5.3 has it in `table`.
local unpack = unpack or table.unpack

--- Makes a ring. @param width values per entry, 1 if omitted; none of them may be nil
function ring.new(capacity, width)
  local self = setmetatable({
    capacity = capacity,
    width = width or 1,
    count = 0, -- entries in use
    head = 0, -- 0-based place of the next entry
  }, ring)
  -- An array that grows is copied to a block of twice the size. Filling it now takes the whole
  -- block at boot, while the heap still has one, and not after a week when it is in pieces.
  for i = 1, capacity * self.width do
    self[i] = 0
  end
  return self
end

--- Adds an entry, in place of the oldest when the ring is full.
function ring:push(...)
  local base = self.head * self.width
  for column = 1, self.width do
    -- `{...}` would make a table for every call; `select` makes nothing.
    self[base + column] = (select(column, ...))
  end
  self.head = (self.head + 1) % self.capacity
  if self.count < self.capacity then self.count = self.count + 1 end
end

--- The values of entry `age`, 0 being the newest; nothing when there is no such entry.
function ring:get(age)
  if age >= self.count then return nil end
  local base = (self.head + self.capacity - 1 - age) % self.capacity * self.width
  return unpack(self, base + 1, base + self.width)
end

--- Iterates from the oldest entry to the newest: `for a, b in history:each() do`.
-- Entries that are pushed meanwhile shift the ages, so an entry may be seen twice: pages are sent
-- over many events, and a copy of the ring would be the dearer answer.
function ring:each(newest)
  local age = math.min(newest or self.count, self.count)
  return function()
    age = age - 1
    if age >= 0 then return self:get(age) end
  end
end

--- Smallest and largest value of a column; nothing when the ring is empty.
function ring:range(column)
  local lowest, highest
  for age = 0, self.count - 1 do
    local value = (select(column, self:get(age)))
    if not lowest or value < lowest then lowest = value end
    if not highest or value > highest then highest = value end
  end
  return lowest, highest
end

return ring
