--- A small HTTP server: routes, templates, and answers of any length in pieces.
--
-- The rule that shapes it: send one piece, wait for "sent", send the next. The firmware takes one
-- packet at a time, and a page that never exists as a whole never needs a block as large as itself.
-- So a body is either a string or a *producer*, a function that returns the next part, then nil.

local log = require("log")

local HEAD_LIMIT = 1024 -- bytes of a request's head
local PIECE = 1024 -- bytes to collect before sending; less than a packet holds
local SLICE = 256 -- bytes to cut from a string at once
local HEAP_RESERVE = 4000 -- below this, a new connection is turned away

local web_server = {}

local routes = {}

-- Constant text: part of the module, and with it in flash.
local HEAD =
  "HTTP/1.0 %s\r\nContent-Type: %s\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
local TEXT = "text/plain; charset=utf-8"
local ESCAPES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }

--- A producer that returns `text` in slices. A slice is copied to RAM when it is cut, not before.
local function slices(text)
  local at = 1
  return function()
    if at > #text then return nil end
    local slice = text:sub(at, at + SLICE - 1)
    at = at + SLICE
    return slice
  end
end

--- A producer that fills in a template: `{{key}}` becomes `values[key]`, safe for HTML.
function web_server.template(text, values)
  local at = 1
  return function()
    if at > #text then return nil end
    local from, to, key = text:find("{{(%w+)}}", at)
    if from == at then
      at = to + 1
      return (tostring(values[key]):gsub('[&<>"]', ESCAPES))
    end
    local stop = math.min((from or #text + 1) - 1, at + SLICE - 1)
    local slice = text:sub(at, stop)
    at = stop + 1
    return slice
  end
end

--- Collects what the producer gives until it makes a piece worth sending; nil at the end.
-- `text = text .. part` in a loop would copy all that is there for every part: ten parts of 100
-- bytes move 5,500 bytes and leave nine dead strings. A table is joined once, at the end.
local function next_piece(producer)
  local parts, size = {}, 0
  while size < PIECE do
    local part = producer()
    if not part then break end
    parts[#parts + 1] = part
    size = size + #part
  end
  if size > 0 then return table.concat(parts) end
end

--- Sends head and body, then closes.
local function respond(socket, status, kind, body)
  local producer = type(body) == "string" and slices(body) or body
  -- The socket comes as an argument each time. A callback that kept it as an upvalue would be held
  -- by the socket it holds, and neither would ever be collected.
  socket:on("sent", function(sck)
    local ok, piece = pcall(next_piece, producer)
    if not ok then log.error("web", "page broke off: %s", tostring(piece)) end
    if ok and piece then
      sck:send(piece)
    else
      sck:close()
    end
  end)
  socket:send(HEAD:format(status, kind))
end

--- Answers one request, given its head.
local function answer(socket, head)
  local method, path, query = head:match("^(%u+) ([^ ?]*)%??([^ ]*) HTTP")
  local handler = routes[path]
  log.debug("web", "%s %s", method or "?", path or "?")
  if not method then return respond(socket, "400 Bad Request", TEXT, "not HTTP\n") end
  if not handler then return respond(socket, "404 Not Found", TEXT, "no such page\n") end
  if method ~= "GET" then return respond(socket, "405 Method Not Allowed", TEXT, "GET only\n") end

  local ok, kind, body = pcall(handler, query)
  if ok then return respond(socket, "200 OK", kind, body) end
  log.error("web", "%s: %s", path, tostring(kind))
  respond(socket, "500 Internal Server Error", TEXT, "this page has a defect\n")
end

local function accept(socket)
  local head = ""
  socket:on("receive", function(sck, data)
    if not head then return end -- the answer is on its way
    -- Joining is right here: the head nearly always comes in one packet, so nothing is copied.
    head = head .. data
    if #head > HEAD_LIMIT or node.heap() < HEAP_RESERVE then
      head = nil
      return respond(sck, "503 Service Unavailable", TEXT, "too much for me\n")
    end
    if head:find("\r\n\r\n", 1, true) then
      local complete = head
      head = nil -- lets the collector have it while the page is being sent
      answer(sck, complete)
    end
  end)
end

--- Has `handler(query)` answer GET requests for `path`; it returns the content type and the body.
function web_server.route(path, handler)
  routes[path] = handler
end

function web_server.start(port)
  -- Without arguments this means the same to 2.2 (type, timeout) and to 3.0 (timeout).
  local listener = net.createServer()
  listener:listen(port, accept)
  log.info("web", "listening on port %d", port)
end

return web_server
