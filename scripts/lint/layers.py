#!/usr/bin/env python3
"""Checks the house's walls: layers.py ROOT reads include/ and src/ under ROOT. See docs/design.md.

Which room includes which, where third-party libraries and the outside world (streams, environment, clock,
locale, exit) may be touched, where no sentence and no name of a provider may stand, and how long a file may get. Prints `file:line: what is wrong: what is allowed`;
exit 1 when something is wrong.
"""
import pathlib
import re
import sys

# A room and the rooms it may include, besides itself.
ROOMS = {
    "unit": "",
    "threads": "",
    "diag": "",
    "series": "unit",
    "formula": "unit diag",
    "queue": "unit",
    "model": "unit diag formula series",
    "platform": "unit diag formula model",
    "catalog": "unit diag formula model platform",
    "load": "unit threads diag series formula model platform catalog",
    "import": "unit threads diag series model platform catalog load",
    "observe": "unit diag model",
    "assess": "unit threads diag series formula model platform catalog queue",
    "simulate": "unit threads model queue",
    "sizing": "unit queue simulate",
    "plan": "unit threads series model platform catalog queue assess simulate sizing",
    "lint": "unit threads diag series model platform catalog queue assess plan sizing",
    "report": "unit threads diag series model platform catalog assess lint plan queue simulate sizing",
    "diff": "unit diag model platform plan load report",
    "svg": "diag",
    "render": "unit threads diag series model platform report diff svg",
    "emit": "unit diag model platform catalog assess plan report render",
}
ROOMS = {room: set(allowed.split()) for room, allowed in ROOMS.items()}
ROOMS["cli"] = set(ROOMS)
# A renderer reads the values that a report holds, and computes nothing: of the rooms below `report` it calls what names
# and prints values; their types it may use.
RENDER_CALLS = {
    "formula": "", "catalog": "", "load": "", "series": "name print print_days print_period",
    "assess": "measured name print print_in_full raw unit_name variable", "queue": "describe", "simulate": "", "sizing": "formula name",
    "plan": "name", "lint": "",
}
CALL = re.compile(r"(?<![\w.>:])(?:poolfit\s*::\s*)?(" + "|".join(RENDER_CALLS) + r")\s*::\s*([a-z]\w*)")
THIRD_PARTY_FOLDER = "third_party"  # bodies of libraries, no room

# A library's includes: (rule, pattern of the include, where it may stand, in words). A place is a room or a file.
LIBRARIES = [
    ("cli11", r"CLI/|CLI11", ["cli"], "cli"),
    ("toml", r"toml\+\+/|toml\.hpp", ["load"], "load"),
    ("json", r"nlohmann/", ["load", "import", "observe", r"src/render/(\w+_)?(json|schema|sarif|gitlab)(_\w+)?\.[ch]pp", r"src/emit/(output|alarms_grafana)\.cpp"],
     "load, import, observe, the JSON-shaped renderers and emit's output"),
    ("yaml", r"libfyaml", ["import"], "import"),
    ("database", r"(postgresql/)?(libpq-fe|libpq/|sqlite3\.h)|curl/", ["observe"], "observe"),
]
NOT_IN_HEADERS = ("cli11", "toml", "json", "yaml")  # heavy: in public headers everybody would pay

