/** What generated programs of Lua 5.3 have beyond those of Lua 5.1. */

/**
 * Replaces functions whose results depend on the hash seed, which the reference draws anew for each
 * run: tables with a string among their keys are gone through in the order of their keys' texts.
 */
export const PRELUDE_53 = `local pairs, next = pairs, next
do
  local truepairs, truenext = pairs, next
  local function order(t)
    local keys, hasstring = {}, false
    for k in truenext, t do
      keys[#keys + 1] = k
      if type(k) == 'string' then hasstring = true end
    end
    if not hasstring then return nil end
    table.sort(keys, function(a, b) return type(a) .. tostring(a) < type(b) .. tostring(b) end)
    return keys
  end
  function pairs(t)
    local f, s, c = truepairs(t)
    if f ~= truenext or type(t) ~= 'table' then return f, s, c end
    local keys = order(t)
    if keys == nil then return f, s, c end
    local i = 0
    return function(t)
      local k
      repeat
        i = i + 1
        k = keys[i]
      until k == nil or rawget(t, k) ~= nil
      if k ~= nil then return k, rawget(t, k) end
    end, t, nil
  end
  function next(t)
    local keys = type(t) == 'table' and order(t)
    if keys then return keys[1], rawget(t, keys[1]) end
    return truenext(t)
  end
end
`;

export const INTEGERS_53 = [
  "math.maxinteger",
  "math.mininteger",
  "(1 << 31)",
  "(1 << 53)",
  "9007199254740993",
  "0x7fffffffffffffff",
  "16777217",
  "31",
  "32",
  "63",
  "64",
  "-64",
];

export const FLOATS_53 = [
  "2.0^53",
  "16777217.0",
  "2147483648.0",
  "-2147483648.0",
  "9223372036854775808.0",
  "1/0",
  "-1/0",
  "(0/0)",
  "1e100",
  "3.7",
  "-0.5",
  "0x.8p1",
  "7.0",
];

export const STRINGS_53 = [
  "'0x1p4'",
  "'10.0'",
  "'-0'",
  "' 0x7fffffff '",
  "'9223372036854775807'",
  "'1e'",
];

/** Expressions of two others. */
export const CALLS_53: readonly ((one: string, two: string) => string)[] = [
  (one) => `math.type(${one})`,
  (one) => `math.tointeger(${one})`,
  (one, two) => `math.ult(${one}, ${two})`,
  (one) => `math.ceil(${one})`,
  (one, two) => `math.fmod(${one}, ${two})`,
  (one, two) => `math.min(${one}, ${two})`,
  (one, two) => `table.pack(${one}, ${two}).n`,
  (one, two) => `table.unpack({${one}, ${two}, 3}, 2)`,
  (one, two) => `select(2, pcall(table.sort, {${one}, ${two}, 1}))`,
  (one) => `string.format('%d', ${one})`,
  (one) => `string.format('%5.1f', ${one})`,
  (one) => `string.format('%q', ${one})`,
  (one) => `utf8.char(${one})`,
  (one) => `rawlen(${one})`,
  (one, two) => `rawequal(${one}, ${two})`,
  (one) => `pcall(coroutine.wrap(function() return ${one} end))`,
  () => "coroutine.isyieldable()",
  () => "select(2, coroutine.running())",
  (one, two) => `xpcall(function(a) return a, ${two} end, print, ${one})`,
  (one, two) => `select(2, load('return ...', 'c')(${one}, ${two}))`,
  (one) => `load('local a = ... return a + 1', '=chunk')(${one})`,
];
