# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Finds the decisions of C and C++ sources in the syntax tree of clang.

A decision is what an if, a loop or ?: asks, and any other expression whose last step is a comparison or a logical
operator. Its conditions are the leaves between its logical operators. What the compiler decides (if constexpr,
static_assert, constexpr variables, constant expressions) is none.
"""

import json
import re
import subprocess
import sys

COMPARISONS = {"==", "!=", "<", ">", "<=", ">="}
LOGICAL = {"&&", "||"}
WRAPPERS = {"ParenExpr", "ImplicitCastExpr", "ExprWithCleanups", "CXXBindTemporaryExpr", "MaterializeTemporaryExpr"}
FUNCTIONS = {"FunctionDecl", "CXXMethodDecl", "CXXConstructorDecl", "CXXDestructorDecl", "CXXConversionDecl"}
RECORDS = {"CXXRecordDecl", "RecordDecl", "ClassTemplateSpecializationDecl"}
OF_THE_COMPILER = {"StaticAssertDecl", "ConstantExpr", "EnumConstantDecl", "TemplateArgument"}
VARIABLES = {"VarDecl", "VarTemplateSpecializationDecl", "VarTemplatePartialSpecializationDecl"}
# place of the question among the children
ASKING = {"WhileStmt": -2, "DoStmt": 1, "ForStmt": 2, "ConditionalOperator": 0}


class Decision:
    """`tree` is a condition's number, ("!", tree) or (operator, tree, tree); `spans` are the conditions' places."""

    def __init__(self, file, function, span, tree, spans, declares=None):
        self.file = file
        self.function = function
        self.span = span
        self.tree = tree
        self.spans = spans
        self.declares = declares  # the variable of `if (T x = …)`
        self.text = ""
        self.conditions = []
        self.ordinal = 1

    def key(self):
        return self.file, self.function, self.text, self.ordinal


def outcome(tree, value):
    """The tree's value; `value(condition)` is asked for what is evaluated, in order."""
    if isinstance(tree, int):
        return value(tree)
    if tree[0] == "!":
        return not outcome(tree[1], value)
    first = outcome(tree[1], value)
    if first == (tree[0] == "||"):
        return first
    return outcome(tree[2], value)


# ---- the syntax tree

def read_tree(command, source):
    """clang's tree of a source text, each place with its file."""
    done = subprocess.run([*command, "-fsyntax-only", "-Xclang", "-ast-dump=json", "-"],
                          input=source, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}:\n{done.stderr}")
    tree = json.loads(done.stdout)
    complete_places(tree)
    return tree


def complete_places(tree):
    """A place names its file only where the one before was in another."""
    last = None
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if "offset" in node:
                last = node.setdefault("file", last)
            pending.extend(child for key, child in reversed(node.items()) if key != "includedFrom")
        elif isinstance(node, list):
            pending.extend(reversed(node))


