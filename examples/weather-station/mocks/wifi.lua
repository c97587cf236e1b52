--- A network that is always there: it is joined some seconds after the credentials are set.
--
-- `luacross run --mocks mocks` runs this file before the program and makes a global of the table
-- that it returns. The global is named after the file and cannot be changed, like a module of the
-- firmware. A mock has what its program uses, and no more.

local JOIN_MS = 4000 -- about what a real board needs
local ADDRESS = "192.168.1.57"

local eventmon = { STA_DISCONNECTED = 1, STA_GOT_IP = 3, reason = { BEACON_TIMEOUT = 200 } }
local wifi = { STATION = 1, sta = {}, eventmon = eventmon }

-- The module is constant as soon as this file has returned; what changes is kept beside it.
local callbacks = {}
local ssid

local function happen(event, details)
  if callbacks[event] then callbacks[event](details) end
end

local function join_soon()
  -- Never call back at once: no radio does, and a program must not be tested as if it did.
  tmr.create():alarm(JOIN_MS, tmr.ALARM_SINGLE, function()
    happen(eventmon.STA_GOT_IP, { IP = ADDRESS })
  end)
end

function eventmon.register(event, callback)
  callbacks[event] = callback
end

function wifi.setmode(mode)
  return mode
end

function wifi.sta.config(settings)
  ssid = settings.ssid
  join_soon()
  return true
end

--- Loses the network for a moment. No firmware has this; it is for the prompt and for tests.
function wifi.lose()
  happen(eventmon.STA_DISCONNECTED, { SSID = ssid, reason = eventmon.reason.BEACON_TIMEOUT })
  join_soon()
end

return wifi
