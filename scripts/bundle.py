#!/usr/bin/env python3
"""Puts source files together, so that a compiler reads the headers they share once a bundle, not once a file.

bundle.py count N ROOT SOURCE…                     prints how many bundles of up to N files they make, and a spare
bundle.py write N ROOT DEPFILE OUTPUT… -- SOURCE…  writes them: an output includes its sources; the spare is empty

A bundle is one translation unit. A name that is local to one of its files (in an unnamed namespace, static, a constant)
and means something else to another file gets another name in that file, of which the bundle has a copy then. Where that
can not be done (the name is also one that the file's types declare, or a header's), the file comes after those that it
would disturb, or goes into another bundle; so do files that open a namespace for all that follow. All of this is worked
out anew in each build, so no name has to be chosen for the sake of it, though files whose names can get others fit into
fewer bundles. Tests, of which nobody else needs a name, get a namespace of their own instead, and what they open is open
there alone. A file that defines macros or has pragmas stays alone, and so does one with operators for itself. Files that
go with few others are placed first, the rest room by room, as they are listed.

This reads words, it does not compile. It does not see that an overload of another file's header is a better match, nor a
local name that a header means which a later file includes. `./dev alone` runs the end-to-end cases with a program that
has no bundles.
"""
import functools
import itertools
import pathlib
import re
import sys

TOKEN = re.compile(r'''//(?:\\\n|[^\n])*|/\*.*?\*/|^[ \t]*\#(?:[^\n\\]|\\.)*|(?:\b(?:u8|[uUL]))?R"([^(\s]*)\(.*?\)\1"|"(?:[^"\\\n]|\\.)*"'''
                   r'''|\b\d[\w.']*|'(?:[^'\\\n]|\\.)*'|(?P<token>[A-Za-z_]\w*|::|->|[^\s\w])''', re.S | re.M)
INCLUDE_LINE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"]+)[>\"]", re.M)
NAMESPACE = re.compile(r"^namespace ([\w:]+)", re.M)
OPENED = re.compile(r"^[ \t]*using namespace ([\w:]+);", re.M)
ENUMERATORS_OF = re.compile(r"^using enum (?:\w+::)*(\w+);", re.M)
CONDITION = re.compile(r"^[ \t]*#[ \t]*(?:el)?if(.*)", re.M)
OF_THE_COMPILER = {"def", "ndef", "defined", "__x86_64__", "__clang__", "__linux__"}  # what a condition may ask for in a bundle
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:<(poolfit/[^>]+)>|"([^"]+)")', re.M)
# What the definition of a member begins with: a function, a constructor, a constant.
MEMBER = re.compile(r"^(?!\s|#|//|\}|using|namespace)[^;{]*?\b(\w+)(?:<[^;{}()]*>)?::(?:~?\w+|operator[^;{]*?)\s*[({=]", re.M)
BASE = re.compile(r"(?<!enum )\b(?:struct|class)\s+\w+(?:<[^{;]*?>)?(?:\s+final)?\s*:(?!:)([^{;]*)\{")
STATIC = re.compile(r"^static\b[^=;{]*\(", re.M)
TESTS = re.compile(r"^TEST_CASE\(", re.M)
NOT_INSIDE = re.compile(r"^namespace \w|^template <>|^extern|^[ \t]*#[ \t]*if", re.M)  # of a namespace of its own
ALONE = re.compile(r"^[ \t]*#[ \t]*(?:define|undef|pragma(?![ \t]+once))|\b_Pragma\b", re.M)
FOUND_BY_ARGUMENTS = {"swap", "begin", "end", "size", "to_json", "from_json", "format_as", "parse", "hash_value"}
NAMES_A_TYPE = {"struct", "class", "enum", "union", "using", "concept"}
NO_NAMES = {"if", "for", "while", "return", "sizeof", "static_assert", "alignas", "noexcept", "requires", "decltype",
            "const", "constexpr", "inline", "template", "operator", "default", "namespace", "typename", "class",
            "struct"}
ENDS_A_NAME = {"(", "=", "{", "[", ";", ":", ","}


@functools.lru_cache(maxsize=None)
def text_of(path):
    return path.read_text(encoding="utf-8")


def scanned(text):
    """(the end of a token in the text, the token); an arrow before what a function returns stands apart and is "-> "."""
    return [(m.end(), "-> " if m["token"] == "->" and text[m.start() - 1] in " \n" else m["token"])
            for m in TOKEN.finditer(text) if m["token"]]


@functools.lru_cache(maxsize=None)
def tokens_of(path):
    return [token for _, token in scanned(text_of(path))]


