#!/usr/bin/env python3
"""Puts source files together, so that a compiler reads the headers they share once a bundle, not once a file.

bundle.py count N ROOT SOURCE…                     prints how many bundles of up to N files they make, and a spare
bundle.py write N ROOT DEPFILE OUTPUT… -- SOURCE…  writes them: an output includes its sources; the spare is empty

A bundle is one translation unit. A name that is local to one of its files (in an unnamed namespace, static, a constant)
and means something else to another file gets another name in that file, by a macro around its #include. Where that
can not be done (the name is a member's too, or a header's), or where one file opens a namespace for all that follow,
the files go into different bundles. All of this is worked out anew in each build, so no name has to be chosen for the
sake of it, though files whose names can get others fit into fewer bundles. Tests, of which nobody else needs a name,
get a namespace of their own instead, and what they open is open there alone. A file that defines macros or has pragmas
stays alone. Files that go with few others are placed first, the rest room by room, as they are listed.
"""
import functools
import itertools
import pathlib
import re
import sys

TOKEN = re.compile(r'''//[^\n]*|/\*.*?\*/|^[ \t]*\#(?:[^\n\\]|\\.)*|R"([^(\s]*)\(.*?\)\1"|"(?:[^"\\\n]|\\.)*"'''
                   r'''|\b\d[\w.']*|'(?:[^'\\\n]|\\.)*'|(?P<token>[A-Za-z_]\w*|::|->|[^\s\w])''', re.S | re.M)
INCLUDE_LINE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"]+)[>\"]", re.M)
NAMESPACE = re.compile(r"^namespace ([\w:]+)", re.M)
OPENED = re.compile(r"^using namespace ([\w:]+);", re.M)
CONDITION = re.compile(r"^[ \t]*#[ \t]*if", re.M)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:<(poolfit/[^>]+)>|"([^"]+)")', re.M)
BASE = re.compile(r"\b(?:struct|class)[ \t]+\w+(?:[ \t]+final)?\s*:(?!:)")
TESTS = re.compile(r"^TEST_CASE\(", re.M)
NOT_INSIDE = re.compile(r"^namespace \w|^template <>|^extern|^[ \t]*#[ \t]*if", re.M)  # of a namespace of its own
ALONE = re.compile(r"^[ \t]*#[ \t]*(?:define|undef|pragma(?![ \t]+once))", re.M)
NAMES_A_TYPE = {"struct", "class", "enum", "union", "using", "concept"}
NO_NAMES = {"if", "for", "while", "return", "sizeof", "static_assert", "alignas", "noexcept", "requires", "decltype",
            "const", "constexpr", "inline", "template", "operator", "default", "namespace", "typename", "class",
            "struct"}
ENDS_A_NAME = {"(", "=", "{", "[", ";", ":", ","}


@functools.lru_cache(maxsize=None)
def text_of(path):
    return path.read_text(encoding="utf-8")


@functools.lru_cache(maxsize=None)
def tokens_of(path):
    return [m["token"] for m in TOKEN.finditer(text_of(path)) if m["token"]]


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
    is another name for, or None; and all types)"""
    names, local, types = set(), set(), {}
    every_type = set()
    scopes, statement, depth = [], [], 0  # scopes: is each enclosing namespace unnamed; depth: of other brackets

    def end():
        if statement[:2] == ["using", "namespace"] or "using" in statement and "=" not in statement:
            statement.clear()  # may be said twice
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
        found = {token for before, token in named if before not in ("::", "<")}  # another scope's; a type that is used
        typed = {after for before, token, after in zip([""] + statement, statement, statement[1:])
                 if token in NAMES_A_TYPE and before not in ("<", ",") and is_name(after)}
        every_type.update(typed)
        found |= typed
        names.update(found)
        if any(scopes) or {"static", "const", "constexpr", "using"} & set(statement) and "extern" not in statement:
            local.update(found)
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
    return frozenset(names), frozenset(local), types, frozenset(every_type)


@functools.lru_cache(maxsize=None)
def headers(path, root):
    """The project's headers that a file includes, directly or not."""
    found = set()
    for ours, beside in INCLUDE.findall(text_of(path)):
        header = (root / "include" / ours if ours else path.parent / beside).resolve()
        if not header.exists():
            header = (root / "include" / beside).resolve()
        if header.exists():
            found |= {header} | headers(header, root)
    return frozenset(found)


