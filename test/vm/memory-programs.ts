/** Whole programs that end with a value in the global `kept`; both Lua versions run them. */
export const WHOLE_PROGRAMS: Readonly<Record<string, string>> = {
  events: `
    local Emitter = {} Emitter.__index = Emitter
    function Emitter.new() return setmetatable({handlers = {}, count = 0}, Emitter) end
    function Emitter:on(event, fn) local list = self.handlers[event] or {} self.handlers[event] = list list[#list + 1] = fn self.count = self.count + 1 return self end
    function Emitter:emit(event, ...) for _, fn in ipairs(self.handlers[event] or {}) do fn(...) end end
    local all = {}
    for i = 1, 60 do local e = Emitter.new() local sum = 0 for _, name in ipairs{"open", "close", "data" .. i % 7, "error"} do e:on(name, function(x) sum = sum + (x or i) end) end e.get = function() return sum end e:emit("open", i) e:emit("data" .. i % 7) all[#all + 1] = e end
    kept = all`,

  document: `
    local function node(depth, name) local n = {name = name, children = {}, attributes = {id = name .. "-" .. depth, class = "c" .. depth % 3}} if depth > 0 then for i = 1, 3 do n.children[i] = node(depth - 1, name .. i) end end return n end
    local tree = node(5, "n")
    local out = {} local function render(n) out[#out + 1] = "<" .. n.name .. " id='" .. n.attributes.id .. "'>" for _, c in ipairs(n.children) do render(c) end out[#out + 1] = "</" .. n.name .. ">" end render(tree)
    kept = {tree, table.concat(out)}`,

  producers: `
    local queue = {} local done = {}
    local function producer(n) return coroutine.wrap(function() for i = 1, n do queue[#queue + 1] = {id = i, text = ("item %d"):format(i), when = i * 1000} coroutine.yield(i) end end) end
    local ps = {} for i = 1, 12 do ps[i] = producer(i * 3) end
    for round = 1, 15 do for i, p in ipairs(ps) do if round <= i * 3 then p() end end if #queue > 20 then for i = 1, 10 do done[#done + 1] = table.remove(queue, 1) end end end
    kept = {ps, queue, done}`,

  "index of words": `
    local text = {} local seed = 7 for i = 1, 900 do seed = (seed * 73 + 41) % 4099 text[i] = "w" .. seed % 350 end text = table.concat(text, " ")
    local index = {} local n = 0 for w in text:gmatch("%w+") do n = n + 1 local e = index[w] or {count = 0} index[w] = e e.count = e.count + 1 e[#e + 1] = n end
    local lines = {} for w, e in pairs(index) do lines[#lines + 1] = w .. ": " .. e.count end table.sort(lines)
    kept = {index, lines}`,

  "code that makes code": `
    local fns = {} for i = 1, 40 do local src = "local a, b = ... return function(x) local t = {" .. ("x, "):rep(i) .. "} if a then return #t + " .. i .. " else return 'n" .. i .. "' .. tostring(b) end end" fns[i] = assert((loadstring or load)(src, "=chunk" .. i))(i, {i}) fns[i](1) end
    kept = fns`,

  matrices: `
    local m = {} for i = 1, 30 do m[i] = {} for j = 1, 30 do m[i][j] = i * j % 17 end end
    local function mul(a, b) local r = {} for i = 1, #a do r[i] = {} for j = 1, #a do local s = 0 for k = 1, #a do s = (s + a[i][k] * b[k][j]) % 1009 end r[i][j] = s end end return r end
    local p = m for i = 1, 3 do p = mul(p, m) end
    local sparse = {} for i = 1, 200 do sparse[(i * 7919) % 10007] = tostring(i) end
    local cache = setmetatable({}, {__mode = "k"}) for i = 1, 30 do cache[m[i]] = {sum = i} cache[{}] = i end
    local s = "" for i = 1, 200 do s = s .. i .. "," end
    kept = {m, p, sparse, cache, s}`,
};

/** Writes what was in use before and after. */
export function measuring(program: string): string {
  return `
    local function inUse() collectgarbage() collectgarbage() return collectgarbage("count") end
    local before = inUse()
    ${program}
    print(before) print(inUse())`;
}
