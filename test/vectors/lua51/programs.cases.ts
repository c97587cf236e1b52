/** Whole small programs of the kind that runs on a device, where constructs meet each other. */
import { fromText } from "../../../src/base/lua-string.ts";
import { program, type Topic } from "../case.ts";

const blink = `-- toggles a pin twice a second
local pin, level = 4, 0
gpio.mode(pin, gpio.OUTPUT)

local function toggle()
  level = 1 - level
  gpio.write(pin, level == 1 and gpio.HIGH or gpio.LOW)
end

local timer = tmr.create()
timer:alarm(500, tmr.ALARM_AUTO, toggle)
`;

const classes = `local Account = {}
Account.__index = Account

function Account.new(owner, balance)
  return setmetatable({ owner = owner, balance = balance or 0, log = {} }, Account)
end

function Account:deposit(amount)
  if type(amount) ~= "number" or amount <= 0 then
    error(("bad amount '%s'"):format(tostring(amount)), 2)
  end
  self.balance = self.balance + amount
  self.log[#self.log + 1] = { "deposit", amount }
  return self
end

function Account:withdraw(amount)
  if amount > self.balance then return nil, "insufficient funds" end
  self.balance = self.balance - amount
  self.log[#self.log + 1] = { "withdraw", amount }
  return self.balance
end

local Savings = setmetatable({}, { __index = Account })
Savings.__index = Savings

function Savings.new(owner, rate)
  local account = Account.new(owner)
  account.rate = rate
  return setmetatable(account, Savings)
end

function Savings:interest()
  return self:deposit(self.balance * self.rate / 100).balance
end

return { Account = Account, Savings = Savings }
`;

const encoder = `local escapes = {
  ["\\\\"] = "\\\\\\\\", ['"'] = '\\\\"', ["\\n"] = "\\\\n", ["\\r"] = "\\\\r", ["\\t"] = "\\\\t",
}

local encode

local function encodeList(list)
  local out = {}
  for i = 1, #list do out[i] = encode(list[i]) end
  return "[" .. table.concat(out, ",") .. "]"
end

local function encodeTable(t)
  local out, n = {}, 0
  for k, v in pairs(t) do
    n = n + 1
    out[n] = encode(tostring(k)) .. ":" .. encode(v)
  end
  return "{" .. table.concat(out, ",") .. "}"
end

encode = function(value)
  local kind = type(value)
  if kind == "nil" then return "null"
  elseif kind == "boolean" or kind == "number" then return tostring(value)
  elseif kind == "string" then
    return '"' .. value:gsub('[%c"\\\\]', function(c)
      return escapes[c] or ("\\\\u%04x"):format(c:byte())
    end) .. '"'
  elseif kind == "table" then
    if #value > 0 then return encodeList(value) else return encodeTable(value) end
  end
  error("cannot encode a " .. kind)
end

return encode
`;

const server = `local routes = {}

local function route(method, path, handler)
  routes[method .. " " .. path] = handler
end

local function respond(socket, status, body, headers)
  local lines = { ("HTTP/1.1 %d %s"):format(status, status == 200 and "OK" or "Error") }
  for name, value in pairs(headers or {}) do lines[#lines + 1] = name .. ": " .. value end
  lines[#lines + 1] = "Content-Length: " .. #body
  lines[#lines + 1] = ""
  lines[#lines + 1] = body
  local sent = 0
  local function more(s)
    sent = sent + 1
    if lines[sent] then s:send(lines[sent] .. "\\r\\n") else s:close() end
  end
  socket:on("sent", more)
  more(socket)
end

route("GET", "/", function(socket) respond(socket, 200, "<h1>hello</h1>") end)
route("GET", "/heap", function(socket)
  respond(socket, 200, tostring(node.heap()), { ["Cache-Control"] = "no-store" })
end)

net.createServer(net.TCP, 30):listen(80, function(connection)
  local buffer = ""
  connection:on("receive", function(socket, data)
    buffer = buffer .. data
    local method, path = buffer:match("^(%u+) (%S+) HTTP/1%.[01]\\r\\n")
    if not method then
      if #buffer > 1024 then respond(socket, 413, "") end
      return
    end
    local handler = routes[method .. " " .. path]
    if handler then
      local ok, reason = pcall(handler, socket)
      if not ok then respond(socket, 500, reason) end
    else
      respond(socket, 404, "no " .. path)
    end
  end)
end)
`;

