#!/usr/bin/env python3
"""Holds README.md, other pages and the examples of the man pages against the binary: readme.py [--accept] BINARY.

In README.md, docs/ci.md, docs/SKILL.md and llms.txt:

    <!-- output: poolfit plan FILE -->      the text in the fence below is what the command prints, at 80 columns;
    ```text                                 --accept rewrites it
    …
    ```
    <!-- end of output -->                 without a fence, where the command prints Markdown
    <!-- output of it: | head -3 -->        the same of the last command of the ```sh above, with what follows it
    ```sh                                   every command is run and has to succeed; `check` may find something
    ```toml                                 `plan` has to accept it

data/examples/NAME/PLAN.md is what `plan --format markdown` prints of the inventory beside it; --accept rewrites it.
In CONTRIBUTING.md, a ```diff of files that are in the repository says what is in them: of a new file (`--- /dev/null`)
all of it, of another each line.
In the man pages, lines `.Dl $ poolfit …` are run, and a literal display that is an inventory or a catalog file has to
be accepted. Commands run in a temporary folder where data/ is the repository's, poolfit.toml is the agora example, the answers and
manifests of the bookshop example stand, and the binary is called poolfit.
"""
import argparse
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAGES = ("README.md", "docs/ci.md", "docs/SKILL.md", "llms.txt")
OUTPUT = re.compile(r"<!-- output(?: of it:(?P<rest>[^\n]*)|: (?P<command>poolfit [^\n]*)) -->\n(?P<fence>```text\n)?(?P<text>.*?)(?(fence)```\n)"
                    r"<!-- end of output -->", re.DOTALL)
