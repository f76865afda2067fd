#!/usr/bin/env python3
"""Runs the end-to-end cases under a folder: run.py [--accept] [--sanitized] BINARY FOLDER [FILTER].

A case is a folder with a file `cmd`:

    # what the case shows
    NO_COLOR=1
    poolfit plan examples/agora/poolfit.toml --json

Lines NAME=VALUE set the environment of the commands below them; every other line is a command, split like a shell
would, ${NAME} replaced. It runs in a temporary copy of the folder, with data/examples in it as examples/ when `cmd`
names that. The environment is empty but for HOME (the temporary folder), LC_ALL=C.UTF-8, TZ=UTC and TERM=dumb.
Compared byte for byte, nothing is normalised:

    stdin     what the commands read; absent: nothing
    stdout    what they print, one after another; or stdout.json, stdout.html, …; absent: nothing
    stderr    likewise
    exit      the exit code of each command, by spaces; absent: 0 for each
    files/    the files that the commands made or changed

A case with a line "# release build only" is left out with --sanitized: another one runs the same code.
Every other file in the folder is an input. --accept rewrites all of these with what came out.
"""
import argparse
import difflib
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "data" / "examples"
PASSED_ON = ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")
SECONDS = 60
RELEASE_ONLY = "# release build only\n"
SET = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)")
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class BadCase(Exception):
    pass


def is_expected(name):
    return name in ("cmd", "stdin", "stderr", "exit", "files") or name.split(".")[0] == "stdout"


def stream_file(case, stream):
    """The case's file for a stream: `stdout` or `stdout.<ending>`."""
    found = sorted(case.glob(stream)) + sorted(case.glob(stream + ".*"))
    if len(found) > 1:
        raise BadCase(f"{found[0].name} and {found[1].name}: one is too many")
    return found[0] if found else case / stream


def commands_of(case, environment):
    """(environment, arguments) of each command of the case's `cmd`."""
    commands = []
    environment = dict(environment)
    for number, line in enumerate((case / "cmd").read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue

        def value(match, number=number):
            if match.group(1) not in environment:
                raise BadCase(f"cmd:{number}: ${{{match.group(1)}}} is not set")
            return environment[match.group(1)]

        setting = SET.fullmatch(line)
        if setting:
            environment[setting.group(1)] = VARIABLE.sub(value, setting.group(2))
            continue
        arguments = [VARIABLE.sub(value, word) for word in shlex.split(line)]
        if arguments[0] != "poolfit":
            raise BadCase(f"cmd:{number}: a command starts with poolfit")
        commands.append((dict(environment), arguments))
    if not commands:
        raise BadCase("cmd holds no command")
    return commands


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def run_case(binary, case):
    """What came out of a case: {"stdout": bytes, "stderr": bytes, "exit": bytes, "files/…": bytes}."""
    with tempfile.TemporaryDirectory(prefix="poolfit-") as temporary:
        folder = pathlib.Path(temporary) / "case"
        shutil.copytree(case, folder, ignore=lambda where, names: [
            n for n in names if pathlib.Path(where) == case and is_expected(n)])
        if "examples" in (case / "cmd").read_text(encoding="utf-8") and EXAMPLES.is_dir():
            shutil.copytree(EXAMPLES, folder / "examples", dirs_exist_ok=True)
        before = contents(folder)
        environment = {"HOME": str(folder), "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "dumb"}
        environment.update({name: os.environ[name] for name in PASSED_ON if name in os.environ})
        if "ASAN_OPTIONS" in environment:
            # Half of a short command's time; the unit tests look for leaks.
            environment["ASAN_OPTIONS"] += ":detect_leaks=0"
        stdin = (case / "stdin").read_bytes() if (case / "stdin").exists() else b""
        out, err, codes = b"", b"", []
        for environment_of, arguments in commands_of(case, environment):
            try:
                done = subprocess.run(arguments, executable=binary, input=stdin, capture_output=True, cwd=folder,
                                      env=environment_of, timeout=SECONDS, check=False)
            except subprocess.TimeoutExpired as late:
                raise BadCase(f"still running after {SECONDS} s: {shlex.join(arguments)}") from late
            out, err, codes = out + done.stdout, err + done.stderr, codes + [str(done.returncode)]
        made = {"files/" + name: data for name, data in contents(folder).items() if before.get(name) != data}
        return {"stdout": out, "stderr": err, "exit": " ".join(codes).encode() + b"\n", **made}


def expected_of(case, actual):
    codes = b" ".join(b"0" for _ in actual["exit"].split()) + b"\n"
    expected = {}
    for name, default in (("stdout", b""), ("stderr", b""), ("exit", codes)):
        path = stream_file(case, name)
        expected[name] = path.read_bytes() if path.exists() else default
    files = case / "files"
    expected.update({"files/" + name: data for name, data in contents(files).items()} if files.is_dir() else {})
    return expected, codes


def difference(name, expected, actual):
    if expected is None or actual is None:
        return f"{name}: {'not expected' if expected is None else 'was not made'}\n"
    old, new = (data.decode("utf-8", "backslashreplace").splitlines(keepends=True) for data in (expected, actual))
    lines = [line if line.endswith("\n") else line + "⏎ (no newline)\n"
             for line in difflib.unified_diff(old, new, f"{name} expected", f"{name} now")]
    return "".join(lines)


def accept(case, actual, codes):
    for name in ("stdout", "stderr", "exit"):
        path = stream_file(case, name)
        if actual[name] == (codes if name == "exit" else b""):
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(actual[name])
    shutil.rmtree(case / "files", ignore_errors=True)
    for name, data in actual.items():
        if name.startswith("files/"):
            (case / name).parent.mkdir(parents=True, exist_ok=True)
            (case / name).write_bytes(data)


def main():
    parser = argparse.ArgumentParser(description="Runs the end-to-end cases under a folder.")
    parser.add_argument("--accept", action="store_true", help="rewrite the expected files")
    parser.add_argument("--sanitized", action="store_true", help="without the cases for the release build only")
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("filter", nargs="?", default="", help="only cases whose path has this in it")
    options = parser.parse_args()
    binary, passed, failed = options.binary.resolve(), 0, 0
    for cmd in sorted(options.folder.resolve().rglob("cmd")):
        case = cmd.parent
        name = case.relative_to(options.folder.resolve()).as_posix()
        if options.filter not in name or options.sanitized and RELEASE_ONLY in cmd.read_text(encoding="utf-8"):
            continue
        try:
            actual = run_case(binary, case)
            expected, codes = expected_of(case, actual)
        except BadCase as bad:
            print(f"--- {name}: {bad}")
            failed += 1
            continue
        wrong = [key for key in {**expected, **actual} if expected.get(key) != actual.get(key)]
        if wrong and options.accept:
            accept(case, actual, codes)
            print(f"accepted {name}: {' '.join(wrong)}")
        elif wrong:
            print(f"--- {name}")
            for key in wrong:
                print(difference(key, expected.get(key), actual.get(key)), end="")
            failed += 1
            continue
        passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
