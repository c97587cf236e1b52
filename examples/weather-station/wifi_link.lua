--- Keeps the board on the Wi-Fi network and tells the application when it comes and goes.
--
-- The SDK below the firmware reconnects on its own. What is left to do: report the changes once,
-- and restart when it has not managed for a long time, which at times is all that helps.

local log = require("log")

local CHECK_MS = 60000
local REPORT_EVERY = 20 -- failed attempts; one comes every few seconds

local eventmon = wifi.eventmon

local wifi_link = {}

local is_up = false
local down_since = 0 -- seconds of uptime
local failures = 0

--- The name of a disconnect reason. A search, since it is rare; an index would lie in RAM always.
local function reason_name(code)
  for name, value in pairs(eventmon.reason) do
    if value == code then return name end
  end
  return "reason " .. code
end

--- Connects, and stays connected.
-- @param settings `ssid`, `password`, `give_up_s`
-- @param on_up called with the address when the network is there
-- @param on_down called when it is gone
function wifi_link.start(settings, on_up, on_down)
  eventmon.register(eventmon.STA_GOT_IP, function(event)
    log.info("wifi", "connected as %s", event.IP)
    failures = 0
    if is_up then return end -- the address was only renewed
    is_up = true
    on_up(event.IP)
  end)

  -- This event comes for a lost connection and again for every attempt that fails.
  eventmon.register(eventmon.STA_DISCONNECTED, function(event)
    if failures % REPORT_EVERY == 0 then
      log.warn("wifi", "not connected to %s: %s", event.SSID, reason_name(event.reason))
    end
    failures = failures + 1
    if is_up then
      is_up, down_since = false, tmr.time()
      on_down()
    end
  end)

  tmr.create():alarm(CHECK_MS, tmr.ALARM_AUTO, function()
    if not is_up and tmr.time() - down_since > settings.give_up_s then
      log.error("wifi", "no network for %d s, restarting", settings.give_up_s)
      node.restart()
    end
  end)

  -- Mode and credentials could be stored in flash, too. They are not: that would be one write
  -- for every boot, and a second place that remembers the password.
  wifi.setmode(wifi.STATION, false)
  wifi.sta.config({
    ssid = settings.ssid,
    pwd = settings.password,
    auto = true,
    save = false,
  })
end

return wifi_link
