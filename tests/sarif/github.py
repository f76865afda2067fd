#!/usr/bin/env python3
"""SARIF by Microsoft's validator and its rules for GitHub's code scanning: github.py BINARY.

Each example is checked, and inventories with hostile names, suppressions and a baseline. What the validator needs is
installed from package-lock.json below the build folder, once. Exit 77, with the reason, where it cannot be had.
"""
import hashlib
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/html"))
from inventories import write_hostile  # noqa: E402  the page's

# poolfit has no address that a result could name. Notes are matters of taste.
ALLOWED = {"SARIF2005"}
IGNORED = """schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "a"  # poolfit: ignore[PF002] owner=me until=2030-01-01 reason="<measure> & 100 %: later"
engine = "postgresql"
class = "db.t3.micro"
max_connections = 60
[[service]]
name = "x"
instances = 9
[[service.pool]]
name = "main"
database = "a"
max = 20
"""


def skip(why):
    print(why)
    sys.exit(77)


def validator(build):
    """The program of this lock file."""
    if platform.machine() != "x86_64":
        skip(f"the validator is for x86_64 alone, not {platform.machine()}")
    lock = (HERE / "package-lock.json").read_bytes()
    folder = build / "sarif-packages" / hashlib.sha256(lock).hexdigest()[:16]
    program = folder / "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    if not (folder / "done").exists():
        npm = shutil.which("npm") or skip("no npm: apt-get install npm")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        done = subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder,
                              capture_output=True, text=True, check=False, timeout=240)
        if done.returncode != 0 or not program.exists():
            skip(f"npm could not install sarif-multitool: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
        program.chmod(0o755)
        (folder / "done").touch()
    return program


def documents(binary, work):
    """The SARIF files, in a folder of their own."""
    out = work / "sarif"
    out.mkdir()
    (work / "ignored.toml").write_text(IGNORED, encoding="utf-8")

    def check(name, folder, *words):
        path = out / f"{name}.sarif"
        done = subprocess.run([binary, "check", *words, "--format", f"sarif={path}"], cwd=folder, capture_output=True,
                              text=True, check=False)
        if done.returncode not in (0, 1):
            raise ValueError(f"{name}: exit {done.returncode}: {done.stderr}")
        return path

    paths = [check(each.parent.name + "-" + each.stem, each.parent, each.name)
             for each in sorted(ROOT.glob("data/examples/*/*.toml"))]
    paths += [check("hostile", work, write_hostile(work).name), check("ignored", work, "ignored.toml"),
              check("absolute", work, str(work / "ignored.toml")), check("outside", out, str(work / "ignored.toml"))]
    subprocess.run([binary, "baseline", "ignored.toml", "--output", "known.json"], cwd=work, check=True)
    return [*paths, check("known", work, "ignored.toml", "--baseline", "known.json")]


def complaints(program, paths, work):
    """(line, rule) of each error and warning."""
    environment = os.environ | {"HOME": str(work), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
                                "DOTNET_BUNDLE_EXTRACT_BASE_DIR": str(work / "dotnet")}
    done = subprocess.run([program, "validate", *paths, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"],
                          env=environment, capture_output=True, text=True, check=False, timeout=200)
    if f"{len(paths)} file" not in done.stdout:
        skip(f"the validator does not run here: {(done.stdout + done.stderr).strip()[-300:]}")
    return re.findall(r"^(.*?\.sarif\S* (?:error|warning) (\w+): .*)$", done.stdout, re.MULTILINE)


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    program = validator(pathlib.Path(binary).parent)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder).resolve()
        paths = documents(binary, work)
        for line, rule in complaints(program, paths, work):
            if rule not in ALLOWED:
                failed += 1
                print(line[:400])
        # It says so where something is wrong.
        wrong = work / "wrong.sarif"
        wrong.write_text(re.sub(r'"uri": "[^"]*"', '"uri": "/a b"', paths[0].read_text(encoding="utf-8")), encoding="utf-8")
        found = {rule for _, rule in complaints(program, [wrong], work)}
        if not {"SARIF1002", "SARIF1004"} <= found:
            failed += 1
            print(f"a wrong address is not noticed: {sorted(found)}")
    print(f"{len(paths) + 1 - min(failed, len(paths) + 1)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
