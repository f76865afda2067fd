#!/usr/bin/env python3
"""What the program says of the commit it was built from, and where the build takes it from: version.py ROOT BINARY."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT, BINARY = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
sys.path.insert(0, str(ROOT / "scripts"))
import commit  # noqa: E402

HASH, OTHER = "0123456789abcdef" * 2 + "01234567", "f" * 40
results = []


def check(what, found, wanted):
    results.append(found == wanted)
    if found != wanted:
        print(f"FAILED {what}: {found!r}, wanted {wanted!r}")


def said(*arguments):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, check=True).stdout


def git(folder, *arguments):
    done = subprocess.run(["git", "-C", folder, "-c", "user.name=n", "-c", "user.email=e@example.com", "-c",
                           "commit.gpgsign=false", *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def of_the_program():
    document = json.loads(said("version", "--json"))
    tool, as_of = document["tool"], document["catalog"]["as_of"]
    check("the keys of tool", sorted(tool), ["commit", "name", "version", "working_tree"])
    words = "unknown"
    if tool["commit"] is not None:
        check("a commit in full", bool(commit.HASH.fullmatch(tool["commit"])), True)
        if tool["working_tree"]:
            check("a commit of this repository", commit.git(ROOT, "cat-file", "-t", tool["commit"]), "commit")
        words = tool["commit"][:12] + (" (working tree)" if tool["working_tree"] else "")
    text = f"poolfit {tool['version']}\ncommit {words}\ncatalog {as_of}\n"
    line = f"poolfit {tool['version']}, commit {words}, catalog {as_of}\n"
    check("version", said("version"), text)
    check("--version", said("--version"), line)
    check("plan --version", said("plan", "--version"), line)
    check("the catalog's month", bool(re.fullmatch(r"\d{4}-\d\d", as_of)), True)


def of_a_source(folder):
    """What scripts/commit.py finds for each kind of source."""
    (folder / "scripts").mkdir()
    archived = folder / "scripts/COMMIT"
    archived.write_text((ROOT / "scripts/COMMIT").read_text(encoding="utf-8"), encoding="utf-8")
    check("a source without a repository", commit.commit_of(folder, "")[:2], ("", False))
    check("-Dcommit", commit.commit_of(folder, HASH), (HASH, False, []))
    git(folder, "init", "-q")
    check("a repository without a commit", commit.commit_of(folder, "")[:2], ("", False))
    (folder / "scripts/.gitattributes").write_text((ROOT / "scripts/.gitattributes").read_text(encoding="utf-8"))
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "one")
    head = git(folder, "rev-parse", "HEAD")
    found, working_tree, files = commit.commit_of(folder, "")
    check("a working tree", (found, working_tree), (head, True))
    check("a file that the next commit changes", [file.name for file in files], ["COMMIT", "HEAD"])
    before = files[1].read_bytes()
    git(folder, "commit", "-q", "--allow-empty", "-m", "two")
    check("it has changed", files[1].read_bytes() != before, True)
    inner = folder / "unpacked"
    inner.mkdir()
    check("a source unpacked inside another repository", commit.commit_of(inner, "")[:2], ("", False))
    archive = folder / "archive.tar"
    git(folder, "archive", "-o", str(archive), "--prefix=released/", "HEAD~1")
    subprocess.run(["tar", "-C", inner, "-xf", archive], check=True)
    check("a release's source", commit.commit_of(inner / "released", "")[:2], (head, False))
    check("-Dcommit of it", commit.commit_of(inner / "released", OTHER)[0], OTHER)
    refused = subprocess.run([sys.executable, ROOT / "scripts/commit.py", folder, "v1", folder / "o", folder / "d"],
                             capture_output=True, text=True, check=False)
    check("-Dcommit=v1", (refused.returncode, refused.stderr),
          (1, "-Dcommit=v1: not the full hash of a commit; git rev-parse HEAD prints one\n"))
    for _ in range(2):
        subprocess.run([sys.executable, ROOT / "scripts/commit.py", folder, HASH, folder / "o", folder / "d"], check=True)
        written = (folder / "o").stat().st_mtime_ns
    subprocess.run([sys.executable, ROOT / "scripts/commit.py", folder, HASH, folder / "o", folder / "d"], check=True)
    check("the same text is not written again", (folder / "o").stat().st_mtime_ns, written)


def main():
    of_the_program()
    with tempfile.TemporaryDirectory() as folder:
        of_a_source(pathlib.Path(folder).resolve())
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
