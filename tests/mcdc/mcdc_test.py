#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What mcdc.py promises, on functions whose decisions and pairs are known."""

import os
import subprocess
import sys
import tempfile
import unittest

import pairs
import report

HERE = os.path.dirname(os.path.abspath(__file__))
T, F, N = True, False, None

KERNEL = """// read as C and as C++
#ifdef __cplusplus
#define FN constexpr inline
#else
#define FN static inline
#endif
#define BOTH(x, y) ((x) && (y))
FN int clamp(int value, int most) {
#ifdef __cplusplus
  if (value < 0) return 0;
#else
  if (value < -1) return 0;
#endif
  return value > most ? most : value; /* a > b && c */
}
"""

SAMPLE = """
#include "cpp/core/kernel.h"
static_assert(clamp(5, 3) == 3 && clamp(-1, 3) == 0);

bool is_one_of(int a, int b, int c) {
  const bool found = a == 1 && (b == 1 || !(c == 1));
  return found;
}

template <class T>
struct Counter {
  T most;
  int count(T n) const {
    int steps = 0;
    if constexpr (sizeof(T) == 4) steps = 0;
    for (T i = 0; i < n && i != most; i++) steps++;
    do {
      steps++;
    } while (steps < 2);
    if (int odd = steps % 2) return odd + steps;
    return clamp(steps, most > 9 ? 100 : 50);
  }
};

int counted(int n) { return Counter<int>{9}.count(n); }

#ifdef NEVER
bool unread(bool a, bool b) { return a || b; }
#endif
"""

MAIN = """
#include <cstdlib>
#include <cstring>
bool is_one_of(int a, int b, int c);
int counted(int n);
int main(int count, char **arguments) {
  for (int i = 1; i < count; i++) {
    const char *digits = arguments[i];
    if (std::strlen(digits) == 3) is_one_of(digits[0] - '0', digits[1] - '0', digits[2] - '0');
    else counted(std::atoi(digits));
  }
}
"""

EXCEPTIONS = """# why not
cpp/core/kernel.h clamp `value < 0`: the sample never
cpp/core/kernel.h clamp `value < -1`: the sample never
cpp/core/kernel.h clamp `value > most`: the sample never
cpp/core/sample.cpp Counter::count `most > 9`: the sample never
cpp/core/sample.cpp * `|| b; }`: never compiled
"""


class Pairs(unittest.TestCase):
    A_AND_B = ("&&", 0, 1)
    A_AND_B_OR_C = ("&&", 0, ("||", 1, 2))

    def test_a_short_circuit_is_no_cause(self):
        vectors = [(F, N), (T, F), (T, T)]
        self.assertEqual(pairs.find(self.A_AND_B, 0, vectors), (pairs.UNIQUE_CAUSE, 0, 2))
        self.assertEqual(pairs.find(self.A_AND_B, 1, vectors), (pairs.UNIQUE_CAUSE, 1, 2))

    def test_a_condition_without_both_values_or_without_both_outcomes_has_no_pair(self):
        self.assertIsNone(pairs.find(self.A_AND_B, 0, [(T, F), (T, T)]))
        self.assertIsNone(pairs.find(self.A_AND_B, 0, [(F, N), (T, F)]))
        self.assertIsNone(pairs.find(self.A_AND_B, 1, [(F, N), (T, T)]))
        self.assertIsNone(pairs.find(self.A_AND_B, 1, []))

    def test_a_condition_that_others_mask_has_no_pair(self):
        # b differs and so does the outcome, but in the first vector a alone decides
        self.assertIsNone(pairs.kind(self.A_AND_B_OR_C, 1, (T, F, F), (F, N, N)))
        self.assertIsNone(pairs.kind(("||", 0, ("&&", 1, 2)), 2, (F, T, F), (T, N, N)))

    def test_where_others_differ_too_the_pair_is_by_masking_and_comes_last(self):
        tree = ("&&", ("||", 0, 1), 2)  # (a || b) && c
        self.assertEqual(pairs.find(tree, 2, [(F, T, F), (T, N, T)]), (pairs.MASKING, 0, 1))
        self.assertEqual(pairs.find(tree, 2, [(F, T, F), (T, N, T), (F, T, T)]), (pairs.UNIQUE_CAUSE, 0, 2))
        tree = ("||", ("&&", 0, 1), 2)  # a && b || c, for c: a and b differ, and neither decides
        vectors = [(T, F, F), (F, N, T)]
        self.assertEqual(pairs.find(tree, 2, vectors), (pairs.MASKING, 0, 1))
        self.assertEqual(pairs.find(tree, 2, vectors + [(T, F, T)]), (pairs.UNIQUE_CAUSE, 0, 2))

    def test_where_another_condition_differs_that_decides_there_is_no_pair(self):
        tree = ("||", ("&&", 0, 1), 2)
        self.assertIsNone(pairs.kind(tree, 0, (F, N, F), (T, F, T)))

    def test_only_vectors_that_short_circuits_leave_are_possible(self):
        possible = [v for v in [pairs.decode(code, 3) for code in range(27)] if pairs.is_possible(self.A_AND_B_OR_C, v)]
        self.assertEqual(sorted(map(report.mark, possible)), ["F––", "TFF", "TFT", "TT–"])


