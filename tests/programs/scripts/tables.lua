-- SPDX-License-Identifier: Apache-2.0 OR MIT
-- Sorting, searching, counting: memory that grows and is given back.
math.randomseed(42)
local numbers = {}
for i = 1, 200000 do numbers[i] = math.random(1, 1 << 40) end
table.sort(numbers)
local sum, ordered = 0, true
for i, n in ipairs(numbers) do
  sum = (sum * 31 + n) & 0xFFFFFFFFFFFF
  ordered = ordered and (i == 1 or numbers[i - 1] <= n)
end
print(#numbers, ordered, sum, numbers[1], numbers[#numbers])

local function sieve(n)
  local composite, count = {}, 0
  for i = 2, n do
    if not composite[i] then
      count = count + 1
      for j = i * i, n, i do composite[j] = true end
    end
  end
  return count
end
print(sieve(500000))

local function queens(n)
  local found, columns, up, down = 0, {}, {}, {}
  local function place(row)
    if row > n then
      found = found + 1
      return
    end
    for column = 1, n do
      if not columns[column] and not up[row + column] and not down[row - column] then
        columns[column], up[row + column], down[row - column] = true, true, true
        place(row + 1)
        columns[column], up[row + column], down[row - column] = nil, nil, nil
      end
    end
  end
  place(1)
  return found
end
print(queens(8))

local function matrix(n, f)
  local rows = {}
  for i = 1, n do
    rows[i] = {}
    for j = 1, n do rows[i][j] = f(i, j) end
  end
  return rows
end
local function product(a, b)
  return matrix(#a, function(i, j)
    local s = 0
    for k = 1, #a do s = s + a[i][k] * b[k][j] end
    return s
  end)
end
local m = matrix(60, function(i, j) return (i * 7 + j * 13) % 17 / 4 end)
local squared = product(m, product(m, m))
print(squared[1][1], squared[60][60], squared[17][42])

-- Tables that die: finalisers run, weak entries go.
local finalised, weak = 0, setmetatable({}, { __mode = "v" })
for i = 1, 50000 do
  local object = setmetatable({ i, tostring(i), { i } }, { __gc = function() finalised = finalised + 1 end })
  if i % 10 == 0 then weak[i] = object end
end
collectgarbage()
collectgarbage()
print(finalised, next(weak))
print(table.concat({ 1, 2, 3 }, "-"), select("#", table.unpack({}, 1, 200)), #table.pack(table.unpack(numbers, 1, 150)))
print(table.move({ 1, 2, 3 }, 2, 3, 1)[1], table.remove({ 4, 5, 6 }, 1), rawlen({ 1, 2 }), rawequal(numbers, numbers))
