--- A DHT22 in a room that slowly gets warmer. Every fourth answer is damaged, since real ones are,
-- too: the station must ask again.

local dht = { OK = 0, ERROR_CHECKSUM = -1 }

local asked = 0

--- Tenths as the firmware gives them: 21.5 and 500, or 21 and 500 where there are only integers.
-- The division makes the difference; a fraction written here would not compile for those.
local function parts(tenths)
  return tenths / 10, tenths % 10 * 100
end

function dht.read()
  asked = asked + 1
  if asked % 4 == 0 then return dht.ERROR_CHECKSUM end
  local temperature, temperature_rest = parts(214 + asked)
  local humidity, humidity_rest = parts(488 - asked)
  return dht.OK, temperature, humidity, temperature_rest, humidity_rest
end

return dht
