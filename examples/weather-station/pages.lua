--- The pages of the station. The browser does what work it can: it draws the curves itself.
--
-- In LFS the long strings below take no RAM at all. Built from files they would need a buffer for
-- reading; written into a module outside LFS they would fill 2 KB of heap for as long as it runs.

local web_server = require("web_server")
local sensor = require("sensor")
local log = require("log")

local pages = {}

local HTML = "text/html; charset=utf-8"
local JSON = "application/json"
local TEXT = "text/plain; charset=utf-8"

local INDEX = [[<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{name}}</title>
<meta name="viewport" content="width=device-width">
<style>
body { font: 16px/1.5 sans-serif; margin: 2em auto; max-width: 40em; padding: 0 1em }
td { padding-right: 2em } td + td { font-weight: bold } svg { width: 100%; height: 10em }
</style></head><body>
<h1>{{name}}</h1>
<table>
<tr><td>Temperature</td><td>{{temperature}} °C</td><td>{{lowest}} to {{highest}} °C</td></tr>
<tr><td>Humidity</td><td>{{humidity}} %</td><td></td></tr>
<tr><td>Light</td><td>{{light}} %</td><td></td></tr>
</table>
<svg viewBox="0 0 100 100" preserveAspectRatio="none">
<polyline id="curve" fill="none" stroke="teal" vector-effect="non-scaling-stroke"/></svg>
<p>{{samples}} samples, up for {{uptime}} s, {{heap}} bytes free.
<a href="/history.json">history</a> <a href="/log">log</a></p>
<script>
fetch("/history.json").then(r => r.json()).then(rows => {
  const t = rows.map(row => row[1]), low = Math.min(...t), span = Math.max(...t) - low || 1;
  const points = t.map((v, i) => [100 * i / (t.length - 1 || 1), 95 - 90 * (v - low) / span]);
  document.getElementById("curve").setAttribute("points", points.join(" "));
});
</script></body></html>
]]

local NOTHING_YET = [[<!DOCTYPE html>
<meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>{{name}}</title>
<p>{{name}} has not measured anything yet.</p>
]]

local ROW = "[%d,%s,%s,%d]"

--- A producer for the samples as JSON: [[seconds ago, temperature, humidity, light], …].
local function history_json(history, newest)
  local following = history:each(newest)
  local now, separator, finished = tmr.time(), "[", false
  return function()
    if finished then return nil end
    local time, temperature, humidity, light = following()
    if not time then
      finished = true
      return separator == "[" and "[]" or "]"
    end
    local lead = separator
    separator = ",\n"
    return lead .. ROW:format(now - time, sensor.text(temperature), sensor.text(humidity), light)
  end
end

--- A producer for the last log lines.
local function log_text()
  local following = log.lines()
  return function()
    local line = following()
    return line and line .. "\n"
  end
end

--- Adds the pages to the server.
-- @param name of the station
-- @param history ring of time, temperature, humidity, light
function pages.install(name, history)
  web_server.route("/", function()
    local _, temperature, humidity, light = history:get(0)
    if not temperature then return HTML, web_server.template(NOTHING_YET, { name = name }) end
    local lowest, highest = history:range(2)
    return HTML, web_server.template(INDEX, {
      name = name,
      temperature = sensor.text(temperature),
      lowest = sensor.text(lowest),
      highest = sensor.text(highest),
      humidity = sensor.text(humidity),
      light = light,
      samples = history.count,
      uptime = tmr.time(),
      heap = node.heap(),
    })
  end)

  -- `?n=10` asks for the ten newest.
  web_server.route("/history.json", function(query)
    return JSON, history_json(history, tonumber(query:match("^n=(%d+)$")))
  end)

  web_server.route("/log", function()
    return TEXT, log_text()
  end)
end

return pages
