--- What the firmware runs after every reset. It stays in the file system, as source, and does as
-- little as it can: everything that may be wrong comes later, and this file must survive it.
--
-- 1. Grace period: for three seconds `boot:stop()` at the prompt keeps the application from
--    starting. Without it, a crash at start would reset the board for ever.
-- 2. Three strikes: RTC memory survives a reset, so it can count starts that did not last a
--    minute. After three of them the board stays at the prompt by itself.
-- 3. A new flash image, if one was uploaded as `lfs.new`, is loaded into LFS.
-- 4. `_init` from LFS makes the modules there visible to `require`; then `app` takes over.

local GRACE_MS = 3000
local STABLE_MS = 60000
local MAX_STRIKES = 3
local SLOT = 100 -- RTC memory slot; the rtctime module keeps 0 to 9 for itself
local MARK = 20480 -- tells our counter from the noise that a power-on leaves there
local POWER_ON, RESET_BUTTON = 0, 6 -- reset causes, see node.bootreason()

--- How many starts in a row failed.
local function strikes()
  local _, cause = node.bootreason()
  local count = rtcmem.read32(SLOT) - MARK
  if cause == POWER_ON or cause == RESET_BUTTON or count < 0 or count > MAX_STRIKES then
    return 0
  end
  return count
end

--- Loads `lfs.new` into LFS. When that works the board restarts and this never returns.
-- The file is renamed first: an image that is refused must not be tried again at every start.
local function load_image()
  if not file.exists("lfs.new") then return end
  file.remove("lfs.img")
  file.rename("lfs.new", "lfs.img")
  local reload = node.LFS and node.LFS.reload or node.flashreload
  if reload then print("boot: image refused: " .. tostring(reload("lfs.img"))) end
end

local function start()
  boot = nil -- the one global of this application, and it ends here
  load_image()

  -- Firmware 3.0 has node.LFS; 2.2 has node.flashindex, which answers with something that is not
  -- a function when the name is unknown. So ask for the type, never just for truth.
  local find = node.LFS and node.LFS.get or node.flashindex
  local lfs_init = find and find("_init")
  if type(lfs_init) == "function" then lfs_init("_init") end

  -- An error that reaches the firmware restarts the board; caught here it is only a message.
  local ok, message = pcall(require, "app")
  if not ok then print("boot: " .. tostring(message)) end
end

local count = strikes()
if count >= MAX_STRIKES then
  print("boot: stopped after " .. count .. " failed starts; press reset to try again")
else
  rtcmem.write32(SLOT, MARK + count + 1)
  tmr.create():alarm(STABLE_MS, tmr.ALARM_SINGLE, function() rtcmem.write32(SLOT, MARK) end)

  print(("boot: starting in %d s; type boot:stop() to prevent it"):format(GRACE_MS / 1000))
  boot = tmr.create() -- global on purpose: the prompt can only reach globals
  boot:alarm(GRACE_MS, tmr.ALARM_SINGLE, start)
end
