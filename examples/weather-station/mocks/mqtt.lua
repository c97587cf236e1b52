--- A broker that accepts everyone and prints what is published.

local ANSWER_MS = 50 -- until the broker's answer is there

local mqtt = {}
local client = {}
client.__index = client

local current -- the client that is connected; this station has one

local function soon(run)
  tmr.create():alarm(ANSWER_MS, tmr.ALARM_SINGLE, run)
end

function mqtt.Client(name)
  return setmetatable({ name = name, callbacks = {} }, client)
end

function client:on(event, callback)
  self.callbacks[event] = callback
end

function client:lwt(topic, text)
  self.will_topic, self.will = topic, text
end

function client:connect(_, _, connected)
  soon(function()
    current = self
    connected(self)
  end)
end

function client:subscribe(topic)
  self.topic = topic
  return true
end

--- Prints the message and confirms it later. Throws without a connection, as the real one does.
function client:publish(topic, text, _, _, confirmed)
  if current ~= self then error("not connected", 2) end
  print("broker: " .. topic .. " " .. text)
  soon(function() confirmed(self) end)
  return true
end

function client:close()
  if current == self then current = nil end
end

-- No firmware has what follows; it is for the prompt and for tests.

--- Sends a text to what the station subscribed to: `mqtt.say("measure")`.
function mqtt.say(text)
  assert(current, "mqtt.say: nobody is connected")
  current.callbacks.message(current, current.topic, text)
end

--- Breaks the connection; the broker then speaks the last will.
function mqtt.drop()
  assert(current, "mqtt.drop: nobody is connected")
  local dropped = current
  current = nil
  print("broker: " .. dropped.will_topic .. " " .. dropped.will)
  dropped.callbacks.offline(dropped)
end

return mqtt
