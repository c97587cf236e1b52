--- A light sensor at dawn: half dark at the start, and brighter every second.

local HALF_DARK, BRIGHT = 512, 1024 -- 1024 means beyond what it can measure, as on the board

return {
  read = function() return math.min(HALF_DARK + tmr.time(), BRIGHT) end,
}
