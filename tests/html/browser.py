#!/usr/bin/env python3
"""Looks at the page in a browser, with axe-core: browser.py BINARY [FOLDER].

What it needs from npm is installed from tests/html/package-lock.json below the build folder, once. FOLDER is where
screenshots go. Exit 77, with the reason, where there is no Chromium, no Node.js, or no way to get the two packages.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from inventories import ROOT, with_series, write_hostile

sys.path.insert(0, str(ROOT / "tests/support"))
import npm  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
BIG = 300


def skip(why):
    print(why)
    sys.exit(77)


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
    try:
        modules = npm.packages(HERE, binary.parent, "axe-core and playwright-core")
    except npm.Missing as why:
        skip(str(why))
    with tempfile.TemporaryDirectory() as work:
        made = [f"{name}={page}" for name, page in pages(str(binary), pathlib.Path(work))]
        environment = os.environ | {"HOME": work}
        done = subprocess.run([node, str(HERE / "browser.mjs"), str(modules), chromium, *sys.argv[2:3], "--", *made],
                              check=False, env=environment)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