const sorting = `local function quicksort(list, low, high, less)
  less = less or function(a, b) return a < b end
  while low < high do
    local pivot, i, j = list[math.floor((low + high) / 2)], low - 1, high + 1
    while true do
      repeat i = i + 1 until not less(list[i], pivot)
      repeat j = j - 1 until not less(pivot, list[j])
      if i >= j then break end
      list[i], list[j] = list[j], list[i]
    end
    if j - low < high - j then
      quicksort(list, low, j, less)
      low = j + 1
    else
      quicksort(list, j + 1, high, less)
      high = j
    end
  end
  return list
end

local sieve = {}
for i = 2, 100 do sieve[i] = true end
for i = 2, 10 do
  if sieve[i] then
    for j = i * i, 100, i do sieve[j] = nil end
  end
end
local primes = {}
for n in pairs(sieve) do primes[#primes + 1] = n end
return quicksort(primes, 1, #primes)
`;

const state = `local states, current = {}, "idle"
local retries, MAX_RETRIES = 0, 5

states.idle = { connect = "connecting" }
states.connecting = {
  got_ip = "online",
  timeout = function() retries = retries + 1; return retries < MAX_RETRIES and "connecting" or "failed" end,
}
states.online = { lost = "connecting", stop = "idle" }
states.failed = { reset = function() retries = 0 return "idle" end }

return function(event, ...)
  local step = states[current][event]
  if step == nil then return nil, ("no '%s' in state '%s'"):format(event, current) end
  if type(step) == "function" then step = step(...) end
  local previous
  previous, current = current, step
  if previous ~= current then print(previous, "->", current, ...) end
  return current
end
`;

const closures = `local function memoize(f)
  local cache = setmetatable({}, { __mode = "k" })
  return function(x, ...)
    local hit = cache[x]
    if hit ~= nil then return hit end
    hit = f(x, ...)
    cache[x] = hit
    return hit
  end
end

local function curry(f, n)
  n = n or 2
  if n <= 1 then return f end
  return function(first)
    return curry(function(...) return f(first, ...) end, n - 1)
  end
end

local function compose(...)
  local functions, n = { ... }, select("#", ...)
  return function(...)
    local function apply(i, ...)
      if i == 0 then return ... end
      return apply(i - 1, functions[i](...))
    end
    return apply(n, ...)
  end
end

local counters = {}
for i = 1, 3 do
  local count = 0
  counters[i] = { up = function() count = count + i return count end, reset = function() count = 0 end }
end

return memoize, curry, compose, counters
`;

const coroutines = `local function producer(n)
  return coroutine.wrap(function()
    for i = 1, n do
      local a, b = i % 3 == 0, i % 5 == 0
      coroutine.yield(a and b and "FizzBuzz" or a and "Fizz" or b and "Buzz" or i)
    end
  end)
end

local out = {}
for item in producer(20) do out[#out + 1] = item end

local queue = { first = 1, last = 0 }
function queue.push(v) local l = queue.last + 1 queue.last, queue[l] = l, v end
function queue.pop()
  local f = queue.first
  if f > queue.last then return nil, "empty" end
  local v = queue[f]
  queue[f], queue.first = nil, f + 1
  return v
end
return out, queue
`;

const sensor = `local M, P = {}, { OSS = 1, T0 = -40, SCALE = 10 }
local ac1, ac2, ac3 = 408, -72, -14383

--[[ Reads two bytes, most significant first,
     as a signed number. ]]
local function word(data, at)
  local hi, lo = data:byte(at, at + 1)
  local value = hi * 256 + lo
  if value > 32767 then value = value - 65536 end
  return value
end

function M.init(sda, scl, id)
  i2c.setup(id or 0, sda, scl, i2c.SLOW)
  ac1, ac2, ac3 = word(M.read(0xAA, 2), 1), word(M.read(0xAC, 2), 1), word(M.read(0xAE, 2), 1)
  return ac1 ~= 0 and ac2 ~= 0 and ac3 ~= 0
end

function M.read(register, count)
  i2c.start(0) i2c.address(0, 0x77, i2c.TRANSMITTER) i2c.write(0, register) i2c.stop(0)
  i2c.start(0) i2c.address(0, 0x77, i2c.RECEIVER)
  local data = i2c.read(0, count)
  i2c.stop(0)
  return data
end

function M.temperature(oss)
  oss = (not oss or oss <= 0) and P.OSS or oss > 3 and 3 or oss
  local raw = word(M.read(0xF6, 2), 1)
  local x1 = (raw - 23153) * ac1 / 32768
  local x2 = (ac2 * 2048) / (x1 + ac3)
  return (x1 + x2 + 8) / 16 * P.SCALE + P.T0
end

return M
`;

