"""Where a C++ source can be made wrong by one small change, and how: mutants_of(path, text).

One change a mutant: a comparison at its border (< to <=, == to !=), + and -, * and /, && and ||, min and max, ceil and
floor, lower_bound and upper_bound, any_of and all_of, front and back, .low and .high, true and false, a number and the
next one (1 and 0 also the other way; a real one from 1000 on and twice as much), a `!` gone. Nothing in comments, text,
preprocessor lines, template brackets and static_asserts. What is an operator and what a bracket, a reference or a pointer
is told by clang-format's spaces.
"""
import dataclasses
import hashlib
import re

TOKENS = re.compile(r"""
    (?P<skip>//[^\n]*|/\*.*?\*/|^[ \t]*\#(?:\\\n|[^\n])*)
  | (?P<raw>(?:u8|[uUL])?R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)")
  | (?P<text>"(?:\\.|[^"\\\n])*"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+')
  | (?P<number>\.?\d(?:[eEpP][+-]|'?[0-9A-Za-z_.])*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<operator><=>|<<=|>>=|->\*?|\+\+|--|::|&&|\|\||[<>=!+\-*/%&|^]=|<<|>>|[^\s\w])
""", re.S | re.M | re.X)

SPACED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "+": "-", "-": "+", "*": "/", "/": "*",
          "%": "/", "&&": "||", "||": "&&", "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*="}
CALLS = {"min": "max", "max": "min", "min_element": "max_element", "max_element": "min_element", "ceil": "floor",
         "floor": "ceil", "round": "floor", "lower_bound": "upper_bound",
         "upper_bound": "lower_bound", "any_of": "all_of", "all_of": "any_of", "none_of": "any_of", "front": "back",
         "back": "front", "isfinite": "isnan", "log1p": "expm1", "expm1": "log1p"}
MEMBERS = {"low": "high", "high": "low"}


@dataclasses.dataclass(frozen=True)
class Mutant:
    path: str
    line: int  # from 1
    column: int  # from 1
    start: int
    end: int
    new: str
    old: str
    excerpt: str

    @property
    def id(self):
        return f"{self.path}:{self.line}:{self.column}"

    @property
    def words(self):
        return f"{self.old} to {self.new}" if self.new else f"{self.old} gone"

    def applied(self, text):
        return text[:self.start] + self.new + text[self.end:]


def next_number(text):
    """The literal one higher, a large real one twice as high; 1 becomes 0 (0 becomes 1), so that a step or a factor
    vanishes. None where it has no such."""
    digits = text.replace("'", "")
    if re.fullmatch(r"0[xX][0-9A-Fa-f]+[uUlL]*", digits) or re.fullmatch(r"0[bB][01]+[uUlL]*", digits):
        body = re.match(r"0[xXbB][0-9A-Fa-f]+", digits).group()
        return f"{int(body, 0) + 1:#x}" + digits[len(body):]
    found = re.fullmatch(r"(\d+)([uUlLzZ]*)", digits)
    if found:
        number = int(found.group(1))
        return f"{0 if number == 1 else number + 1}{found.group(2)}"
    found = re.fullmatch(r"(\d*\.?\d*(?:[eE][+-]?\d+)?)([fFlL]?)", digits)
    if found and found.group(1) not in ("", "."):
        number = float(found.group(1))
        # One more of a million is no change worth a test.
        changed = 0.0 if number == 1 else number + 1.0 if number < 1000 else 2.0 * number
        return f"{changed!r}{found.group(2)}"
    return None  # a literal with a suffix of its own


def tokens_of(text):
    """Matches of what is code, without static_asserts."""
    found = [match for match in TOKENS.finditer(text) if not match.group("skip")]
    kept, at = [], 0
    while at < len(found):
        if found[at].group() == "static_assert":
            while at < len(found) and found[at].group() != ";":
                at += 1
        if at < len(found):
            kept.append(found[at])
        at += 1
    return kept


def spaced(text, match):
    return text[match.start() - 1:match.start()].isspace() and text[match.end():match.end() + 1].isspace()


def change_of(text, tokens, at, depth):
    """What token `at` becomes: new text, "" for gone, None for no change."""
    match, word = tokens[at], tokens[at].group()
    before = tokens[at - 1].group() if at else ""
    after = tokens[at + 1].group() if at + 1 < len(tokens) else ""
    if match.group("number"):
        return None if depth else next_number(word)
    if match.group("word"):
        if word in ("true", "false") and not depth:
            return "false" if word == "true" else "true"
        if word in CALLS and after in ("(", "<") and before in (".", "::", "->"):
            return CALLS[word] if text[tokens[at + 1].start():][:2] != "()" or word in ("front", "back") else None
        if word in MEMBERS and before in (".", "->") and after != "(":
            return MEMBERS[word]
        return None
    if match.group("operator"):
        if word in SPACED and before != "operator" and spaced(text, match) and not (word == "<" and before == "template"):
            return SPACED[word]
        if word == "!" and before != "operator":
            return ""
    return None


def mutants_of(path, text):
    """All of one source, in the order of their places."""
    tokens, depth, found = tokens_of(text), 0, []
    lines = [0] + [match.end() for match in re.finditer("\n", text)]
    line = 0
    for at, match in enumerate(tokens):
        word = match.group()
        if match.group("operator"):  # template brackets: those that are no comparison
            if word == "<" and (not spaced(text, match) or tokens[at - 1].group() == "template"):
                depth += tokens[at - 1].group() != "operator"
                continue
            if word in (">", ">>") and depth and not spaced(text, match):
                depth = max(0, depth - len(word))
                continue
        new = change_of(text, tokens, at, depth)
        if new is None:
            continue
        while line + 1 < len(lines) and lines[line + 1] <= match.start():
            line += 1
        end = text.find("\n", match.start())
        found.append(Mutant(path, line + 1, match.start() - lines[line] + 1, match.start(), match.end(), new, word,
                            text[lines[line]:end if end >= 0 else len(text)].strip()))
    return found


def in_seeded_order(mutants, seed):
    """Sorted by a hash of the seed and of what is changed, not where: a line that moves keeps its place in the order."""
    seen, keyed = {}, []
    for mutant in mutants:
        what = (mutant.path, mutant.excerpt, mutant.old, mutant.new)
        seen[what] = seen.get(what, 0) + 1
        keyed.append((hashlib.sha256(repr((seed, what, seen[what])).encode()).digest(), mutant))
    return [mutant for _, mutant in sorted(keyed, key=lambda pair: pair[0])]
