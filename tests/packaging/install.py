#!/usr/bin/env python3
"""install.sh against a server on loopback: install.py ROOT.

An archive like a release's holds a script in the program's place. Right and wrong sums, a missing file, a cut one, a
foreign archive, curl and wget and neither, prefixes, an earlier version in place: after each, what is installed is
whole or not there, and nothing else is left.
"""
import functools
import hashlib
import http.server
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading

ROOT = pathlib.Path(sys.argv[1]).resolve()
SCRIPT = ROOT / "data/install/install.sh"
NEEDED = ("sh", "uname", "mktemp", "rm", "tar", "gzip", "cp", "mkdir", "mv", "sed", "cut", "sha256sum", "cat")
results = []


def check(what, right, output=""):
    results.append(bool(right))
    if not right:
        print(f"FAILED {what}\n{output}")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def archive(path, name, files):
    with tarfile.open(path, "w:gz") as tar:
        for inner, text, mode in files:
            source = path.with_suffix(".part")
            source.write_text(text, encoding="utf-8")
            source.chmod(mode)
            tar.add(source, f"{name}/{inner}")
            source.unlink()
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Case:
    """A server's folder with an archive, and folders to install to."""

    def __init__(self, folder, address):
        self.folder, self.address = folder, address
        self.name = "poolfit-9.9.9-linux-amd64"
        self.served = folder / "served" / f"{self.name}.tar.gz"
        program = "#!/bin/sh\necho poolfit 9.9.9\n"
        self.sum = archive(self.served, self.name, [("bin/poolfit", program, 0o755),
                                                    ("share/man/man1/poolfit.1", ".Dd\n", 0o644)])
        self.tools = {}
        for fetcher in ("curl", "wget", ""):
            bin_folder = folder / f"bin-{fetcher or 'none'}"
            bin_folder.mkdir()
            for tool in (*NEEDED, *([fetcher] if fetcher else [])):
                (bin_folder / tool).symlink_to(shutil.which(tool))
            (bin_folder / "uname").unlink()
            (bin_folder / "uname").write_text('#!/bin/sh\n[ "$1" = -s ] && echo Linux || echo "${MACHINE:-x86_64}"\n')
            (bin_folder / "uname").chmod(0o755)
            self.tools[fetcher] = bin_folder

    def run(self, *arguments, fetcher="curl", script=SCRIPT, machine="x86_64", home=None):
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        done = subprocess.run(["sh", str(script), *arguments], capture_output=True, text=True, check=False, timeout=60,
                              env={"PATH": str(self.tools[fetcher]), "HOME": str(home or self.folder), "TMPDIR": str(temporary),
                                   "MACHINE": machine})
        check(f"{arguments}: nothing is left in the temporary folder", not list(temporary.iterdir()))
        return done

    def pinned(self):
        return ("--version", "9.9.9", "--sha256", self.sum, "--from", self.address)


def good(case):
    for option in ("--help", "-h"):
        done = case.run(option)
        check("help", done.returncode == 0 and done.stdout.startswith("usage: sh install.sh [--prefix DIRECTORY]") and not done.stderr,
              done.stderr)
    prefix = case.folder / "to = this"
    done = case.run(f"--prefix={prefix}", "--version=9.9.9", f"--sha256={case.sum.upper()}", f"--from={case.address}")
    check("values after =, digits in upper case", done.returncode == 0 and (prefix / "bin/poolfit").is_file(), done.stderr)
    for fetcher in ("curl", "wget"):
        prefix = case.folder / f"to {fetcher}"
        done = case.run("--prefix", str(prefix), *case.pinned(), fetcher=fetcher)
        check(f"installed with {fetcher}", done.returncode == 0 and "poolfit 9.9.9 is in" in done.stderr, done.stderr)
        files = sorted(str(file.relative_to(prefix)) for file in prefix.rglob("*") if file.is_file())
        check("what is installed", files == ["bin/poolfit", "share/man/man1/poolfit.1"], files)
        check("it runs", subprocess.run([prefix / "bin/poolfit"], capture_output=True, text=True).stdout == "poolfit 9.9.9\n")
        check("nothing on standard output", done.stdout == "", done.stdout)


