#!/usr/bin/env python3
"""Looks at the page in a browser, with axe-core: browser.py BINARY [FOLDER].

What it needs from npm is installed from tests/html/package-lock.json below the build folder, once. FOLDER is where
screenshots go. Exit 77, with the reason, where there is no Chromium, no Node.js, or no way to get the two packages.
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from inventories import ROOT, with_series, write_hostile

HERE = pathlib.Path(__file__).resolve().parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
BIG = 300


def skip(why):
    print(why)
    sys.exit(77)


def packages(build):
    """The folder with node_modules, for this lock file."""
    lock = (HERE / "package-lock.json").read_bytes()
    folder = build / "html-packages" / hashlib.sha256(lock).hexdigest()[:16]
    if (folder / "done").exists():
        return folder
    npm = shutil.which("npm") or skip("no npm: apt-get install npm")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    done = subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, capture_output=True,
                          text=True, check=False, timeout=240)
    if done.returncode != 0:
        skip(f"npm could not install axe-core and playwright-core: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
    (folder / "done").touch()
    return folder


def pages(binary, work):
    """(name, path) of each page."""
    (work / "series.toml").write_text(with_series(work), encoding="utf-8")
    (work / "big.toml").write_text(
        subprocess.run([sys.executable, str(ROOT / "tests/bench/fleet.py"), str(BIG), str(BIG)], capture_output=True,
                       text=True, check=True).stdout, encoding="utf-8")
    inventories = [("agora", ROOT / "data/examples/agora/poolfit.toml"),
                   ("rolling", ROOT / "data/examples/rolling/poolfit.toml"),
                   ("undersized", ROOT / "data/examples/undersized/poolfit.toml"),
                   ("series", work / "series.toml"), ("hostile", write_hostile(work)), ("big", work / "big.toml")]
    for name, path in inventories:
        page = work / f"{name}.html"
        subprocess.run([binary, "plan", str(path), "--format", f"html={page}"], check=True)
        yield name, page


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None) or skip("no Chromium: apt-get install chromium")
    node = shutil.which("node") or skip("no Node.js: apt-get install nodejs")
    modules = packages(binary.parent)
    with tempfile.TemporaryDirectory() as work:
        made = [f"{name}={page}" for name, page in pages(str(binary), pathlib.Path(work))]
        environment = os.environ | {"HOME": work}
        done = subprocess.run([node, str(HERE / "browser.mjs"), str(modules), chromium, *sys.argv[2:3], "--", *made],
                              check=False, env=environment)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
