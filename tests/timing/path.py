#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The longest path, in instructions, and the stack of named operations, read from what the compiler made for Cortex-M3.

path.py PROGRAM BOUNDS [--levels N]

BOUNDS names the operations, and for every function that they reach each loop, in the order of the addresses:
  "retry"   repeats only when another context came in between (ldrex and strex, or a search behind one): counted once
  "lag"     runs only while another context is between two steps: counted once
  "level"   once for each level of the pool's set: N times (1 up to 32 slots, 2 up to 1,024, 3 up to 32,768)
  a number  that many times, whatever the data
A loop that is not named, an indirect call, recursion, a call to a function that is not named and a frame of variable
length are refused; so is a "retry" without strex. Prints a table; fails when an operation goes beyond its bound.
"""

import argparse
import functools
import json
import re
import subprocess
import sys

CONDITION = r"(eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?"
BRANCH = re.compile(rf"^b{CONDITION}$")


class Refused(Exception):
    pass


class Instruction:
    def __init__(self, address, operation, arguments):
        self.address, self.arguments = address, arguments
        self.operation = operation.replace(".n", "").replace(".w", "")

    def target(self):
        found = re.search(r"\b([0-9a-f]+) <([^>+]+)", self.arguments)
        return int(found[1], 16), found[2]

    def branches(self):
        return BRANCH.match(self.operation) or self.operation in ("cbz", "cbnz")

    def conditional(self):
        return self.operation != "b"

    def returns(self):
        if self.operation == "bx":
            return self.arguments == "lr"
        return bool(re.match(r"^(pop|ldm)", self.operation)) and "pc" in self.arguments

    def frame(self):
        """Bytes of stack that it takes."""
        registers = len(self.arguments[self.arguments.find("{"):].split(",")) if "{" in self.arguments else 0
        if self.operation == "push" or (self.operation.startswith("stmdb") and self.arguments.startswith("sp!")):
            return 4 * registers
        if self.operation.startswith("sub") and re.match(r"^sp,", self.arguments):
            found = re.search(r"#(\d+)$", self.arguments)
            if not found:
                raise Refused("a frame of variable length")
            return int(found[1])
        found = re.search(r"\[sp, #-(\d+)\]!", self.arguments)
        return int(found[1]) if found else 0


def read(program):
    """{function: [Instruction]}"""
    text = subprocess.run(["arm-none-eabi-objdump", "-d", "--no-show-raw-insn", program], check=True,
                          capture_output=True, text=True).stdout
    functions, current = {}, None
    for line in text.splitlines():
        head = re.match(r"^[0-9a-f]+ <(.+)>:", line)
        if head:
            current = functions.setdefault(head[1], [])
            continue
        found = re.match(r"^\s*([0-9a-f]+):\s+(\S+)\s*(.*?)(?:\s*[;@].*)?$", line)
        if found and current is not None:
            current.append(Instruction(int(found[1], 16), found[2], found[3]))
    return functions


def components(nodes, successors):
    """Strongly connected components of more than one node, or with an edge to itself (Tarjan, without recursion)."""
    index, low, stack, on_stack, found = {}, {}, [], set(), []
    for root in sorted(nodes):
        if root in index:
            continue
        work = [(root, iter(sorted(successors[root] & nodes)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            step = next(rest, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group = set()
                    while True:
                        top = stack.pop()
                        on_stack.discard(top)
                        group.add(top)
                        if top == node:
                            break
                    if len(group) > 1 or node in successors[node]:
                        found.append(group)
            elif step not in index:
                index[step] = low[step] = len(index)
                stack.append(step)
                on_stack.add(step)
                work.append((step, iter(sorted(successors[step] & nodes))))
            elif step in on_stack:
                low[node] = min(low[node], index[step])
    return found


class Function:
    def __init__(self, name, instructions, program):
        self.name, self.program = name, program
        self.at = {i.address: i for i in instructions}
        self.entry = instructions[0].address
        self.successors, self.calls = {}, {}
        self.link(instructions)
        self.nodes = self.reachable()
        self.loops = list(program.bounds["loops"].get(name, []))
        self.stack = self.frame() + max([self.program.function(callee).stack for calls in self.calls.values()
                                         for callee in calls], default=0)
        self.met = []
        self.find_loops(self.nodes, self.entry)
        self.met.sort(key=lambda loop: (loop[0], -len(loop[1])))
        if len(self.met) != len(self.loops):
            places = ", ".join(f"{min(nodes):x}..{max(nodes):x}" for _, nodes in self.met)
            raise Refused(f"{name} has {len(self.met)} loops ({places}), and {len(self.loops)} are named")
        self.kind = {(header, frozenset(nodes)): kind for (header, nodes), kind in zip(self.met, self.loops)}
        for (header, nodes), kind in zip(self.met, self.loops):
            if kind == "retry" and not any(self.at[n].operation.startswith("strex") for n in nodes):
                raise Refused(f"{name}: the loop at {header:x} is no retry of strex")
        self.longest = self.path(self.nodes, self.entry)

    def link(self, instructions):
        for here, following in zip(instructions, instructions[1:] + [None]):
            next_one = {following.address} if following else set()
            self.calls[here.address] = []
            if here.operation in ("bl", "blx") or (here.branches() and here.target()[0] not in self.at):
                if here.operation == "blx" or "<" not in here.arguments:
                    raise Refused(f"{self.name}: an indirect call at {here.address:x}")
                self.calls[here.address] = [here.target()[1]]
                leaves = here.operation == "b"
                self.successors[here.address] = set() if leaves else next_one
            elif here.branches():
                self.successors[here.address] = {here.target()[0]} | (next_one if here.conditional() else set())
            elif here.returns():
                self.successors[here.address] = set()
            elif here.operation.startswith(("tbb", "tbh", "bx")) or re.search(r"^pc,|mov.*\bpc,", here.arguments):
                raise Refused(f"{self.name}: a computed branch at {here.address:x}")
            else:
                self.successors[here.address] = next_one
        # A return under "it" may not be taken.
        for before, here, following in zip(instructions, instructions[1:], instructions[2:]):
            if before.operation.startswith("it") and here.returns():
                self.successors[here.address] = {following.address}

    def reachable(self):
        seen, work = set(), [self.entry]
        while work:
            node = work.pop()
            if node not in seen:
                seen.add(node)
                work.extend(self.successors[node])
        return seen

    def frame(self):
        return sum(self.at[node].frame() for node in self.nodes)

    def header(self, nodes, all_nodes, entry):
        entries = {n for n in nodes if n == entry or any(n in self.successors[m] for m in all_nodes - nodes)}
        if len(entries) != 1:
            raise Refused(f"{self.name}: a loop with {len(entries)} entries at {min(nodes):x}")
        return entries.pop()

    def inner(self, nodes, header):
        """The loop's nodes without the edges back to its header."""
        return {n: {s for s in self.successors[n] if s in nodes and s != header} for n in nodes}

    def find_loops(self, nodes, entry, successors=None):
        successors = successors or {n: self.successors[n] & nodes for n in nodes}
        for group in components(nodes, successors):
            header = self.header_in(group, nodes, entry, successors)
            self.met.append((header, group))
            self.find_loops(group, header, self.restricted(group, header, successors))

    def header_in(self, group, nodes, entry, successors):
        entries = {n for n in group if n == entry or any(n in successors[m] for m in nodes - group)}
        if len(entries) != 1:
            raise Refused(f"{self.name}: a loop with {len(entries)} entries at {min(group):x}")
        return entries.pop()

    @staticmethod
    def restricted(group, header, successors):
        return {n: {s for s in successors[n] if s in group and s != header} for n in group}

    def cost(self, node):
        return 1 + sum(self.program.function(callee).longest for callee in self.calls[node])

    def rounds(self, header, group):
        kind = self.kind[(header, frozenset(group))]
        if kind == "level":
            return self.program.levels
        return 1 if kind in ("retry", "lag") else int(kind)

    def path(self, nodes, entry, successors=None):
        """Instructions of the longest way from the entry, each loop gone round as often as it is named."""
        successors = successors or {n: self.successors[n] & nodes for n in nodes}
        loop_of, loop_cost = {}, {}
        for number, group in enumerate(components(nodes, successors)):
            header = self.header_in(group, nodes, entry, successors)
            loop_cost[number] = self.rounds(header, group) * self.path(group, header,
                                                                       self.restricted(group, header, successors))
            loop_of.update((node, number) for node in group)
        members = {}
        for node in nodes:
            members.setdefault(("loop", loop_of[node]) if node in loop_of else ("node", node), set()).add(node)
        of = {node: key for key, group in members.items() for node in group}
        after = {key: {of[s] for n in group for s in successors[n] if of[s] != key} for key, group in members.items()}

        @functools.lru_cache(None)
        def longest(key):
            own = loop_cost[key[1]] if key[0] == "loop" else self.cost(key[1])
            return own + max((longest(step) for step in after[key]), default=0)

        sys.setrecursionlimit(100000)
        return longest(of[entry])


