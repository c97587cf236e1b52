--- The weather station: puts the parts together. Every part works alone and knows none of the
-- others but `log`; what happens when something is measured or said is decided here.

local config = require("config")
local log = require("log")
log.setup(config.log.level, config.log.lines)

local ring = require("ring")
local sensor = require("sensor")
local wifi_link = require("wifi_link")
local mqtt_client = require("mqtt_client")
local web_server = require("web_server")
local pages = require("pages")

-- Seconds of uptime, temperature, humidity, light.
local history = ring.new(config.history.samples, 4)

local READING = '{"temperature":%s,"humidity":%s,"light":%d}'

local measure, reading_topic

--- What the station can be told over MQTT.
local commands = {
  measure = function() measure() end,
  restart = function() node.restart() end,
  heap = function() log.info("app", "%d bytes free", node.heap()) end,
}

local base = mqtt_client.setup(config.name, config.mqtt, function(text)
  local command = commands[text]
  if command then return command() end
  log.warn("app", "unknown command %q", text)
end)
reading_topic = base .. "reading"

measure = sensor.start(config.sensor, function(temperature, humidity, light)
  history:push(tmr.time(), temperature, humidity, light)
  -- One format makes one string. sjson.encode() would want a table first.
  local payload = READING:format(sensor.text(temperature), sensor.text(humidity), light)
  log.debug("app", "%s", payload)
  mqtt_client.publish(reading_topic, payload, true)
end)

pages.install(config.name, history)
web_server.start(config.web.port)

wifi_link.start(config.wifi, function()
  mqtt_client.network(true)
end, function()
  mqtt_client.network(false)
end)

-- Firmware 3.0 lets us keep the last words of a crash. It restarts the board all the same.
if node.setonerror then
  node.setonerror(function(message)
    file.putcontents("crash.txt", message)
    node.restart()
  end)
end

-- `require` remembers every module for ever. Whoever needs one has it in a local by now, so what
-- only boot needed can go, and with it the settings that nobody kept.
package.loaded.config = nil
collectgarbage()

log.info("app", "%s started, %d bytes free", config.name, node.heap())
