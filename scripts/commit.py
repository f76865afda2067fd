#!/usr/bin/env python3
"""Writes what `poolfit version` says of the commit: commit.py ROOT GIVEN OUTPUT DEPFILE.

The commit is GIVEN (meson setup -Dcommit=HASH), else what `git archive` wrote into scripts/COMMIT of a release's
source, else the one that ROOT is a working tree of, else unknown. DEPFILE names the files that change with it, so a
build looks again when, and only when, another commit is checked out.
"""
import os
import pathlib
import re
import subprocess
import sys

HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def git(root, *arguments):
    """What git prints, or "" without git or outside a repository whose top is `root`."""
    try:
        done = subprocess.run(["git", "-c", f"safe.directory={root}", "-C", str(root), *arguments], capture_output=True,
                              text=True, check=False,
                              env={k: v for k, v in os.environ.items() if not k.startswith("GIT_")})
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def commit_of(root, given):
    """(commit or "", is it that of a working tree, the files that change with it)"""
    if given:
        if not HASH.fullmatch(given):
            sys.exit(f"-Dcommit={given}: not the full hash of a commit; git rev-parse HEAD prints one")
        return given, False, []
    archived = root / "scripts/COMMIT"
    said = archived.read_text(encoding="utf-8").strip() if archived.is_file() else ""
    if HASH.fullmatch(said):
        return said, False, [archived]
    if git(root, "rev-parse", "--show-toplevel") != str(root):  # none, or a repository around an unpacked source
        return "", False, [archived]
    found = git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    log = root / git(root, "rev-parse", "--git-path", "logs/HEAD")
    return (found, True, [archived, log]) if HASH.fullmatch(found) else ("", False, [archived, log])


def main():
    root, given, output, depfile = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], *map(pathlib.Path, sys.argv[3:5])
    commit, working_tree, files = commit_of(root, given)
    text = (f'// Written by scripts/commit.py.\n#include "src/cli/built_from.hpp"\n\n'
            f'poolfit::render::BuiltFrom poolfit::cli::built_from() {{ return {{"{commit}", {str(working_tree).lower()}}}; }}\n')
    if not output.is_file() or output.read_text(encoding="utf-8") != text:
        output.write_text(text, encoding="utf-8")
    names = " ".join(str(file).replace(" ", r"\ ") for file in files if file.is_file())
    depfile.write_text(f"{output}: {names}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
