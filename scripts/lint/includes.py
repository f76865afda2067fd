#!/usr/bin/env python3
"""Does each source include what it uses? includes.py ROOT.

Bundles (scripts/bundle.py) hide a missing #include behind the files before it. `./dev alone` compiles each file by
itself, which takes minutes; this reads words, in a second. A type, or a function that is called, which only headers
declare that a file does not include, directly or through the project's headers, is missing one of them; and so is a
name of std whose header nothing includes that the file includes; so is a macro of the C library that is asked for before
any header of the system has been included, since only those say that it is there. The last line printed is "N passed, N failed".
"""
import functools
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from bundle import NAMES_A_TYPE, declared, headers, included_by, is_name, text_of, tokens_of  # noqa: E402

SYSTEM = re.compile(r"^[ \t]*#[ \t]*include[ \t]*<([\w./+]+)>", re.M)
LIBC = re.compile(r"^[ \t]*#[ \t]*(?:el)?if.*\b(__GLIBC(?:_MINOR)?__)\b", re.M)
OTHERS = {"std", "fmt", "ranges", "views", "chrono", "filesystem", "nlohmann", "toml", "CLI"}  # have names of their own
LIBRARIES = {"fmt": "fmt/", "nlohmann": "nlohmann/", "toml": "toml++/", "CLI": "CLI/"}
PARTS = {"src/simulate/kernel_body.hpp", "src/simulate/kernel_vectors.hpp"}  # included by the one file they belong to
# Where a name of std is: any of these headers has it.
ONE_EACH = {"algorithm": "sort stable_sort min max clamp find find_if any_of all_of none_of count_if lower_bound "
                         "upper_bound transform ranges max_element min_element remove_if reverse unique equal_range",
            "atomic": "atomic", "array": "array", "bit": "bit_cast popcount", "charconv": "from_chars to_chars",
            "compare": "strong_ordering", "complex": "complex", "cstdint":
            "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t",
            "cstring": "strcmp memcpy strlen memchr memcmp strerror", "deque": "deque", "fstream": "ifstream ofstream",
            "functional": "function", "limits": "numeric_limits", "map": "map multimap",
            "memory": "unique_ptr shared_ptr make_unique make_shared", "mutex": "mutex lock_guard scoped_lock",
            "numeric": "accumulate iota gcd", "optional": "optional nullopt nullopt_t", "set": "set", "span": "span",
            "sstream": "ostringstream istringstream", "string": "string to_string stod", "thread": "thread",
            "tuple": "tuple tie", "unordered_map": "unordered_map", "unordered_set": "unordered_set",
            "variant": "variant visit get_if holds_alternative monostate", "vector": "vector"}
STD = {name: header for header, names in ONE_EACH.items() for name in names.split()}
STD |= {"string_view": "string_view string"}
STD |= dict.fromkeys("floor ceil pow sqrt exp log log1p expm1 isfinite isnan isinf round lround llround fabs lgamma "
                     "log10 hypot".split(), "cmath complex")


@functools.lru_cache(maxsize=None)
def system_headers(path, root, end=None):
    """Those that a file includes up to there, itself or through the project's headers that it has included by then."""
    text = text_of(path)[:end]
    reached = included_by(text, path, root)
    return frozenset(SYSTEM.findall("".join((text, *(text_of(p) for p in reached)))))


def declares(path):
    """The names that a file declares, and not those that a using-declaration takes from where they are declared."""
    return declared(path)[0] - declared(path)[4]


@functools.lru_cache(maxsize=None)
def uses(path):
    """(types that it names, functions that it calls with their namespace, names of std, other libraries)"""
    tokens = ["", "", *tokens_of(path), ""]
    types, functions, std, libraries = set(), set(), set(), set()
    for i, token in enumerate(tokens[2:-1], 2):
        if tokens[i - 2:i] == ["std", "::"]:
            std.add(token)
        elif token in LIBRARIES and tokens[i + 1] == "::":
            libraries.add(token)
        elif not is_name(token) or tokens[i - 1] in (".", "->") or tokens[i - 2] in OTHERS | {">"}:
            continue
        elif token[0].isupper():
            types.add(token)
        elif tokens[i + 1] == "(" and tokens[i - 1] == "::":
            functions.add(token)
    return types, functions, std, libraries


def missing(path, root, homes):
    """What a file uses and does not include: (name, headers that have it)."""
    reached = headers(path, root)
    tokens = tokens_of(path)
    known = declares(path).union(*(declares(header) for header in reached))
    inside = {after for token, after in zip(tokens, tokens[1:]) if token in NAMES_A_TYPE}  # of functions and types, too
    types, functions, std, libraries = uses(path)
    types -= inside.union(*(tokens_of(header) for header in reached))
    for name in sorted((types | functions) - known):
        found = [home for home in homes.get(name, ()) if root / "include" in home.parents or home.parent == path.parent]
        if found:
            yield name, ", ".join(sorted(str(home.relative_to(root)) for home in found)[:3])
    for name in sorted(std & STD.keys()):
        if not set(STD[name].split()) & system_headers(path, root):
            yield f"std::{name}", " or ".join(f"<{header}>" for header in STD[name].split())
    asked = LIBC.search(text_of(path))
    if asked and not system_headers(path, root, asked.start()):
        yield asked[1], "the headers of the system, before it"
    for name in sorted(libraries):
        if not any(header.startswith(LIBRARIES[name]) for header in system_headers(path, root)):
            yield f"{name}::", f"<{LIBRARIES[name]}…>"


def main(root):
    root = pathlib.Path(root).resolve()
    files = [path for folder in ("include", "src") for path in sorted((root / folder).rglob("*.?pp"))
             if str(path.relative_to(root)) not in PARTS]
    homes = {}
    for path in files:
        if path.suffix == ".hpp":
            for name in declares(path):
                homes.setdefault(name, set()).add(path)
    failed = 0
    for path in files:
        found = list(missing(path, root, homes))
        failed += bool(found)
        for name, where in found:
            print(f"{path.relative_to(root)}: uses {name}, includes none of: {where}")
    print(f"{len(files) - failed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