FENCE = re.compile(r"^```(?P<kind>sh|toml)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
MAN_LITERAL = re.compile(r"^\.Bd -literal[^\n]*\n(.*?)^\.Ed$", re.DOTALL | re.MULTILINE)
MAN_EXAMPLE = re.compile(r"^\.Dl \$ (poolfit .*)$", re.MULTILINE)
MAN_ESCAPES = {r"\-": "-", r"\(dq": '"', r"\(aq": "'", r"\&": "", r"\e": "\\"}
PASSED_ON = ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")


class Place:
    """The folder where commands run."""

    def __init__(self, folder, binary):
        self.folder = folder
        (folder / "bin").mkdir()
        (folder / "bin" / "poolfit").symlink_to(binary)
        work = folder / "work"
        work.mkdir()
        (work / "data").symlink_to(ROOT / "data")
        (work / "poolfit.toml").symlink_to(ROOT / "data/examples/agora/poolfit.toml")
        for file in (ROOT / "data/examples/bookshop").glob("*.*"):
            (work / file.name).symlink_to(file)
        self.environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        self.environment |= {"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "HOME": str(work), "LC_ALL": "C.UTF-8",
                             "COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}

    def run(self, command, stdin=""):
        return subprocess.run(["bash", "-c", command], cwd=self.folder / "work", env=self.environment, input=stdin,
                              capture_output=True, text=True, encoding="utf-8", check=False, timeout=60)


def plain(example):
    for escape, character in MAN_ESCAPES.items():
        example = example.replace(escape, character)
    return example


def fault(done, command="", silent=False):
    """What went wrong, or None; a warning is wrong where it has to be silent. Exit 1 of `check` is an answer."""
    answers = (0, 1) if command.startswith("poolfit check ") else (0,)
    failed = done.returncode not in answers or (silent and done.stderr)
    return f"exit {done.returncode}\n{done.stderr}" if failed else None


def commands_of(fence):
    """Those of poolfit, each on one line."""
    return [line for line in fence.replace("\\\n", " ").splitlines() if line.startswith("poolfit ")]


def command_of(match, text, page):
    """What an output is of: (command, whether the page shows it above)."""
    if match["command"]:
        return match["command"], False
    above = [fence for fence in FENCE.finditer(text, 0, match.start()) if fence["kind"] == "sh"]
    if not above or not commands_of(above[-1]["text"]):
        sys.exit(f"{page}: output of it, and no command in a ```sh above: {match[0].splitlines()[0]}")
    return f"{commands_of(above[-1]['text'])[-1]} {match['rest'].strip()}".strip(), True


def checks(page, text, place):
    """(what, error or None) of each thing checked in a page."""
    shown = set()
    for match in OUTPUT.finditer(text):
        command, above = command_of(match, text, page)
        if above:
            shown.add(command[: len(command) - len(match["rest"].strip())].strip())
        done = place.run(command)
        error = fault(done, command)
        if error is None and done.stdout != match["text"]:
            lines = difflib.unified_diff(match["text"].splitlines(), done.stdout.splitlines(), page, "printed",
                                         lineterm="")
            error = "\n".join(lines) + "\npython3 scripts/readme.py --accept build/poolfit rewrites it"
        yield f"{page}: output of {command}", error
    commands, files = [], []
    for match in FENCE.finditer(text):
        if match["kind"] == "sh":
            commands += [each for each in commands_of(match["text"]) if each not in shown]  # run once, for its output
        else:
            files.append(match["text"])
    yield from accepted_by(page, commands, files, place)


def manuals(place):
    """The same of the examples of the man pages."""
    for page in sorted((ROOT / "man").glob("*.[1-9]")):
        source = page.read_text(encoding="utf-8")
        yield from accepted_by(page.name, [plain(example) for example in MAN_EXAMPLE.findall(source)],
                               [plain(literal) for literal in MAN_LITERAL.findall(source)], place)


def accepted_by(page, commands, files, place):
    for command in commands:
        yield f"{page}: {command}", fault(place.run(command), command)
    for file in files:
        if "poolfit-inventory/" in file:
            yield f"{page}: inventory: " + file.splitlines()[0], fault(place.run("poolfit plan -", file), silent=True)
        elif "poolfit-catalog/" in file:
            yield f"{page}: catalog: " + file.splitlines()[0], fault(place.run("poolfit catalog check -", file), silent=True)


def plans(place):
    """(file, what it has to be, error or None) of each committed plan."""
    for page in sorted((ROOT / "data/examples").glob("*/PLAN.md")):
        inventory = page.with_name("poolfit.toml").relative_to(ROOT)
        command = f"poolfit plan {inventory} --format markdown"
        done = place.run(command)
        yield page, done.stdout, fault(done, command)


DIFF = re.compile(r"^```diff\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
DIFF_FILE = re.compile(r"^--- (?P<old>\S+)\n\+\+\+ (?P<file>\S+)\n(?P<lines>(?:(?!--- ).*\n)*)", re.MULTILINE)


def diff_fault(part):
    """What of a quoted diff is not in the file, or None."""
    path = ROOT / part["file"]
    if not path.is_file():
        return "no such file"
    quoted = [line[1:] for line in part["lines"].splitlines()]
    lines = path.read_text(encoding="utf-8").splitlines()
    if part["old"] == "/dev/null":
        return "\n".join(difflib.unified_diff(quoted, lines, "CONTRIBUTING.md", part["file"], lineterm="")) or None
    missing = [line for line in quoted if line not in lines]
    return "not in the file: " + "\n".join(missing) if missing else None


def diff_checks():
    for diff in DIFF.finditer((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")):
        for part in DIFF_FILE.finditer(diff["text"]):
            yield f"CONTRIBUTING.md: {part['file']}", diff_fault(part)


def plan_checks(place):
    for page, wanted, error in plans(place):
        if error is None and page.read_text(encoding="utf-8") != wanted:
            error = "python3 scripts/readme.py --accept build/poolfit rewrites it"
        yield str(page.relative_to(ROOT)), error


def accepted(page, text, place):
    def rewrite(match):
        command = command_of(match, text, page)[0]
        done = place.run(command)
        if error := fault(done, command):
            sys.exit(f"{command}: {error}")
        fence, end = ("```text\n", "```\n") if match["fence"] else ("", "")
        return f"{match[0].splitlines()[0]}\n{fence}{done.stdout}{end}<!-- end of output -->"

    return OUTPUT.sub(rewrite, text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("binary", type=pathlib.Path)
    arguments = parser.parse_args()
    texts = {page: (ROOT / page).read_text(encoding="utf-8") for page in PAGES}
    for page, text in texts.items():
        marked, found = text.count("<!-- output"), len(OUTPUT.findall(text))
        if marked != found or not found + len(commands_of(text)):
            sys.exit(f"{page}: {marked} marks of output, {found} of them with an end, and with a fence or none")
    with tempfile.TemporaryDirectory() as folder:
        place = Place(pathlib.Path(folder), arguments.binary.resolve())
        if arguments.accept:
            for page, text in texts.items():
                (ROOT / page).write_text(accepted(page, text, place), encoding="utf-8")
            for page, wanted, error in plans(place):
                if error:
                    sys.exit(f"{page}: {error}")
                page.write_text(wanted, encoding="utf-8")
            return 0
        results = [result for page, text in texts.items() for result in checks(page, text, place)]
        results += [*manuals(place), *plan_checks(place), *diff_checks()]
    failed = [(what, error) for what, error in results if error]
    for what, error in failed:
        print(f"FAILED {what}\n{error}\n")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