const configuration = `return {
  wifi = { ssid = "home net", pwd = 'pass\\tword"', channel = 6, hidden = false },
  mqtt = {
    host = "192.168.1.10"; port = 1883; keepalive = 120;
    topics = { "sensors/+/state", "cmd/#", [10] = "late", n = 2 };
  },
  pins = { led = 4, [0x10] = "deep sleep", [-1] = nil, relays = { 1, 2, 5, 6, 7, } },
  calibration = { -12, 34, 0, 7, -0, 2, nil, 8 },
  [1] = "first", [true] = "yes", [false] = "no", ["key with blanks"] = [[
text on
several lines]],
  callback = function(...) return select("#", ...), ... end,
}
`;

const matrix = `local Matrix = {}
local meta = { __index = Matrix }
function Matrix.new(rows, cols, f)
  local m = {}
  for i = 1, rows do
    m[i] = {}
    for j = 1, cols do m[i][j] = f and f(i, j) or 0 end
  end
  return setmetatable(m, meta)
end
function meta.__mul(a, b)
  return Matrix.new(#a, #b[1], function(i, j)
    local sum = 0
    for k = 1, #b do sum = sum + a[i][k] * b[k][j] end
    return sum
  end)
end
function meta.__eq(a, b)
  if #a ~= #b then return false end
  for i = 1, #a do for j = 1, #a[i] do
    if a[i][j] ~= b[i][j] then return false end
  end end
  return true
end
function meta.__tostring(m)
  local s = ""
  for i = 1, #m do s = s .. table.concat(m[i], " ") .. (i < #m and "\\n" or "") end
  return s
end
local id = Matrix.new(3, 3, function(i, j) return i == j and 1 or 0 end)
assert(id * id == id and not (id ~= id * id), tostring(id))
return Matrix
`;

const text = fromText(`-- Umlaute: \u00e4\u00f6\u00fc, Zeichen: \u20ac
local messages = { de = "\u00fcberhitzt: %d\u00b0", jp = "\u71b1\u3044", emoji = '\ud83d\udd25' }
local function pad(s, n, c) return s .. (c or " "):rep(n - #s) end
for lang, m in pairs(messages) do
  print(pad(lang, 8), m:format(42), #m)
end
`);

const obfuscated = `local a,b,c,d,e=1,2,3,4,5;local f=function(...)local g,h=...;return h,g end
a,b=f(a,b)c=c^d-e%a;d=not(a<b)and c or(b>=c and d~=e)e=#"x"..-c
repeat local z=a;a=a-1;if z==0 then break elseif z<0 then return a end until a<=0 or z>10
for i=a,b,c do for j,k in next,{}do while k do k=nil;if j then break end end end end
local t={[a]=b;c,d,f(1,2),(f(3,4)),x={y={z={...}}}}t.x.y.z[#t],t[f()]=f(t.x["y"].z)
return(t)[1],(f)(a,(f(b))),a and b or c and d or e,not not a==true,-b^2,2^-b,"a".."b"..1 ..2
`;

export const wholePrograms: Topic = {
  name: "programs",
  cases: [
    ...Object.entries({
      blink,
      classes,
      encoder,
      server,
      sorting,
      state,
      closures,
      coroutines,
      sensor,
      configuration,
      matrix,
      text,
      obfuscated,
    }).flatMap(([name, source]) => [
      program(name, source),
      program(`${name}, stripped`, source, { args: ["-s", "-o", "out.lc", "w.lua"] }),
      program(
        `${name}, on one line`,
        source.replace(/--\[\[[\s\S]*?\]\]|--.*/g, "").replaceAll("\n", " "),
      ),
      program(`${name}, one token per line`, source.replace(/ (?=[^"']*$)/gm, "\n")),
      program(`${name}, CR LF`, source.replaceAll("\n", "\r\n"), {
        args: ["-l", "-o", "out.lc", "w.lua"],
      }),
    ]),
  ],
};
