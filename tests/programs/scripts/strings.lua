-- SPDX-License-Identifier: Apache-2.0 OR MIT
-- Patterns, formats, packing, UTF-8.
local text = {}
for i = 1, 2000 do text[i] = ("line %d: the %s of %x, %q"):format(i, ("word"):rep(i % 7), i * 2654435761, "a\n\0b" .. i) end
local all = table.concat(text, "\n")
print(#all, all:sub(1, 80))

local counts = {}
for word in all:gmatch("%a+") do counts[word] = (counts[word] or 0) + 1 end
local words = {}
for word in pairs(counts) do words[#words + 1] = word end
table.sort(words, function(a, b) return counts[a] > counts[b] or (counts[a] == counts[b] and a < b) end)
for i = 1, math.min(20, #words) do print(words[i], counts[words[i]]) end

print((all:gsub("(%d+)", function(n) return tonumber(n) % 3 == 0 and "[" .. n .. "]" or nil end)):sub(-200))
print(all:find("line 1999", 1, true), all:match("^(.-):"), ("%bxy"):len(), ("f(a(b)c)d"):match("%b()"))
for _, value in ipairs { 0, -0.0, 1 / 3, 1e300 * 10, -1e300 * 10, 2 ^ 53, 0.1, 1e-300, 123456789012345 } do
  print(value, ("%.17g %10.3f %e %a %g"):format(value, value % 1e9, value, value, value))
end
print(("%5d|%-5d|%05d|%+d|%x|%X|%o|%c|%s|%10.4s|%i"):format(42, 42, 42, 42, 255, 255, 8, 65, "s", "truncated", 7))

local packed = string.pack("<i1i2i4i8fdzs2", -1, -2, -3, -4, 0.5, -0.25, "zero", "two bytes of length")
print(#packed, string.unpack("<i1i2i4i8fdzs2", packed))
print(packed:byte(1, -1))
for _, code in utf8.codes("añ€😀") do io.write(code, " ") end
print(utf8.len("añ€😀"), utf8.char(97, 241, 8364, 128512), utf8.len("\xff"))
print(("x"):rep(3, ", "), ("abc"):reverse(), ("MiXeD"):upper(), ("MiXeD"):lower(), #("y"):rep(3000000))
print(math.maxinteger, math.mininteger, math.maxinteger + 1 == math.mininteger, 7 // -2, 7 % -2, -7 // 2.0, 3 | 4, ~0, 1 << 62, 1 << 64)
print(tostring(1e15), tostring(1e16), tonumber("0x1p4"), tonumber("  12  "), tonumber("1e"), tonumber("z", 36), 10 // 0.0, -(0 / 0) ~= -(0 / 0))