def baked(case):
    """A release's own copy, as scripts/release.sh writes it, by the same substitutions."""
    text = SCRIPT.read_text(encoding="utf-8")
    for key, value in (("version", "9.9.9"), ("sha256_amd64", case.sum), ("sha256_arm64", "0" * 64)):
        text, count = re.subn(rf"(?m)^{key}=.*$", f"{key}={value}", text)
        check(f"{key}= is one line", count == 1)
    own = case.folder / "own.sh"
    own.write_text(text, encoding="utf-8")
    done = case.run("--prefix", str(case.folder / "own"), "--from", case.address, script=own)
    check("a release's copy needs no sum", done.returncode == 0, done.stderr)
    # The sum of one version says nothing of another.
    done = case.run("--prefix", str(case.folder / "no"), "--from", case.address, "--version", "9.9.8", script=own)
    check("another version needs its sum", done.returncode == 1 and "no SHA-256 checksum of 9.9.8" in done.stderr, done.stderr)
    shutil.copy(case.served, case.served.with_name("poolfit-9.9.9-linux-arm64.tar.gz"))
    done = case.run("--prefix", str(case.folder / "no"), "--from", case.address, script=own, machine="aarch64")
    check("the sum of an architecture is its own", done.returncode == 1 and "does not match its SHA-256 checksum" in done.stderr, done.stderr)
    done = case.run("--prefix", str(case.folder / "no"), "--from", case.address, script=own, machine="riscv64")
    check("no release for it", done.returncode == 1 and "riscv64" in done.stderr, done.stderr)
    cut = case.folder / "cut.sh"
    cut.write_text(text[: text.index("# All of the script")], encoding="utf-8")
    done = case.run("--prefix", str(case.folder / "no"), script=cut)
    check("a script that was cut off does nothing", (done.returncode, done.stdout, done.stderr) == (0, "", ""), done.stderr)
    check("nothing was installed", not (case.folder / "no").exists())


def refused(case):
    prefix = case.folder / "there"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin/poolfit").write_text("earlier", encoding="utf-8")
    whole = case.served.read_bytes()
    foreign = case.folder / "served/poolfit-1.0.0-linux-amd64.tar.gz"
    broken = case.folder / "served/poolfit-1.0.1-linux-amd64.tar.gz"
    other = archive(foreign, "other-1.0.0", [("bin/other", "", 0o755)])
    dead = archive(broken, "poolfit-1.0.1-linux-amd64", [("bin/poolfit", "#!/bin/sh\nexit 126\n", 0o755)])

    def one(what, words, *arguments, code=1, **more):
        done = case.run("--prefix", str(prefix), *arguments, **more)
        check(what, done.returncode == code and words in done.stderr, f"exit {done.returncode}: {done.stderr}")
        left = sorted(str(file.relative_to(prefix)) for file in prefix.rglob("*") if file.is_file())
        check(f"{what}: the earlier version stays, and nothing else",
              left == ["bin/poolfit"] and (prefix / "bin/poolfit").read_text() == "earlier", left)

    address = ("--from", case.address)
    one("a wrong sum", "does not match its SHA-256 checksum", "--version", "9.9.9", "--sha256", "0" * 64, *address)
    one("a missing file", "cannot fetch", "--version", "9.9.7", "--sha256", case.sum, *address)
    one("a missing file, with wget", "cannot fetch", "--version", "9.9.7", "--sha256", case.sum, *address, fetcher="wget")
    case.served.write_bytes(whole[: len(whole) // 2])
    one("a cut file", "does not match its SHA-256 checksum", *case.pinned())
    case.served.write_bytes(whole)
    one("neither curl nor wget", "neither curl nor wget", *case.pinned(), fetcher="")
    one("a foreign archive", "holds no", "--version", "1.0.0", "--sha256", other, *address)
    one("a program that does not run", "does not run", "--version", "1.0.1", "--sha256", dead, *address)
    one("no sum", "no SHA-256 checksum", "--version", "9.9.6", *address)
    one("a sum that is none", "not a SHA-256 checksum", "--version", "9.9.9", "--sha256", "$(touch x)", *address, code=2)
    one("a line of SHA256SUMS", "64 hexadecimal digits", "--version", "9.9.9", "--sha256", f"{case.sum}  {case.name}.tar.gz", *address,
        code=2)
    one("a short sum", "not a SHA-256 checksum", "--version", "9.9.9", "--sha256", "abc", *address, code=2)
    one("a version that leads elsewhere", "no version", "--version", "../x", "--sha256", case.sum, *address, code=2)
    one("an option that is none", "no such option: --prefx", "--prefx", "x", code=2)
    one("a value that is missing", "--sha256 needs a value", "--sha256", code=2)
    one("a value that is empty", "--from needs a value", "--from=", code=2)
    done = case.run("--prefix", "/dev/null/x", *case.pinned())
    check("a prefix that cannot be", done.returncode == 1 and "choose another with --prefix" in done.stderr, done.stderr)
    done = case.run("--prefix", str(prefix), *case.pinned())
    check("and then the earlier version is replaced", done.returncode == 0 and (prefix / "bin/poolfit").read_text() != "earlier")


def main():
    for tool in ("curl", "wget"):
        if not shutil.which(tool):
            print(f"{tool} is not installed")
            return 77
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "served").mkdir()
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder / "served")))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        case = Case(folder, f"http://127.0.0.1:{server.server_port}")
        good(case)
        baked(case)
        refused(case)
        server.shutdown()
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main())
