#!/usr/bin/env python3
"""Proves that run.py sees a difference, and only a difference: cases in a temporary folder, a script as the binary."""
import pathlib
import subprocess
import sys
import tempfile

RUN = pathlib.Path(__file__).resolve().parent / "run.py"
BINARY = """#!/bin/sh
case "$1" in
  say) shift; echo "$*" ;;
  complain) echo wrong >&2; exit 2 ;;
  write) echo text >"$2" ;;
  read) cat ;;
  home) [ "$HOME" = "$(pwd)" ] && echo "$NAME$SECRET" ;;
  die) kill -9 $$ ;;
esac
"""
# name, the files of the case, does it pass
CASES = [
    ("the same output", {"cmd": "poolfit say a 'b  c'\n", "stdout": "a b  c\n"}, True),
    ("stdout with an ending", {"cmd": "poolfit say {}\n", "stdout.json": "{}\n"}, True),
    ("another output", {"cmd": "poolfit say a\n", "stdout": "b\n"}, False),
    ("a newline less", {"cmd": "poolfit say a\n", "stdout": "a"}, False),
    ("output where none is expected", {"cmd": "poolfit say a\n"}, False),
    ("an exit code", {"cmd": "poolfit complain\n", "stderr": "wrong\n", "exit": "2\n"}, True),
    ("another exit code", {"cmd": "poolfit complain\n", "stderr": "wrong\n"}, False),
    ("stderr where none is expected", {"cmd": "poolfit complain\n", "exit": "2\n"}, False),
    ("a signal", {"cmd": "poolfit die\n", "exit": "-9\n"}, True),
    ("two commands", {"cmd": "poolfit say a\npoolfit complain\n", "stdout": "a\n", "stderr": "wrong\n", "exit": "0 2\n"},
     True),
    ("a file made", {"cmd": "poolfit write out.txt\n", "files/out.txt": "text\n"}, True),
    ("a file made unasked", {"cmd": "poolfit write out.txt\n"}, False),
    ("a file not made", {"cmd": "poolfit say\n", "stdout": "\n", "files/out.txt": "text\n"}, False),
    ("an input changed", {"cmd": "poolfit write in.txt\n", "in.txt": "old\n"}, False),
    ("stdin", {"cmd": "poolfit read\n", "stdin": "in\n", "stdout": "in\n"}, True),
    ("an environment of its own", {"cmd": "# HOME is the folder, SECRET is not passed on\nNAME=x y\npoolfit home\n",
                                   "stdout": "x y\n"}, True),
    ("a variable", {"cmd": "A=1\nB=${A}2\npoolfit say ${B}\n", "stdout": "12\n"}, True),
    ("a variable not set", {"cmd": "poolfit say ${NOPE}\n", "stdout": "\n"}, False),
    ("another program", {"cmd": "ls\n"}, False),
    ("no command", {"cmd": "# nothing\n"}, False),
]


def run(folder, *options):
    return subprocess.run([sys.executable, RUN, *options, folder / "binary", folder / "cases"], capture_output=True,
                          text=True, env={"SECRET": "seen", "PATH": "/usr/bin:/bin"}, check=False)


def main():
    failed = []
    for name, files, passes in CASES:
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            (folder / "binary").write_text(BINARY)
            (folder / "binary").chmod(0o755)
            for path, text in files.items():
                (folder / "cases/case" / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / "cases/case" / path).write_text(text)
            done = run(folder)
            wanted = "1 passed, 0 failed" if passes else "0 passed, 1 failed"
            if done.stdout.splitlines()[-1:] != [wanted] or done.returncode != (0 if passes else 1):
                failed.append(f"{name}: wanted {wanted}\n{done.stdout}{done.stderr}")
                continue
            broken = name in ("a variable not set", "another program", "no command")
            if not passes and not broken:
                run(folder, "--accept")
                after = run(folder)
                if after.returncode != 0:
                    failed.append(f"{name}: still different once accepted\n{after.stdout}{after.stderr}")
    print("\n".join(failed + [f"{len(CASES) - len(failed)} passed, {len(failed)} failed"]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