def is_name(token):
    """A word that is neither one of the language nor, by its capitals, a macro."""
    macro = len(token) > 2 and token.isupper()
    return (token[0].isalpha() or token[0] == "_") and not macro and token not in NO_NAMES


def words(path):
    """The names that a file looks up: all but members and what it takes from std."""
    before = ["", "", *tokens_of(path)]
    return {token for i, token in enumerate(before[2:])
            if is_name(token) and before[i + 1] not in (".", "->") and before[i:i + 2] != ["std", "::"]}


@functools.lru_cache(maxsize=None)
def declared(path):
    """(names declared at namespace scope, those of them that are local to the file, the types among these: what each
    is another name for, or None; all types; and what a using-declaration took from another namespace, which is local too)"""
    names, local, types = set(), set(), {}
    every_type, taken = set(), set()
    scopes, statement, depth = [], [], 0  # scopes: is each enclosing namespace unnamed; depth: of other brackets

    def end():
        if "using" in statement and "=" not in statement:
            if "namespace" not in statement and "enum" not in statement:
                for name in (before for before, token in zip(statement, statement[1:]) if token in (",", ";")):
                    taken.add(name)
                    types[name] = tuple(statement)
            statement.clear()
            return
        if statement[:1] == ["namespace"] and "=" in statement:
            taken.add(statement[1])
            types[statement[1]] = tuple(statement)
            statement.clear()
            return
        means = None
        if "using" in statement:
            means = tuple(statement)
            del statement[statement.index("=") + 1:]
        if "=" in statement and not {",", "template"} & set(statement):
            del statement[statement.index("=") + 1:]  # what something is set to is no name
        named = [(before, token) for before, token, after in zip([""] + statement, statement, statement[1:])
                 if is_name(token) and after in ENDS_A_NAME]
        names.update(token for _, token in named)
        found = {token for before, token in named if before not in ("::", "<", ":")}  # another scope's; a type that is used
        typed = {after for before, token, after in zip([""] + statement, statement, statement[1:])
                 if token in NAMES_A_TYPE and before not in ("<", ",") and is_name(after)}
        every_type.update(typed)
        found |= typed
        names.update(found)
        function = any(after == "(" for _, after in zip(statement, statement[1:]) if is_name(_))
        kept = {"static", "constexpr", "using"} | (set() if function else {"const"})  # const of what a function returns
        if any(scopes) or kept & set(statement) and "extern" not in statement:
            local.update(found)
            local.update({"operator"} & {*statement} if any(scopes) else ())
            for name in typed:
                types[name] = means if types.get(name, means) == means else None
        statement.clear()

    for token in tokens_of(path):
        if depth:
            depth += (token in "({[") - (token in ")}]")
            if depth == 0 and token == "}":
                end()
        elif token == "{" and "namespace" in statement:
            scopes.append(statement[-1] == "namespace")
            statement.clear()
        elif token == "}":
            scopes.pop()
        elif token in ("(", "{", "["):
            statement.append(token)
            depth = 1
        else:
            statement.append(token)
            if token == ";":
                end()
    return frozenset(names | taken), frozenset(local | taken), types, frozenset(every_type), frozenset(taken)


@functools.lru_cache(maxsize=None)
def headers(path, root):
    """The project's headers that a file includes, directly or not."""
    return included_by(text_of(path), path, root)


def included_by(text, path, root):
    """Those that a part of its text includes."""
    found = set()
    for ours, beside in INCLUDE.findall(text):
        header = (root / "include" / ours if ours else path.parent / beside).resolve()
        if not header.exists():
            header = (root / "include" / beside).resolve()
        if header.exists():
            found |= {header} | headers(header, root)
    return frozenset(found)


@functools.lru_cache(maxsize=None)
def namespaces(path):
    return set(NAMESPACE.findall(text_of(path)))


@functools.lru_cache(maxsize=None)
def types_of(path):
    """All types that a file declares, those inside others too."""
    tokens = tokens_of(path)
    return frozenset(after for token, after in zip(tokens, tokens[1:]) if token in NAMES_A_TYPE)


@functools.lru_cache(maxsize=None)
def inner(path):
    """The names declared inside braces of types, wherever these stand: members and enumerators, not constructors.
    Roughly: what their functions declare too."""
    found, statement, scopes = set(), [], []  # scopes: of each brace that is open, what it is of, if that is a type
    tokens = tokens_of(path)
    for before, token, after in zip(["", *tokens], tokens, [*tokens[1:], ""]):
        if any(scopes) and is_name(token) and (after in ENDS_A_NAME or after == "}") and before not in (".", "->", "::"):
            found |= {token} - set().union(*scopes)
        if token == "{":
            of_a_type = NAMES_A_TYPE & {*statement} and not {"(", "namespace"} & {*statement}
            scopes.append({*statement} if of_a_type else set())
            statement = []
        elif token == "}":
            scopes.pop()
            statement = []
        elif token == ";":
            statement = []
        else:
            statement.append(token)
    return frozenset(found)


