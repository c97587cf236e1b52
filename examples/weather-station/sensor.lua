--- Reads the sensors: a DHT22 (temperature, humidity) and a light sensor on the analogue input.
--
-- Temperature and humidity are whole tenths everywhere in this application, 215 for 21.5 °C. So
-- the same source serves firmware with floating point and firmware that has integers only, where
-- a literal such as 0.5 is a syntax error and where dht.read() gives the decimals separately.

local log = require("log")

-- Globals are found by name in a table, locals by their number in a register. What is used
-- often, or in a callback that must be quick, is worth one of the 50 locals a function may have.
-- (On a computer it may have 200. A board can compile, too, and there the compiler's list of them
-- lies on a C stack of a few KB; the cross-compiler holds to the same limit.)
local floor = math.floor

local sensor = {}

local SETTLE_MS = 2500 -- a DHT22 needs two seconds between readings

-- The compiler works this out while compiling: 0.5, or 0 where there are only integers.
local HALF = 1 / 2
local INTEGERS_ONLY = HALF == 0

--- Whole tenths, rounded, from what dht.read() gives.
local function to_tenths(value, thousandths)
  if INTEGERS_ONLY then return (value * 1000 + thousandths + 50) / 100 end
  return floor(value * 10 + HALF)
end

--- Tenths as text: "21.5", "-0.4".
function sensor.text(tenths)
  local sign = ""
  if tenths < 0 then
    sign, tenths = "-", -tenths
  end
  return ("%s%d.%d"):format(sign, floor(tenths / 10), tenths % 10)
end

--- Measures once: temperature, humidity (tenths) and light (0 to 100), or nil and the reason.
function sensor.read(pin)
  local status, temperature, humidity, temperature_rest, humidity_rest = dht.read(pin)
  if status == dht.ERROR_CHECKSUM then return nil, "checksum" end
  if status ~= dht.OK then return nil, "no answer" end
  local light = floor(math.min(adc.read(0), 1023) * 100 / 1023)
  return to_tenths(temperature, temperature_rest), to_tenths(humidity, humidity_rest), light
end

--- Measures now and then every `period_s` seconds.
-- @param settings `pin`, `period_s`, `attempts`
-- @param on_reading called with temperature, humidity, light
-- @return a function that measures at once, out of turn
function sensor.start(settings, on_reading)
  local retry = tmr.create()
  local left = 0

  local function attempt()
    local temperature, humidity, light = sensor.read(settings.pin)
    if temperature then return on_reading(temperature, humidity, light) end
    left = left - 1
    -- On failure the second value is the reason. Waiting in a loop would stop the network and
    -- end in a watchdog reset, so the rest happens in a later event.
    if left > 0 then
      retry:alarm(SETTLE_MS, tmr.ALARM_SINGLE, attempt)
    else
      log.warn("sensor", "no reading: %s", humidity)
    end
  end

  local function measure()
    left = settings.attempts
    attempt()
  end

  -- The timer keeps itself alive while it runs; no variable has to hold it.
  tmr.create():alarm(settings.period_s * 1000, tmr.ALARM_AUTO, measure)
  retry:alarm(SETTLE_MS, tmr.ALARM_SINGLE, measure)
  return measure
end

return sensor
