-- SPDX-License-Identifier: Apache-2.0 OR MIT
-- Files: written, read, sought, renamed, removed; what is outside is not there.
local function message(_, text) return text end -- the number of an error, the third result, is each system's own
local file = assert(io.open("made.txt", "w"))
for i = 1, 5000 do file:write(i, " ", i * i, "\n") end
print(file:seek("cur"), file:seek("end"), file:seek("set", 3))
file:write("XY")
file:close()
local lines, total = 0, 0
for line in io.lines("made.txt") do
  lines = lines + 1
  total = total + #line
end
print(lines, total)
file = assert(io.open("made.txt", "r+"))
print(file:read("l"), file:read("n", "n"), file:read(5), file:seek("set", 40000), file:read("L"))
print(#file:read("a"), file:read("a"), file:read("l"))
file:seek("set", 0)
file:write("first")
file:close()
file = assert(io.open("made.txt", "a"))
file:write("last\n")
file:close()
file = assert(io.open("made.txt", "rb"))
local all = file:read("a")
file:close()
print(#all, all:sub(1, 12), all:sub(-12))
print(os.rename("made.txt", "renamed.txt"), message(io.open("made.txt")))
file = io.open("renamed.txt")
file:close()
print(pcall(file.read, file), io.type(file), io.type(io.stdout), io.type(42))
print(os.remove("renamed.txt"), message(os.remove("renamed.txt")))
print(message(io.open("absent/none.txt", "w")))
io.output("left.txt"):write("this one stays\n")
io.close()
print(io.read("l"), io.read("n"), io.read("a"))