class Source:
    """A file's text, and the text without comments, strings and directives, at the same offsets."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = file.read()
        # Offsets count bytes: as Latin-1, a character is one.
        self.text = self.bytes.decode("latin-1")
        blank = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|^[ \t]*#(?:\\\n|[^\n])*', re.S | re.M)
        self.code = blank.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), self.text)

    def words(self, span):
        text = self.bytes[span[0]:span[1]].decode("utf-8")
        text = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
        return " ".join(text.split())

    def behind(self, offset, length):
        """The end of the token there, with its arguments when it is a macro that takes some."""
        end = offset + length
        if not re.match(r"\w", self.text[end - 1]) or not re.match(r"\s*\(", self.text[end:]):
            return end
        depth = 0
        for at in range(end, len(self.code)):
            depth += {"(": 1, ")": -1}.get(self.code[at], 0)
            if depth == 0 and self.code[at] == ")":
                return at + 1
        raise SystemExit("a macro's arguments do not end")


class Finder:
    def __init__(self, sources):
        """`sources`: {path as clang names it: (name, Source)}"""
        self.sources = sources
        self.found = {}
        self.records = {}  # {id: names}
        self.compile_time = {name: [] for name, _ in sources.values()}

    def visit(self, node, scope=()):
        kind = node.get("kind")
        if kind is None:
            return
        if kind in OF_THE_COMPILER or (kind in VARIABLES and node.get("constexpr")):
            self.skip(node)
            return
        if kind in FUNCTIONS:
            scope = self.records.get(node.get("parentDeclContextId"), scope)  # where a member is defined outside
        if kind in RECORDS or kind in FUNCTIONS:
            scope += (node["name"],) if node.get("name") else ()
        if kind in RECORDS:
            self.records[node["id"]] = scope
        children = node.get("inner", [])
        if kind == "IfStmt" and node.get("isConstexpr"):
            self.skip(children[0])
            children = children[1:]
        question = self.question(node, children)
        if question is not None:
            declaring = kind == "IfStmt" and node.get("hasVar")
            self.add(children[question], scope, children[question - 1] if declaring else None)
        elif self.is_boolean(node):
            self.add(node, scope, None)
            return
        if kind == "CXXForRangeStmt" and self.place(node) is not None:
            raise SystemExit("a range-based for is not understood: " + str(self.place(node)))
        for number, child in enumerate(children):
            if question is None or number != question:
                self.visit(child, scope)

    def question(self, node, children):
        kind = node["kind"]
        if kind == "IfStmt":
            if node.get("isConstexpr"):
                return None
            return (1 if node.get("hasInit") else 0) + (1 if node.get("hasVar") else 0)
        if kind not in ASKING:
            return None
        number = ASKING[kind] % len(children)
        return number if children[number].get("kind") else None

    @staticmethod
    def is_boolean(node):
        if node["kind"] == "BinaryOperator":
            return node.get("opcode") in COMPARISONS | LOGICAL
        return node["kind"] == "UnaryOperator" and node.get("opcode") == "!"

    def add(self, node, scope, declaring):
        """The decision whose expression is `node`; then those inside its conditions."""
        leaves = []
        tree = self.parse(node, leaves)
        place = self.place(node)
        if place is not None and not self.is_constant(node):
            file, span = place
            spans, declares = [self.place(leaf)[1] for leaf in leaves], None
            if declaring is not None:
                declares = declaring["inner"][0]["name"]
                span = self.place(declaring)[1]
                spans = [span]
            self.found.setdefault((file, span), Decision(file, "::".join(scope), span, tree, spans, declares))
        for leaf in leaves:
            leaf = self.bare(leaf)
            for child in leaf.get("inner", []) if self.is_boolean(leaf) else [leaf]:
                self.visit(child, scope)

    def is_constant(self, node):
        return self.bare(node)["kind"] == "ConstantExpr"

    @staticmethod
    def bare(node):
        while node["kind"] in WRAPPERS and len(node.get("inner", [])) == 1:
            node = node["inner"][0]
        return node

    def parse(self, node, leaves):
        bare = self.bare(node)
        if bare["kind"] == "BinaryOperator" and bare["opcode"] in LOGICAL:
            left, right = bare["inner"]
            first = self.parse(left, leaves)
            return bare["opcode"], first, self.parse(right, leaves)
        if bare["kind"] == "UnaryOperator" and bare["opcode"] == "!" and "macro" not in self.where(bare):
            return "!", self.parse(bare["inner"][0], leaves)
        leaves.append(node)
        return len(leaves) - 1

    def where(self, node):
        """How the node lies: "macro" when a macro's body wrote it."""
        begin = node["range"]["begin"]
        return {"macro"} if "expansionLoc" in begin and not begin["expansionLoc"].get("isMacroArgExpansion") else set()

    def place(self, node):
        """(name, (begin, end)) in one of the sources, or None."""
        begin, end = node.get("range", {}).get("begin", {}), node.get("range", {}).get("end", {})
        if all(at.get("expansionLoc", {}).get("isMacroArgExpansion") for at in (begin, end)) and (
                begin["expansionLoc"]["offset"] == end["expansionLoc"]["offset"]):
            begin, end = begin["spellingLoc"], end["spellingLoc"]
        else:
            begin, end = begin.get("expansionLoc", begin), end.get("expansionLoc", end)
        if begin.get("file") not in self.sources or end.get("file") != begin["file"]:
            return None
        name, source = self.sources[begin["file"]]
        return name, (begin["offset"], source.behind(end["offset"], end["tokLen"]))

    def skip(self, node):
        place = self.place(node)
        if place is not None:
            self.compile_time[place[0]].append(place[1])


def find(commands, names, sources):
    """All decisions of the files `names` ({path: name}), in the order of the text; `commands` are [(command, text)]."""
    finder = Finder({path: (name, sources[name]) for path, name in names.items()})
    sys.setrecursionlimit(10000)
    for command, text in commands:
        finder.visit(read_tree(command, text))
    decisions = sorted(finder.found.values(), key=lambda d: (d.file, d.span))
    seen = {}
    for decision in decisions:
        source = sources[decision.file]
        decision.text = source.words(decision.span)
        decision.conditions = [source.words(span) for span in decision.spans]
        decision.ordinal = seen[decision.key()[:3]] = seen.get(decision.key()[:3], 0) + 1
    return decisions, finder.compile_time


def unread(source, decisions, compile_time):
    """The questions in a text that neither a decision nor the compiler's part covers: each with what follows it."""
    covered = [d.span for d in decisions] + compile_time
    left = []
    for match in re.finditer(r"&&|\|\||\?|\bif\s*\(|\bwhile\s*\(|\bfor\s*\([^;]*;(?!\s*;)", source.code):
        operator = match.group() in ("&&", "||")
        # An operator lies in a decision; `?` stands behind one; what a statement asks stands behind the statement.
        at = match.start() if operator or match.group() == "?" else match.end()
        if not any(begin <= at < end for begin, end in covered) and not (
                not operator and any(is_beside(source.code, at, span, match.group() == "?") for span in covered)):
            left.append(" ".join(source.code[match.start():].split("\n")[0].split()))
    return left


def is_beside(code, at, span, behind):
    between = code[span[1]:at] if behind else code[at:span[0]]
    return (span[1] <= at if behind else at <= span[0]) and between.strip("() \n") == ""