@functools.lru_cache(maxsize=None)
def namespaces(path):
    return set(NAMESPACE.findall(text_of(path)))


class Source:
    def __init__(self, path, root):
        self.path, self.root, self.text, self.headers = path, root, text_of(path), headers(path, root)
        self.alone = bool(ALONE.search(self.text))
        self.opened = set(OPENED.findall(self.text))  # for the files that follow too
        self.declared, self.local, self.types = declared(path)[:3]
        self.used = used = words(path)
        self.theirs = theirs = frozenset().union(*(declared(header)[0] for header in self.headers))
        types = frozenset().union(*(declared(header)[3] for header in self.headers))
        self.their_types = used & types - self.local
        self.outside = self.declared | used & theirs
        self.spaces = {part for path in (path, *self.headers) for name in namespaces(path) for part in name.split("::")}
        tokens = tokens_of(path)
        members = {token for before, token in zip(tokens, tokens[1:]) if before in (".", "->", "::")}
        # A header's function may be meant beside one of that name here; a type here hides a header's, but that of a base.
        hidden = frozenset() if BASE.search(self.text) else self.types.keys()
        # A function of the file hides what a header has by its name: mostly an error of the compiler, and tests would tell.
        self.apart = bool(TESTS.search(self.text)) and not NOT_INSIDE.search(self.text)
        self.fixed = self.local if CONDITION.search(self.text) else self.local & (members | theirs - hidden)

    def same_type(self, other, name):
        """Is it another name for the same type in both."""
        means = self.types.get(name)
        return means and means == other.types.get(name) and not ({*means} - {name}) & (self.local | other.local)

    def in_the_way(self, other, names):
        """Which of these names, local here, mean something else there."""
        names = {name for name in names if not self.same_type(other, name)}
        found = names & other.outside | {name for name in names & other.theirs
                                         if any(name in declared(header)[0] for header in other.headers - self.headers)}
        return found | (names & other.spaces - self.spaces if self.opened else set())  # a namespace inside an opened one

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

    def disturbs(self, other):
        if self.apart:
            return self.sees_two(other)
        return self.opens_to(other) or self.in_the_way(other, self.fixed)

    def goes_with(self, other):
        return not (self.alone or other.alone or self.disturbs(other) or other.disturbs(self))

    def lines(self, number, others):
        """What a bundle says to include this file as its number-th."""
        renamed = sorted(set().union(*(self.in_the_way(other, self.local) for other in others))) if not self.apart else []
        first = []
        for quote, name in INCLUDE_LINE.findall(self.text) if renamed or self.apart else []:
            beside = self.path.parent / name
            inside = quote == '"' and beside.exists()
            first.append(f'#include "{beside.resolve().relative_to(self.root)}"' if inside else
                         f"#include <{name}>" if quote == "<" else f'#include "{name}"')
        if self.apart:
            return [*first, f"namespace file_{number} {{", f'#include "{self.path.relative_to(self.root)}"', "}"]
        return [*first, *(f"#define {name} {name}_of_{number}" for name in renamed),
                f'#include "{self.path.relative_to(self.root)}"', *(f"#undef {name}" for name in renamed)]


def bundles_of(sources, most, limit):
    """The sources in bundles of up to `most`; beyond `limit` bundles, in larger ones. Those that go with few others
    come first; roughly, so that one more clash changes the order seldom."""
    clashes = {source: set() for source in sources}
    for source, other in itertools.combinations(sources, 2):
        if not source.goes_with(other):
            clashes[source].add(other)
            clashes[other].add(source)
    bundles = []
    for source in sorted(sources, key=lambda source: -(len(clashes[source]) // 16)):
        fits = [b for b in bundles if clashes[source].isdisjoint(b)]
        place = next((b for b in fits if len(b) < most), None)
        if place is None and limit is not None and len(bundles) >= limit:
            place = min(fits, key=len, default=None)
            if place is None:
                sys.exit(f"{source.path}: goes with no bundle, and there are only {limit}: "
                         "set the build folder up anew (meson setup --reconfigure)")
        if place is None:
            bundles.append([source])
        else:
            place.append(source)
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