# Names of the outside world: (rule, pattern in code, the rooms that may use it).
FREE = r"(?<![\w.>:])(?:std\s*::\s*|::\s*)?"  # not a member, not of another namespace
OUTSIDE = [
    ("streams", r"\bstd\s*::\s*(?:cout|cerr|clog|cin|print(?:ln)?)\b|\bfmt\s*::\s*print\w*\s*\(|(?<![\w.>:])std(?:out|err|in)\b|"
     + FREE + r"v?f?(?:printf|puts|putchar|putc)\s*\(|" + FREE + r"perror\s*\(", ["cli"]),
    ("environment", r"\b(?:secure_)?getenv\b|\b(?:set|put|unset)env\s*\(|" + FREE + r"isatty\s*\(", ["cli"]),
    ("clock", r"\b(?:system|steady|high_resolution|utc)_clock\b|" + FREE + r"time\s*\(\s*(?:nullptr|NULL|0|&)|"
     + FREE + r"(?:localtime|gmtime)(?:_r)?\s*\(|\bclock_gettime\b|\bgettimeofday\b", ["cli", "observe"]),
    ("locale", r"\bsetlocale\b|\bstd\s*::\s*locale\b|\bnl_langinfo\b", ["cli"]),
    ("exit", FREE + r"(?:_?exit|_Exit|quick_exit|abort|terminate)\s*\(", ["cli"]),
    ("chance", r"\brandom_device\b|\bstd\s*::\s*(?:mt19937\w*|default_random_engine|\w+_distribution)\b|"
     + FREE + r"s?rand\s*\(\s*\)", []),
]
OUTSIDE_HEADERS = {"iostream": "streams", "print": "streams", "locale": "locale", "clocale": "locale",
                   "random": "chance"}

# Literals: (rule, pattern, the rooms where none may have it, files that may, in words). What a computing room says is a
# value with a kind and numbers; what a provider or an engine is called stands in its platform's row.
LITERALS = [
    ("words", r"(?<![\w/])[A-Za-z]+ [a-z]+ [a-z]+", ["assess", "plan", "report", "svg"], [], "a kind with numbers here, its words in render"),
    ("names", r"(?i)\bdb\.|\bri[13]\b|\brds\b|cloudwatch|pgbouncer|\baurora\b|postgresql|mysql|mariadb|\baws\b|\bgcp\b|"
     r"\bazure\b|cloud ?sql|\bneon\b|\baiven\b",
     ["unit", "threads", "series", "queue", "model", "catalog", "assess", "simulate", "sizing", "plan", "report", "svg", "render"],
     ["src/render/formats.cpp",       # formats for other tools have their names
      "src/render/note_words.cpp"],   # and so have sources
     "the platform's row, or the pooler's kind"),
]

LONG = {".cpp": 400, ".hpp": 150}
TOO_LONG = 450

TOKENS = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?\*/)'
    r'|(?P<raw>R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)")'
    r'|(?P<include>^[ \t]*\#[ \t]*include[ \t]*[<"][^>"\n]*[>"])'
    r'|(?P<text>"(?:\\.|[^"\\\n])*")'
    r"|(?P<char>(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+')", re.S | re.M)
INCLUDE = re.compile(r'#[ \t]*include[ \t]*([<"])([^>"\n]*)[>"]')


def code_of(text):
    """The text without comments and literals, each line where it was; includes stay."""
    return TOKENS.sub(lambda m: m.group() if m.group("include") else re.sub(r"[^\n]", " ", m.group()), text)


def room_of(path):
    """The room of a file ("include/poolfit/<room>/…", "src/<room>/…"), or None."""
    parts = path.parts
    if parts[0] == "include":
        return parts[2] if len(parts) > 3 and parts[1] == "poolfit" else None
    return parts[1] if len(parts) > 2 else None


def check_include(path, room, quote, target):
    """Findings (rule, what, allowed) of one include line."""
    if quote == '"':
        if path.parts[0] == "include":
            yield "private", f'a public header includes "{target}"', "<poolfit/room/…> and the standard library"
        elif target.startswith("poolfit/"):
            yield "private", f'"{target}" in quotes', f"<{target}>"
        else:
            folder = list(path.parent.parts)
            for part in pathlib.PurePosixPath(target).parts:
                folder = folder[:-1] if part == ".." else folder + [part]
            if folder[:2] != ["src", room]:
                yield "private", f'{room} includes "{target}", a private file of elsewhere', f"files of src/{room}"
        return
    if target.startswith("poolfit/"):
        other = target.split("/")[1]
        if other not in ROOMS:
            yield "rooms", f"<{target}>: there is no room {other}", "the rooms of docs/design.md"
        elif other != room and other not in ROOMS[room]:
            allowed = " ".join(r for r in ROOMS if r in ROOMS[room]) or "no other room"
            yield "rooms", f"{room} includes <{target}>", allowed
        return
    for rule, pattern, places, words in LIBRARIES:
        if not re.match(pattern, target):
            continue
        if not any(place == room or re.fullmatch(place, path.as_posix()) for place in places):
            yield rule, f"<{target}> in {room}", words
        elif rule in NOT_IN_HEADERS and path.parts[0] == "include":
            yield rule, f"<{target}> in a public header", "source files and private headers"
    rule = OUTSIDE_HEADERS.get(target)
    if rule:
        rooms = next(rooms for name, _, rooms in OUTSIDE if name == rule)
        if room not in rooms:
            yield rule, f"<{target}> in {room}", " and ".join(rooms) or "nowhere: an own generator, seeded"


