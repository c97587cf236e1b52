--- Memory that keeps its content over a reset, unless the power goes.
--
-- Here it forgets even that: mocks begin anew with every start of the board, and so does this
-- table. To the program it looks like a board that was just plugged in, with noise in its memory.

local NOISE = 1431655765

local slots = {}

return {
  read32 = function(slot) return slots[slot] or NOISE end,
  write32 = function(slot, value) slots[slot] = value end,
}
