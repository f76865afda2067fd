#!/usr/bin/env python3
"""Where poolfit is published: repository.py [NEW/NAME].

Without an argument, checks that every file names the repository as data/install/repository does; with one, changes it
everywhere. Documents, the action's users, installers and packages name it.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
HOME = ROOT / "data/install/repository"
FILES = ("action.yml", ".pre-commit-hooks.yaml", "README.md", "llms.txt", "docs/ci.md", "docs/SKILL.md", "data/ci/gitlab.yml",
         "data/ci/azure.yml", "data/install/install.sh", "data/install/Dockerfile")
# Where a repository is named: an address, the use of an action, a line that sets it, or OWNER/poolfit by itself.
NAMED = re.compile(r"(?:(?<=github\.com/)|(?<=githubusercontent\.com/)|(?<=uses: )|(?<=name: )|(?<=repository=))"
                   r"([A-Za-z0-9-]+/[A-Za-z0-9._-]*poolfit[A-Za-z0-9._-]*?)(?=[@/`,\s]|$)", re.MULTILINE)


def main():
    known = HOME.read_text(encoding="utf-8").strip()
    if len(sys.argv) > 1:
        new = sys.argv[1]
        if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?/[A-Za-z0-9._-]+", new):
            sys.exit(f"{new}: not OWNER/NAME")
        for name in FILES:
            path = ROOT / name
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(known, new), encoding="utf-8")
        HOME.write_text(new + "\n", encoding="utf-8")
        return 0
    named = failed = 0
    for name in FILES:
        for found in NAMED.findall((ROOT / name).read_text(encoding="utf-8")):
            named += 1
            if found != known:
                print(f"FAILED {name}: names {found}, and data/install/repository {known}")
                failed += 1
    listed = subprocess.run(["git", "-C", ROOT, "grep", "-lF", known], capture_output=True, text=True, check=False).stdout
    for name in listed.split():
        if name not in FILES and ROOT / name != HOME and not name.startswith(("scripts/repository.py", "tests/")):
            print(f"FAILED {name}: names {known}, and scripts/repository.py would not change it")
            failed += 1
    print(f"{named} passed, {failed} failed")
    return 1 if failed or not named else 0


if __name__ == "__main__":
    sys.exit(main())