def check_file(root, path):
    """Findings (rule, line, what, allowed) of one file; the path is relative to the root."""
    room = room_of(path)
    if room == THIRD_PARTY_FOLDER:
        return
    if room not in ROOMS:
        yield "rooms", 1, f"stands in no room ({room or 'outside the folders of rooms'})", " ".join(ROOMS)
        return
    text = (root / path).read_text(encoding="utf-8")
    for number, line in enumerate(code_of(text).splitlines(), 1):
        include = INCLUDE.search(line)
        if include:
            for rule, what, allowed in check_include(path, room, *include.groups()):
                yield rule, number, what, allowed
            continue
        if room == "render":
            for other, verb in CALL.findall(line):
                if verb not in RENDER_CALLS[other].split():
                    yield "renders", number, f"render calls {other}::{verb}", \
                        "what names or prints a value: compute it in report"
        for rule, pattern, rooms in OUTSIDE:
            found = re.search(pattern, line)
            if found and room not in rooms:
                name = found.group().rstrip("( ")
                yield rule, number, f"{name} in {room}", " and ".join(rooms) or "nowhere: an own generator, seeded"
    for found in TOKENS.finditer(text):
        literal = found.group("text") or found.group("raw")
        for rule, pattern, rooms, exempt, allowed in LITERALS if literal else []:
            if room in rooms and path.as_posix() not in exempt and re.search(pattern, literal):
                yield rule, text.count("\n", 0, found.start()) + 1, f"{literal} in {room}", allowed
    lines = text.count("\n")
    if lines > TOO_LONG:
        yield "length", TOO_LONG, f"{lines} lines", f"{TOO_LONG}, better {LONG[path.suffix]}"
    elif lines > LONG[path.suffix]:
        yield "warning", LONG[path.suffix], f"{lines} lines", f"better at most {LONG[path.suffix]}"


def check(root):
    """All findings under a root: (rule, path, line, what, allowed)."""
    findings, cli11 = [], []
    for folder in ("include", "src"):
        for full in sorted((root / folder).rglob("*.[ch]pp")):
            path = full.relative_to(root)
            findings += [(rule, path, *rest) for rule, *rest in check_file(root, path)]
            for number, line in enumerate(code_of(full.read_text(encoding="utf-8")).splitlines(), 1):
                include = INCLUDE.search(line)
                if include and re.match(r"CLI/|CLI11", include.group(2)) and room_of(path) == "cli":
                    cli11.append((path, number))
    for path, number in sorted(set(cli11)):
        if path.suffix == ".hpp":
            findings.append(("cli11", path, number, "CLI11 in a header", "one source file of src/cli"))
    sources = sorted({path for path, _ in cli11 if path.suffix == ".cpp"})
    for path, number in cli11:
        if path in sources[1:]:
            findings.append(("cli11", path, number, "a second file that compiles CLI11", f"{sources[0]} alone"))
    return findings


def main(argv):
    root = pathlib.Path(argv[1] if len(argv) > 1 else ".")
    findings = check(root)
    for rule, path, line, what, allowed in findings:
        kind = "warning: " if rule == "warning" else ""
        print(f"{path}:{line}: {kind}{what}: allowed: {allowed}")
    wrong = sum(rule != "warning" for rule, *_ in findings)
    if wrong:
        print(f"{wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
