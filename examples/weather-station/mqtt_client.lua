--- Publishes to an MQTT broker and listens for commands, over connections that come and go.
--
-- Messages wait here until the broker has confirmed them. One is under way at a time: the
-- firmware would queue more, but each is copied, and a slow broker could fill the heap.

local log = require("log")

local QUEUE_LIMIT = 8
local FIRST_WAIT_S, LONGEST_WAIT_S = 2, 300
local QOS = 1 -- at least once

local mqtt_client = {}

-- "down" (no network), "waiting", "connecting" or "online". Four names say what three booleans
-- would leave to be worked out, and comparing two strings is comparing two addresses.
local state = "down"
local wait_s = FIRST_WAIT_S
local queue, sending = {}, false -- entries are { topic, payload, retain }
local client, retry, settings, on_command
local status_topic, command_topic

local confirmed -- calls send_next and is passed by it: one of the two must be declared early

local function send_next()
  local message = queue[1]
  if state ~= "online" or sending or not message then return end
  -- publish() throws when the connection has just broken. An error that leaves a callback
  -- restarts the board; this one only means that "offline" is about to be reported.
  local topic, payload, retain = message[1], message[2], message[3]
  local ok, accepted = pcall(client.publish, client, topic, payload, QOS, retain, confirmed)
  sending = ok and accepted
end

confirmed = function()
  -- A late confirmation from before a reconnect must not remove what was not sent.
  if not sending then return end
  sending = false
  table.remove(queue, 1)
  send_next()
end

local connect -- declared early for the same reason

--- Tries again later, every time twice as late: a broker that restarts meets its clients one by
-- one. It also leaves the callback first; connecting from inside "offline" is not allowed.
local function wait(why)
  sending = false
  if state == "down" then return end
  log.warn("mqtt", "%s, next attempt in %d s", why, wait_s)
  state = "waiting"
  retry:alarm(wait_s * 1000, tmr.ALARM_SINGLE, connect)
  wait_s = math.min(wait_s * 2, LONGEST_WAIT_S)
end

local function connected()
  log.info("mqtt", "connected to %s", settings.host)
  state, wait_s, sending = "online", FIRST_WAIT_S, false
  client:subscribe(command_topic, QOS)
  -- Ahead of all that waits, unless it still does so from the connection before.
  if not queue[1] or queue[1][1] ~= status_topic then
    table.insert(queue, 1, { status_topic, "online", 1 })
  end
  send_next()
end

local function failed(_, reason)
  wait("refused with code " .. tostring(reason))
end

connect = function()
  state = "connecting"
  -- Firmware 2.2 wants 0 or 1 between port and callbacks, 3.0 wants false or true. Without TLS it
  -- can be left out, which both understand.
  local ok, message = pcall(client.connect, client, settings.host, settings.port, connected, failed)
  if not ok then wait(message) end
end

--- Prepares the client; it connects when the network is there.
-- @param options `host`, `port`, `keepalive_s`, `base`, and `user`, `password` if needed
-- @param command_handler called with every text that arrives at BASE/NAME/command
function mqtt_client.setup(name, options, command_handler)
  settings, on_command = options, command_handler
  -- Topics are joined once. Joining them for every message would leave the pieces as garbage.
  local base = options.base .. "/" .. name .. "/"
  status_topic, command_topic = base .. "status", base .. "command"

  retry = tmr.create()
  client = mqtt.Client(name, options.keepalive_s, options.user, options.password)
  -- The broker says this for us when we vanish: last will, confirmed, retained.
  client:lwt(status_topic, "offline", QOS, 1)
  client:on("offline", function() wait("connection lost") end)
  client:on("message", function(_, topic, text)
    if topic == command_topic and text then on_command(text) end
  end)
  return base
end

--- Tells the client that the network came or went.
function mqtt_client.network(is_up)
  retry:stop()
  sending = false
  if is_up then
    state, wait_s = "waiting", FIRST_WAIT_S
    retry:alarm(wait_s * 1000, tmr.ALARM_SINGLE, connect)
  else
    state = "down"
    pcall(client.close, client)
  end
end

--- Publishes a text under a full topic, now or when there is a connection.
-- When too much waits, the oldest is dropped: of measurements the newest matter.
function mqtt_client.publish(topic, payload, retain)
  if #queue >= QUEUE_LIMIT then
    log.warn("mqtt", "queue full, dropped a message to %s", topic)
    table.remove(queue, sending and 2 or 1)
  end
  queue[#queue + 1] = { topic, payload, retain and 1 or 0 }
  send_next()
end

return mqtt_client
