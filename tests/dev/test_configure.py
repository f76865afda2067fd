#!/usr/bin/env python3
"""A build folder that ./dev has configured finds a package that was installed later: test_configure.py ROOT.

The functions of the real ./dev configure a small project that looks for doctest's header as ours does. The package is
a folder of headers that is empty at first.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

MESON = """project('later', 'cpp', meson_version: '>=1.0.1')
if meson.get_compiler('cpp').has_header('later/later.h', required: get_option('tests'))
  message('FOUND')
endif
"""
OPTIONS = "option('tests', type: 'feature', value: 'auto')\n"
failed = []
passed = 0


class Machine:
    """A folder with ./dev and the project, and the packages that a machine has."""

    def __init__(self, root, folder):
        self.root = pathlib.Path(folder)
        self.headers = self.root / "headers"
        self.installed = self.root / "installed"
        self.headers.mkdir()
        self.installed.write_text("")
        shutil.copy(root / "dev", self.root)
        (self.root / "meson.build").write_text(MESON)
        (self.root / "meson_options.txt").write_text(OPTIONS)

    def install(self):
        (self.headers / "later").mkdir()
        (self.headers / "later/later.h").write_text("")
        self.installed.write_text("later-dev:installed:1")

    def configure(self, *options):
        """(exit status, did Meson see the header, did Meson run)."""
        log = self.root / "build/configure.log"
        log.unlink(missing_ok=True)
        script = 'source ./dev help >/dev/null; dpkg-query() { cat installed; }; configure build g++ "$@"'
        done = subprocess.run(["bash", "-c", script, "configure", *options], cwd=self.root, capture_output=True,
                              text=True, env={"PATH": "/usr/bin:/bin", "CPPFLAGS": f"-I{self.headers}",
                                              "CCACHE_DISABLE": "1", "LC_ALL": "C.UTF-8"})
        text = log.read_text() if log.exists() else ""
        return done.returncode, "FOUND" in text, bool(text)


def expect(what, seen, wanted):
    global passed
    if seen == wanted:
        passed += 1
    else:
        failed.append(f"{what}: {seen}, not {wanted}")


def main(root):
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(root, folder)
        expect("without the package", machine.configure(), (0, False, True))
        expect("nothing is new", machine.configure(), (0, False, False))
        expect("asked for, and not there", machine.configure("-Dtests=enabled")[0], 1)
        machine.install()
        expect("asked for, and installed since", machine.configure("-Dtests=enabled"), (0, True, True))
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(root, folder)
        expect("without the package", machine.configure(), (0, False, True))
        machine.install()
        expect("the same options, and installed since", machine.configure(), (0, True, True))
        expect("nothing is new", machine.configure(), (0, False, False))
    print("\n".join(failed), end="\n" if failed else "")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
