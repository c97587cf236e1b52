--- A network without cables: a server listens, and `net.visit("/log")` is the browser.

local TRIP_MS = 10 -- what a packet takes

local net = {}
local server = {}
server.__index = server
local socket = {}
socket.__index = socket

local accept -- what the server does with a connection; this station has one server

local function later(run)
  tmr.create():alarm(TRIP_MS, tmr.ALARM_SINGLE, run)
end

function net.createServer()
  return setmetatable({}, server)
end

function server:listen(_, on_connection)
  accept = on_connection
end

function socket:on(event, callback)
  self[event] = callback
end

--- Prints what is sent, then says "sent". Only one packet may be under way, as on the board.
function socket:send(data)
  assert(not self.is_sending, "socket:send: the packet before has not been sent")
  self.is_sending = true
  -- Not `print`: pieces of a page are no lines. They are not collected either, for the heap of the
  -- board pays for what mocks keep.
  uart.write(0, data)
  later(function()
    self.is_sending = false
    self.sent(self)
  end)
end

function socket:close() end

--- Asks the server for a page and prints the answer. For the prompt and for tests: on a board, `net`
-- has nothing like it.
function net.visit(path)
  assert(accept, "net.visit: nobody listens")
  local visitor = setmetatable({}, socket)
  accept(visitor)
  later(function() visitor:receive("GET " .. path .. " HTTP/1.1\r\nHost: station\r\n\r\n") end)
end

return net