class Tool(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = os.path.realpath(folder.name)
        for name, text in (("cpp/core/kernel.h", KERNEL), ("cpp/core/sample.cpp", SAMPLE), ("main.cpp", MAIN)):
            cls.write(name, text)
        cls.out = os.path.join(cls.root, "out")
        cls.program = os.path.join(cls.root, "program")
        subprocess.run([f"{HERE}/mcdc.py", "instrument", "--root", cls.root, "--out", cls.out], check=True)
        folders = [f"-I{cls.out}", f"-I{HERE}/../.."]
        recorder = f"{cls.root}/recorder.o"
        subprocess.run(["clang", "-c", "-std=c11", *folders, f"{HERE}/recorder.c", "-o", recorder], check=True)
        subprocess.run(["clang++", "-std=c++20", *folders, f"{cls.out}/cpp/core/sample.cpp", f"{cls.root}/main.cpp",
                        recorder, "-o", cls.program], check=True)

    def setUp(self):
        self.write("tests/mcdc/exceptions.txt", EXCEPTIONS)
        self.write("docs/mcdc.md", "")

    @classmethod
    def write(cls, name, text):
        path = os.path.join(cls.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def page(self):
        with open(os.path.join(self.root, "docs/mcdc.md"), encoding="utf-8") as file:
            return file.read()

    def call(self, *words):
        command = [sys.executable, f"{HERE}/mcdc.py", "check", "--root", self.root, "--out", self.out, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    # a b c of is_one_of, and numbers for counted
    EVERY = ("011", "110", "101", "100", "5", "4", "20", "0")

    def test_known_pairs_are_found_and_the_page_is_compared(self):
        status, said = self.call(self.program, *self.EVERY)
        self.assertEqual((status, said), (1, "docs/mcdc.md is not what the tests give: build the target mcdc_report\n"))
        self.assertEqual(self.call("--write", self.program, *self.EVERY)[0], 0)
        self.assertEqual(self.call(self.program, *self.EVERY)[0], 0)
        page = self.page()
        self.assertIn("`a == 1 && (b == 1 || !(c == 1))`", page)
        self.assertIn("| a | `a == 1` | 1, 2: unique cause |\n| b | `b == 1` | 3, 4: unique cause |\n"
                      "| c | `(c == 1)` | 2, 3: unique cause |\n", page)
        self.assertIn("| 1 | F | – | – | F |\n| 2 | T | F | F | T |\n| 3 | T | F | T | F |\n| 4 | T | T | – | T |\n", page)
        self.assertIn("| Counter::count | `int odd = steps % 2` | T F |\n", page)
        self.assertIn("| Counter::count | `steps < 2` | T F |\n", page)
        self.assertIn("| clamp | `value < 0` | F ○ |\n| clamp | `value < -1` | none ○ |\n", page)
        self.assertIn("8 decisions, 6 of them of one condition; 11 conditions, 7 of them shown", page)
        self.assertNotIn("sizeof", page)

    def test_a_missing_pair_is_reported(self):
        self.call("--write", self.program, *self.EVERY)
        status, said = self.call(self.program, "011", "101", "100", "5", "20", "0")
        self.assertEqual(status, 1)
        self.assertIn("cpp/core/sample.cpp: is_one_of: `a == 1 && (b == 1 || !(c == 1))`: no pair for `b == 1` "
                      "(seen: F––, TFF, TFT)\n", said)
        self.assertNotIn("no pair for `a == 1`", said)

    def test_a_decision_that_never_ran_is_reported(self):
        _, said = self.call(self.program, "5", "20", "0")
        self.assertIn("no pair for `a == 1` (seen: none)", said)

    def test_a_decision_that_no_reading_has_is_reported(self):
        self.write("tests/mcdc/exceptions.txt", EXCEPTIONS.replace("cpp/core/sample.cpp * ", "cpp/core/kernel.h * "))
        _, said = self.call(self.program, *self.EVERY)
        self.assertIn("cpp/core/sample.cpp: no reading has `|| b; }`\n", said)

    def test_an_exception_that_is_not_needed_is_reported(self):
        self.write("tests/mcdc/exceptions.txt", EXCEPTIONS + "cpp/core/sample.cpp is_one_of `a == 1`: why\n")
        _, said = self.call(self.program, *self.EVERY)
        self.assertIn("cpp/core/sample.cpp: is_one_of: `a == 1` is an exception and needs to be none\n", said)

    def test_a_program_that_fails_fails_the_check(self):
        self.call("--write", self.program, *self.EVERY)
        status, said = self.call(self.program, *self.EVERY, "--", "false")
        self.assertEqual(status, 1)
        self.assertIn("FAILED false: 1\n", said)


if __name__ == "__main__":
    unittest.main()