class Source:
    def __init__(self, path, root):
        self.path, self.root, self.text, self.headers = path, root, text_of(path), headers(path, root)
        self.declared, self.local, self.types = declared(path)[:3]
        self.apart = bool(TESTS.search(self.text)) and not NOT_INSIDE.search(self.text)
        asks = {word for condition in CONDITION.findall(self.text) for word in re.findall(r"[A-Za-z_]\w*", condition)}
        # Macros reach what follows; operators and, by the types of its arguments, a static function are found without a name.
        self.alone = bool(ALONE.search(self.text) or asks - OF_THE_COMPILER or
                          not self.apart and (STATIC.search(self.text) or "operator" in self.local))
        self.opened = set(OPENED.findall(self.text))  # for the files that follow too
        self.enumerators = self.enumerators_in_use()
        self.local |= self.enumerators.keys()
        self.types = {**self.types, **self.enumerators}
        self.used = used = words(path)
        self.theirs = theirs = frozenset().union(*(declared(header)[0] for header in self.headers))
        types = frozenset().union(*(declared(header)[3] for header in self.headers))
        self.their_types = used & types - self.local
        self.outside = self.declared | used  # also what only a header that is not ours declares
        self.spaces = {part for path in (path, *self.headers) for name in namespaces(path) for part in name.split("::")}
        self.fixed = self.local if asks or self.has_other_bases(types) else self.local & self.not_to_rename(types)
        self.free = self.local - self.fixed

    def enumerators_in_use(self):
        """What `using enum` takes: the name, and where from, as Source.types has it."""
        found = {}
        for of in ENUMERATORS_OF.findall(self.text):
            for header in (self.path, *self.headers):
                for body in re.findall(rf"\benum (?:class |struct )?{of}\b[^;{{]*\{{([^}}]*)\}}", text_of(header)):
                    found |= {name: ("using enum", of) for name in re.findall(r"(\w+)[^,]*", re.sub("//.*", "", body))}
        return found

    def has_other_bases(self, types):
        """Has a type here a base whose members nobody here knows: of a library, or a template's argument."""
        named = {word for base in BASE.findall(self.text) for word in re.findall(r"\w+", base)}
        return bool(named - types - self.declared - self.spaces - {"public", "private", "protected", "virtual"})

    def not_to_rename(self, types):
        """The names that may be something else than what is local here, in some place of this file."""
        tokens = tokens_of(self.path)
        qualified = {(scope, token) for scope, colons, token in zip(tokens, tokens[1:], tokens[2:]) if colons == "::"}
        # A header's function may be meant beside one of that name here; a type here hides a header's, but that of a base.
        bases = BASE.search(self.text)
        names = inner(self.path) | (self.theirs if bases else self.theirs - self.types.keys())
        inside = frozenset().union(*(types_of(header) for header in self.headers))
        if bases or any(scope in inside for scope in MEMBER.findall(self.text)):  # members are said without their class
            names |= frozenset().union(*(inner(header) for header in self.headers))
        ours = {part for name in namespaces(self.path) for part in name.split("::")}
        names |= declared(self.path)[4] | self.enumerators.keys() | FOUND_BY_ARGUMENTS
        return names | {token for scope, token in qualified if scope in ours}

    def same_type(self, other, name):
        """Is it another name for the same type in both."""
        means = self.types.get(name)
        return means and means == other.types.get(name) and not ({*means} - {name}) & (self.local | other.local)

    def in_the_way(self, other, names, seen):
        """Which of these names, local here, are among what is seen there, or a header's there that this file has not, or
        a namespace inside one that is opened here."""
        names = {name for name in names if not self.same_type(other, name)}
        found = names & seen | {name for name in names & other.theirs
                                if any(name in declared(header)[0] for header in other.headers - self.headers)}
        return found | (names & other.spaces - self.spaces if self.opened else set())

    def opens_to(self, other):
        """Would a namespace that is opened here let that file see a second thing of one name."""
        opened = {name for name in self.opened - other.opened
                  if not any(theirs.startswith(name + "::") for theirs in other.opened)}
        return bool(opened) and any(opened & namespaces(header) and not other.used.isdisjoint(declared(header)[0])
                                    for header in self.headers | other.headers)

    def sees_two(self, other):
        """Would a type of this file's headers be another one of the other's, in a namespace that is opened here."""
        return any(self.opened & namespaces(header) and not self.their_types.isdisjoint(declared(header)[3])
                   for header in other.headers - self.headers)

    def disturbs(self, other, earlier):
        """Would what can not get another name here, nor there, mean something else to one of the two. What an earlier
        file looks up does not see this one, but for what a template finds by the types of its arguments."""
        if self.apart:
            return self.sees_two(other)
        seen = other.outside if earlier else other.local | other.declared - self.theirs
        return self.opens_to(other) or bool(self.fixed and self.in_the_way(other, self.fixed, seen - other.free))

    def may_precede(self, other):
        return not (self.alone or other.alone or self.disturbs(other, True) or other.disturbs(self, False))

    def lines(self, number, others):
        """What a bundle says to include this file as its number-th."""
        path = self.path.relative_to(self.root)
        if self.apart:
            first = [f"#include {self.included(*m)}" for m in INCLUDE_LINE.findall(self.text)]
            return [*first, f"namespace file_{number} {{", f'#include "{path}"', "}"]
        renamed = set().union(*(self.in_the_way(other, self.free, other.outside) for other in others))
        return [f'#line 1 "{path}"', self.with_names(number, renamed)] if renamed else [f'#include "{path}"']

    def included(self, quote, name):
        beside = self.path.parent / name
        if quote == '"' and beside.exists():
            name = beside.resolve().relative_to(self.root)
        return f"<{name}>" if quote == "<" else f'"{name}"'

    def with_names(self, number, names):
        """The text, in which these names end in the number: not where they are members or another scope's."""
        pieces, done, before = [], 0, ""
        for end, token in scanned(self.text):
            if token in names and before not in (".", "->", "::"):
                pieces += [self.text[done:end], f"_of_{number}"]
                done = end
            before = token
        text = "".join([*pieces, self.text[done:]])
        return INCLUDE_LINE.sub(lambda m: f"#include {self.included(m[1], m[2])}", text)


