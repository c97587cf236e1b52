/**
 * Small modules whose memory was measured. Each is about one thing that weighs; the last ones are
 * like what people write. All are for every target, so they have no fractions.
 */

/** `count` copies of a text, `#` being their number from 1 on. */
function repeated(count: number, text: string): string {
  return Array.from({ length: count }, (_, i) => text.replaceAll("#", String(i + 1))).join("");
}

export const MODULES: Readonly<Record<string, string>> = {
  "empty.lua": "",
  "one.lua": "return 1",
  // Strings the interpreter has anyway, strings that come twice, and long ones.
  "present.lua": "return require, pairs, package.path, io",
  "twice.lua": 'local a = "wifi" return a.wifi, "wifi"',
  "long.lua": `return "${"x".repeat(300)}"`,
  "longer.lua": `return [==[${"line\n".repeat(500)}]==], [[${"y".repeat(40)}]]`,
  "escapes.lua": `return "${"\\n\\065".repeat(40)}", '${"\\\\".repeat(31)}'`,
  "same-long.lua": `return "${"z".repeat(41)}", "${"z".repeat(41)}", "${"w".repeat(40)}"`,
  "long-twice.lua": `function f() return "${"v".repeat(99)}" end return f, "${"v".repeat(99)}"`,
  // The string table doubles, and does or does not shrink again.
  "names-10.lua": repeated(10, "name# = #\n"),
  "names-100.lua": repeated(100, "name# = #\n"),
  "names-600.lua": repeated(600, "name# = 1\n"),
  "locals-only.lua": repeated(40, "do local name#, other# = # end\n"),
  "one-long-name.lua": `${"n".repeat(200)} = 1`,
  // Vectors that double, at and beside powers of two.
  "four.lua": "f() g()",
  "code-8.lua": repeated(7, "f()\n").slice(0, 16),
  "constants-65.lua": repeated(65, "x = #00\n"),
  "protos-17.lua": repeated(17, "function f() end\n"),
  "gaps.lua": repeated(20, "x = #\n\n\n\n\n"),
  "long-gap.lua": `x = 1${"\n".repeat(9000)}x = 2`,
  // Whole numbers go to the array part of the table of constants; other numbers do not.
  "indices.lua": `return {${repeated(60, "#,")}}`,
  "indices-down.lua": `return ${repeated(33, "a[34-#+0]..").replaceAll("34-", "")}1`,
  "sparse.lua": repeated(30, "x = #000\n"),
  "negative.lua": repeated(20, "x = -#\n"),
  "only-numbers.lua": "return {1, 2, 3, 4, 5, 6, 7, 8}",
  "others.lua": "return {nil, true, false}, a == nil, a == true, a == false",
  // Names the compiler makes, and functions in functions.
  "numeric-for.lua": "for i = 1, 10 do print(i) end",
  "generic-for.lua": "for k, v in pairs(t) do print(k, v) end",
  "both-for.lua": "for i = 1, 2 do for k in next, t do for j = 3, 4, 5 do f(i, k, j) end end end",
  "method.lua": "function m.a:b(x) return self, x end function m.c.d() end",
  "vararg.lua": "function f(...) return ... end local function g(a, ...) return arg end",
  "not-method.lua": "local f = function(a) return a:b(1) end return f",
  "nested.lua": `${"return function(a) ".repeat(15)}return a${" end".repeat(15)}`,
  "upvalues.lua": `local a, b, c, d, e\n${repeated(3, "function f#() return function() return a, b, c, d, e end end\n")}`,
  "between.lua": "function f() return 1 end name = 1 function g() end other = 2",
  "string-after.lua": "f(function() end, 'text', function() end, [[more]])",
  // Comments, which the buffer of the token passes through.
  "comments.lua": `-- ${"short ".repeat(40)}\n--[==[ ${"long ]] and on and on ".repeat(9)}\n]==] x = 1 --[[${"-".repeat(99)}]]`,
  "hash.lua": "#!/usr/bin/lua\nreturn 1",
  "blink.lua": `local pin, on = 4, false
gpio.mode(pin, gpio.OUTPUT)
local timer = tmr.create()
timer:alarm(500, tmr.ALARM_AUTO, function()
  on = not on
  gpio.write(pin, on and gpio.HIGH or gpio.LOW)
end)
`,
  "server.lua": `-- a small web server
local server = net.createServer(net.TCP, 30)
local pages = { ["/"] = "index.html", ["/state"] = "state.json" }
local function respond(socket, status, kind, body)
  socket:send("HTTP/1.1 " .. status .. "\\r\\nContent-Type: " .. kind ..
    "\\r\\nConnection: close\\r\\n\\r\\n" .. body)
end
local M = {}
function M.start(port)
  server:listen(port or 80, function(connection)
    connection:on("receive", function(socket, request)
      local _, _, method, path = string.find(request, "([A-Z]+) (.+) HTTP")
      local page = pages[path]
      if method ~= "GET" then
        respond(socket, "405 Method Not Allowed", "text/plain", "only GET")
      elseif page and file.open(page, "r") then
        respond(socket, "200 OK", "text/html", file.read(1024))
        file.close()
      else
        respond(socket, "404 Not Found", "text/plain", "no such page: " .. tostring(path))
      end
    end)
    connection:on("sent", function(socket) socket:close() end)
  end)
end
function M:stop() server:close() self.stopped = true end
return M
`,
  "queue.lua": `local Queue = {}
Queue.__index = Queue
function Queue.new(limit) return setmetatable({ first = 1, last = 0, limit = limit }, Queue) end
function Queue:push(...)
  for _, value in ipairs({ ... }) do
    if self.last - self.first + 1 >= self.limit then return nil, "queue is full" end
    self.last = self.last + 1
    self[self.last] = value
  end
  return self
end
function Queue:pop()
  if self.first > self.last then return nil end
  local value = self[self.first]
  self[self.first] = nil
  self.first = self.first + 1
  return value
end
function Queue:each(f) for i = self.first, self.last do f(self[i], i) end end
return Queue
`,
};
