-- SPDX-License-Identifier: Apache-2.0 OR MIT
-- Errors and coroutines: each is a jump over frames of the guest.
print(pcall(error, "plain"), pcall(error, { code = 7 }) == false, pcall(error))
print(select(2, pcall(function() local x = nil; return x.field end)))
print(select(2, pcall(function() return 1 + {} end)))
print(select(2, pcall(function() return #5 end)))
print(select(2, pcall(string.rep, "x", -1)), select(2, pcall(string.rep)))
print(xpcall(function() error("inner", 2) end, function(m) return "handled: " .. m end))
print(xpcall(function() local t = setmetatable({}, { __index = function() error("in a metamethod") end }); return t.x end, debug.traceback))

local function nested(n)
  if n == 0 then error("bottom", 0) end
  local ok, message = pcall(nested, n - 1)
  error(n .. "<" .. message, 0)
end
print(select(2, pcall(nested, 60)))
for i = 1, 20000 do assert(not pcall(error, i)) end -- no stack is lost

local function endless() return 1 + endless() end
local ok, message = pcall(endless)
print(ok, message:match("stack overflow"))
local function through_c(s) return (s:gsub(".", through_c)) end
ok, message = pcall(through_c, "x")
print(ok, message:match("C stack overflow"))
print(load("return 1 +"))
print(load("x = = 2", "=chunk"))
print(select(2, load(("("):rep(300) .. "1" .. (")"):rep(300))):match("overflow"))

local function numbers(n)
  return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end)
end
local sum = 0
for i in numbers(10000) do sum = sum + i end
print(sum)

local co = coroutine.create(function(a, b)
  local c = coroutine.yield(a + b)
  local ok, message = pcall(function()
    coroutine.yield("inside pcall")
    error("after a yield")
  end)
  print(ok, message)
  local d, e = coroutine.yield(c * 2)
  error({ d + e })
end)
print(coroutine.resume(co, 1, 2))
print(coroutine.resume(co, 10))
print(coroutine.resume(co))
local ok, value = coroutine.resume(co, 3, 4)
print(ok, value[1], coroutine.status(co), coroutine.resume(co))

local function tree(depth)
  if depth == 0 then coroutine.yield(1) return end
  for _ = 1, 2 do
    local inner = coroutine.wrap(function() tree(depth - 1) end)
    for leaf in inner do coroutine.yield(leaf) end
  end
end
local leaves = 0
for _ in coroutine.wrap(function() tree(8) end) do leaves = leaves + 1 end
print(leaves)

do
  local closed = {}
  local co = coroutine.create(function()
    local guard <close> = setmetatable({}, { __close = function(_, e) closed[#closed + 1] = tostring(e) end })
    coroutine.yield()
  end)
  coroutine.resume(co)
  print(coroutine.close(co), closed[1], coroutine.status(co))
end
error("the script ends with this")
