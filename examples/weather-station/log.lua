--- Log lines: to the serial port, and the last few to whoever asks (see `/log` in pages.lua).
--
-- The text is given as a format and its values, not as a finished string, so that a line below
-- the threshold costs one comparison: no string is built, nothing is left for the collector.

local ring = require("ring")

local log = {}

local DEBUG, INFO, WARN, ERROR = 1, 2, 3, 4
local threshold = INFO
local tail

--- @param level "debug", "info", "warn" or "error"; what is less important is dropped
-- @param lines how many lines to keep
function log.setup(level, lines)
  local ranks = { debug = DEBUG, info = INFO, warn = WARN, error = ERROR }
  threshold = ranks[level] or INFO
  tail = ring.new(lines)
end

local function write(mark, tag, text, ...)
  -- Messages of the firmware may hold a "%"; a text without values is not a format.
  if select("#", ...) > 0 then text = text:format(...) end
  local line = ("%6d %s %s: %s"):format(tmr.time(), mark, tag, text)
  print(line)
  if tail then tail:push(line) end
end

function log.debug(...)
  if threshold <= DEBUG then write("D", ...) end
end

function log.info(...)
  if threshold <= INFO then write("I", ...) end
end

function log.warn(...)
  if threshold <= WARN then write("W", ...) end
end

function log.error(...)
  if threshold <= ERROR then write("E", ...) end
end

--- Iterates over the lines that were kept, oldest first.
function log.lines()
  return tail:each()
end

return log
