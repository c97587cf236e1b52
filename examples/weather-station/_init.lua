--- Makes the modules in LFS visible to `require`. Runs from LFS, once, before anything else.
--
-- LFS (Lua Flash Store) keeps compiled functions and their strings in flash, where they run in
-- place. A module of 10 KB then costs the few bytes of its tables and closures instead of 10 KB
-- of a heap that has about 40: this is what makes an application of this size possible at all.
--
-- Nothing finds those functions by itself, though. `require` asks the entries of
-- `package.loaders` in turn: 1 is what was preloaded, 2 looks for NAME.lc and NAME.lua in the
-- file system, 3 and 4 look for C libraries, which a NodeMCU does not have. We take slot 3.

local find = node.LFS and node.LFS.get or node.flashindex

--- The function called `name` in LFS, or nil.
-- Firmware 2.2 answers an unknown name with the time the image was built, 3.0 with nil.
local function in_flash(name)
  local found = find(name)
  if type(found) == "function" then return found end
end

-- A loader returns the function to run or a text that `require` adds to its error message.
package.loaders[3] = function(name)
  return in_flash(name) or "\n\tno module '" .. name .. "' in LFS"
end

-- The file system comes first, so a module under test can be uploaded as a file and hides the one
-- in flash until it is removed. For boards in the field turn that round, it also saves the file
-- system a search per module:
--
--   local loaders = package.loaders
--   loaders[1], loaders[3] = loaders[3], loaders[1]
