--- The settings of a station: a table that is made once, at boot.
--
-- Strings that are written in a module in LFS stay in flash, whoever refers to them. What costs
-- RAM here is the tables, some 40 bytes each and 20 to 40 for every field.
--
-- What differs from board to board, passwords above all, does not belong in an image that many
-- boards share. A file `site.json` on the board replaces any value below:
--
--   {"wifi": {"ssid": "attic", "password": "…"}, "mqtt": {"host": "10.0.0.2"}}

local SITE_FILE = "site.json"
local SITE_LIMIT = 1024 -- bytes; what is longer is cut off and will not decode

local config = {
  name = ("station-%06x"):format(node.chipid()),
  wifi = { ssid = "my-network", password = "change-me", give_up_s = 900 },
  -- `user` and `password` may be added; a broker in the house often asks for none.
  mqtt = { host = "192.168.1.10", port = 1883, keepalive_s = 60, base = "home/weather" },
  sensor = { pin = 4, period_s = 60, attempts = 3 },
  history = { samples = 120 },
  web = { port = 80 },
  log = { level = "info", lines = 16 },
}

local function merge(into, from)
  for key, value in pairs(from) do
    if type(value) == "table" and type(into[key]) == "table" then
      merge(into[key], value)
    else
      into[key] = value
    end
  end
end

local handle = file.exists(SITE_FILE) and file.open(SITE_FILE, "r")
if handle then
  local text = handle:read(SITE_LIMIT)
  handle:close()
  -- A typing error in a settings file is no reason to lose the board: keep what is built in.
  local ok, site = pcall(sjson.decode, text)
  if ok then
    merge(config, site)
  else
    print("config: " .. SITE_FILE .. " ignored: " .. tostring(site))
  end
end

return config