class Program:
    def __init__(self, path, bounds, levels):
        self.instructions, self.bounds, self.levels = read(path), bounds, levels
        self.done, self.under_way = {}, []

    def function(self, name):
        if name in self.under_way:
            raise Refused(f"recursion by {name}")
        if name not in self.done:
            if name not in self.bounds["functions"]:
                raise Refused(f"{self.under_way[-1] if self.under_way else '?'} calls {name}, which is not named")
            self.under_way.append(name)
            self.done[name] = Function(name, self.instructions[name], self)
            self.under_way.pop()
        return self.done[name]


def measure(path, bounds, levels):
    """{operation: (instructions, stack)}"""
    program = Program(path, bounds, levels)
    return {name: (program.function(symbol).longest, program.function(symbol).stack)
            for name, symbol in bounds["operations"].items()}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program")
    arguments.add_argument("bounds")
    arguments.add_argument("--levels", type=int, default=1)
    given = arguments.parse_args()
    bounds = json.load(open(given.bounds))
    try:
        found = measure(given.program, bounds, given.levels)
    except Refused as why:
        sys.exit(f"refused: {why}")
    wrong = False
    for name, (instructions, stack) in found.items():
        most, most_stack = bounds["at_most"][name]
        beyond = given.levels == 1 and (instructions > most or stack > most_stack)
        wrong = wrong or beyond
        print(f"{name}: {instructions} instructions (bound {most}), {stack} bytes of stack (bound {most_stack})"
              + (": BEYOND" if beyond else ""))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