def place_in(bundle, source, most):
    """Where in the bundle the source may stand, or None."""
    if len(bundle) >= most:
        return None
    latest = next((i for i, other in enumerate(bundle) if not other.may_precede(source)), len(bundle))
    earliest = next((i + 1 for i, other in reversed([*enumerate(bundle)]) if not source.may_precede(other)), 0)
    return latest if earliest <= latest else None


def bundles_of(sources, most, limit):
    """The sources in bundles of up to `most`; beyond `limit` bundles, in larger ones. Those that go with few others
    come first; roughly, so that one more clash changes the order seldom."""
    clashes = dict.fromkeys(sources, 0)
    for source, other in itertools.combinations(sources, 2):
        if not (source.may_precede(other) and other.may_precede(source)):
            clashes[source] += 1
            clashes[other] += 1
    bundles = []
    for source in sorted(sources, key=lambda source: -(clashes[source] // 16)):
        for size in (most, len(sources)):
            places = ((bundle, place_in(bundle, source, size)) for bundle in bundles)
            bundle, place = next((found for found in places if found[1] is not None), (None, None))
            if bundle is not None or limit is None or len(bundles) < limit:
                break
        if bundle is not None:
            bundle.insert(place, source)
        elif limit is None or len(bundles) < limit:
            bundles.append([source])
        else:
            sys.exit(f"{source.path}: goes with no bundle, and there are only {limit}: "
                     "set the build folder up anew (meson setup --reconfigure)")
    return bundles


def text_of_bundle(sources):
    return "".join(line + "\n" for i, source in enumerate(sources)
                   for line in source.lines(i, [other for other in sources if other is not source]))


def write(path, text):
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main(what, most, root, *paths):
    root = pathlib.Path(root).resolve()
    depfile, outputs = None, []
    if what == "write":
        end = paths.index("--")
        depfile, outputs, paths = paths[0], paths[1:end], paths[end + 1:]
    sources = [Source(pathlib.Path(path).resolve(), root) for path in paths]
    bundles = bundles_of(sources, int(most), len(outputs) if outputs else None)
    if what == "count":
        print(len(bundles) + 1)
        return
    for i, output in enumerate(outputs):
        inside = bundles[i] if i < len(bundles) else []
        write(pathlib.Path(output), text_of_bundle(inside))
    read = sorted({str(path) for source in sources for path in (source.path, *source.headers)})
    pathlib.Path(depfile).write_text(f"{outputs[0]}: {' '.join(path.replace(' ', chr(92) + ' ') for path in read)}\n",
                                     encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
