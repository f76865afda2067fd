#!/usr/bin/env python3
"""Do a room's tests notice when its code is wrong? mutate.py ROOT BUILD ROOM [--seed N] [--count N] [--list] [--only ID…].

Makes small changes in the room's sources, one at a time, in a seeded order (mutants.py), and runs its tests on each.
What does not compile, and what the compiler makes the same code of, does not count: the next of the order takes its
place. Prints each survivor (place, change, line) and how many were killed. Exit 0 whatever survives.

Nothing is written under ROOT but in BUILD, a Meson folder of its own: a mutant is a file in a temporary tree of links to
the sources. BUILD's commands compile it, and what includes it, there; the rest comes from BUILD's objects and libraries.
What includes a changed header is compiled twelve files at a time (bundle.py), or one such mutant would take minutes.
The room's own code is compiled with the bounds checks of the standard library, as reading past an end would be noticed
by the sanitizer builds. The same seed gives the same mutants for any number of jobs.
"""
import argparse
import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import mutants

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import bundle

# Tests of a room: (program, folders and files of tests/ whose objects it keeps), the quickest to kill first. Default:
# its own. Of the report's tests, those of one pool and of simulations take seconds, and ask other rooms.
REPORT = ("poolfit_unit", ["unit/report/collapse.cpp", "unit/report/find.cpp", "unit/report/view.cpp"])
TESTS = {
    "assess": [("poolfit_unit", ["unit/assess/", "unit/plan/"]), ("poolfit_property", ["property/"]), REPORT],
    "plan": [("poolfit_unit", ["unit/plan/", "unit/assess/"]), ("poolfit_property", ["property/"]), REPORT],
}
MEMORY = 2 << 30  # a mutant that asks for more is killed
TOGETHER = 12  # files that are compiled as one where a header is changed: with more, a mutant waits for code that it does not change
DEFAULT = re.compile(r"(?!.*constexpr)[\w:<>, *]+ \w+ = [^(]*;")  # of a member, in a header
KILLED, SURVIVED, TIMEOUT, INVALID, SAME = "killed", "survived", "timeout", "does not compile", "the same code"


def run(command, folder, **how):
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False, **how)


def die(words):
    sys.exit(f"mutate: {words}")


class Build:
    """The Meson folder: how a file is compiled, what depends on it, how the test programs are linked."""

    def __init__(self, root, folder, room):
        self.root, self.folder, self.room = root, folder, room
        self.ninja("build.ninja")  # when a meson.build has changed since
        self.compile = {}  # object → (source under the root, command)
        for entry in json.loads((folder / "compile_commands.json").read_text(encoding="utf-8")):
            source = os.path.relpath(os.path.normpath(folder / entry["file"]), root)
            words = shlex.split(entry["command"])
            while words and pathlib.Path(words[0]).name == "ccache":
                words.pop(0)
            self.compile[entry["output"]] = (source, words)
        self.room_objects = [at for at, (source, _) in self.compile.items()
                             if source.startswith(f"src/{room}/") and re.match(r"libpoolfit_\w+\.a\.p/", at)]
        self.programs = []  # (objects of tests, rest of the link command)
        for program, folders in TESTS.get(room, [("poolfit_unit", [f"unit/{room}/"])]):
            words = shlex.split(self.ninja("-t", "commands", f"tests/{program}").strip().splitlines()[-1])
            objects, rest = [], []
            for word in words:
                source = self.compile.get(word, ("",))[0]
                if not source.startswith("tests/"):
                    rest.append(word)
                elif (any(source.startswith(f"tests/{kept}") for kept in folders) or
                      not re.match(r"tests/(unit|property)/", source)):
                    objects.append(word)
            if any(re.match(r"tests/(unit|property)/", self.compile[at][0]) for at in objects):
                self.programs.append((objects, rest))
        if not self.room_objects or not self.programs:
            die(f"no sources or no tests of a room {room}")
        wanted = [*self.room_objects]
        for objects, rest in self.programs:
            wanted += objects + [word for word in rest if word.endswith(".a")]
        self.ninja("-j", str(len(os.sched_getaffinity(0))), *dict.fromkeys(wanted))
        self.base = {}  # the room's objects → as the mutants are compiled, without a change
        self.test_objects = list(dict.fromkeys(at for objects, _ in self.programs for at in objects
                                               if not self.compile[at][0].startswith("tests/support/")))
        self.extra = ["-D_GLIBCXX_ASSERTIONS"]  # for the room's, beside BUILD's own arguments
        self.bundles, self.base_bundles = {}, {}  # see parts; text of a bundle → its object without a change, or None
        self.includes = {}  # header or source under the root → objects that read it
        for head, *names in (block.splitlines() for block in self.ninja("-t", "deps").split("\n\n") if block.strip()):
            for name in names:
                under = os.path.relpath(os.path.normpath(folder / name.strip()), root)
                if not under.startswith(".."):
                    self.includes.setdefault(under, set()).add(head.split(":")[0])

    def ninja(self, *words):
        done = run(["ninja", *words], self.folder)
        if done.returncode != 0:
            die(f"ninja {' '.join(words[:3])}…\n{done.stdout[-3000:]}")
        return done.stdout

    def reads_room(self, header, seen):
        """Does a header of the project include one of the room, by whatever way?"""
        if header.startswith(f"poolfit/{self.room}/"):
            return True
        path = self.root / "include" / header
        if header in seen or not path.exists():
            return False
        seen.add(header)
        return any(self.reads_room(other, seen) for other in re.findall(r"<(poolfit/[^>]+)>", path.read_text("utf-8")))

    def read_once(self, folder):
        """Headers that no mutant changes (of the standard library, of fmt, of other rooms) are read once for all of the
        room: most of the time that a file takes."""
        paths = [path for top in (self.root / "src" / self.room, self.root / "include/poolfit" / self.room)
                 for path in top.rglob("*.[ch]pp")]
        text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
        heads = re.findall(r"^#include <((?:[a-z_]+|fmt/[a-z]+\.h|poolfit/[a-z_/]+\.hpp))>$", text, re.M)
        heads = [head for head in sorted(set(heads)) if not self.reads_room(head, set())]
        header = folder / "heads.hpp"
        header.write_text("".join(f"#include <{head}>\n" for head in heads), encoding="utf-8")
        words = self.arguments(self.room_objects[0])
        words = words[:words.index("-c")] + [*self.extra, "-w", "-x", "c++-header", str(header), "-o", f"{header}.gch"]
        if run(words, self.folder).returncode == 0:
            self.extra += ["-include", str(header)]

    def compile_base(self, folder, pool, trees):
        """The room without a change, which mutants are compared with and linked with."""
        (folder / "base").mkdir()
        idle = list(trees)

        def one(at):
            tree = idle.pop()
            found = tree.compiled(at)
            idle.append(tree)
            return (at, found.rename(folder / "base" / found.name)) if found else die(f"{at} does not compile")
        self.base = dict(pool.map(one, self.room_objects))

    def arguments(self, at):
        """How an object is compiled, but for where it goes."""
        words, kept = iter(self.compile[at][1]), []
        for word in words:
            if word in ("-MQ", "-MF", "-o"):
                next(words)
            elif word not in ("-MD", "-Werror"):
                kept.append(word)
        return kept

    def parts(self, path, objects):
        """What to compile where `path` is changed: (objects, text of a bundle of them or None). What includes a header
        is compiled by bundles, which are the same for each header."""
        reading = set(self.reading(path, objects))
        if path.endswith(".cpp"):
            return [([at], None) for at in objects if at in reading]
        made = self.bundles.get(tuple(objects))
        if made is None:
            alike = {}
            for at in objects:
                source, programs = self.compile[at][0], [at in tests for tests, _ in self.programs]
                words = [word for word in self.arguments(at) if not word.endswith(source)]
                alike.setdefault((*words, *programs), []).append(at)
            made = []
            for group in alike.values():
                by_path = {self.root / self.compile[at][0]: at for at in group}
                sources = [bundle.Source(source, self.root) for source in by_path]
                made += [([by_path[source.path] for source in sources], bundle.text_of_bundle(sources))
                         for sources in bundle.bundles_of(sources, TOGETHER, None)]
            self.bundles[tuple(objects)] = made
        return [part for part in made if not reading.isdisjoint(part[0])]

    def reading(self, path, objects):
        """Those of the objects that are compiled from `path` or include it."""
        return [at for at in objects if self.compile[at][0] == path or at in self.includes.get(path, ())]


class Tree:
    """A worker's own copy of the sources, as links, in which one file at a time is another; and its linked programs."""

    def __init__(self, build, folder):
        self.build, self.folder, self.inner = build, folder, folder / build.folder.relative_to(build.root)
        for top in ("src", "include", "tests"):
            for base, _, files in os.walk(build.root / top):
                below = folder / os.path.relpath(base, build.root)
                below.mkdir(parents=True)
                for name in files:
                    (below / name).symlink_to(pathlib.Path(base) / name)
        self.inner.mkdir(parents=True)
        for entry in build.folder.iterdir():
            (self.inner / entry.name).symlink_to(entry)
        self.objects = folder / "objects"
        self.objects.mkdir()

    def compiled(self, at, text=None):
        """The path of the new object, of the bundle `text` instead of its source if there is one; None when it does not
        compile."""
        out = self.objects / at.replace("/", "_")
        words = [*self.build.arguments(at), *(self.build.extra if at in self.build.room_objects else [])]
        if text is not None:
            (self.inner / "bundle.cpp").write_text(text, encoding="utf-8")
            source = self.build.compile[at][0]
            words = ["bundle.cpp" if word.endswith(source) else word for word in words]
        try:
            done = run([*words, "-w", "-o", str(out)], self.inner, timeout=600)
        except subprocess.TimeoutExpired:
            return None
        return out if done.returncode == 0 else None

    def parts(self, path, objects):
        """Build.parts, each with what it is without a change; files whose bundle does not compile alone."""
        build, found = self.build, []
        for part, text in build.parts(path, objects):
            if text is not None and text not in build.base_bundles:
                made = self.compiled(part[0], text)
                build.base_bundles[text] = made and made.rename(self.folder / f"base_{len(build.base_bundles)}.o")
            before = build.base_bundles.get(text)
            if before is not None:
                found.append((part, text, before))
            else:
                found += [([at], None, build.base.get(at, build.folder / at)) for at in build.reading(path, part)]
        return found

    def link(self, program, changed):
        objects, rest = self.build.programs[program]
        out = self.folder / "program"
        ours = [changed.get(at, self.build.base.get(at, at)) for at in [*self.build.room_objects, *objects]]
        ours = [str(found) for found in ours if found is not None]  # of a bundle only its first
        words, linked = iter(rest), []
        for word in words:
            if word == "-o":
                next(words)
                linked += ["-o", str(out), *ours]
            else:
                linked.append(word)
        if shutil.which("ld.lld"):
            linked.append("-fuse-ld=lld")
        done = run(linked, self.build.folder)
        return out if done.returncode == 0 else None


class Tests:
    """Runs the test programs; the cases that killed last run first."""

    def __init__(self, root):
        self.root, self.limits, self.killers, self.lock = root, {}, {}, threading.Lock()

    def start(self, program, words, seconds):
        """(exit code or None for a time-out, output); the limit is of CPU time, so a busy machine does not kill."""
        def limited():
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 2))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            done = run([str(program), *words], self.root, preexec_fn=limited, timeout=20 * seconds)
        except subprocess.TimeoutExpired:
            return None, ""
        return (None if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL) else done.returncode), done.stdout

    def baseline(self, at, program):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        code, out = self.start(program, ["--no-version=1"], 600)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if code != 0:
            die(f"the tests fail without any change\n{out[-3000:]}")
        took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.limits[at], self.killers[at] = 2 + 3 * took, []
        return took

    def verdict(self, at, program):
        with self.lock:
            first = self.killers[at][:12]
        # a comma parts doctest's filters: `?` stands for it, and for its other signs
        names = ",".join(re.sub(r"[,\\\"*?]", "?", name) for name in first)
        rounds = [[f"-tc={names}"], [f"-tce={names}"]] if first else [[]]
        for words in rounds:
            code, out = self.start(program, ["--no-version=1", "--abort-after=1", "--no-colors=1", *words],
                                   self.limits[at])
            if code == 0:
                continue
            found = re.findall(r"^TEST CASE:  (.*)$", out, re.M)
            if found:
                with self.lock:
                    killers = self.killers[at]
                    if found[-1] in killers:
                        killers.remove(found[-1])
                    killers.insert(0, found[-1])
            return TIMEOUT if code is None else KILLED
        return SURVIVED


def judge(mutant, text, tree, tests):
    """A change of a header is tried with the room's objects first. What passes so is tried with those of its tests, too,
    which are as many again: most are noticed before. A member's default value would change what tests are made of: of
    that only the room's own tests are compiled."""
    path, build = tree.folder / mutant.path, tree.build
    own = [at for at in build.test_objects if build.compile[at][0].startswith(f"tests/unit/{build.room}/")]
    changed, verdict = {}, SAME
    for objects in (build.room_objects, own if DEFAULT.match(mutant.excerpt) else build.test_objects):
        parts = tree.parts(mutant.path, objects)
        with altered(path, mutant.applied(text)):
            for part, together, before in parts:
                found = tree.compiled(part[0], together)
                if found is None:
                    return INVALID
                if found.read_bytes() != before.read_bytes():
                    changed.update(dict.fromkeys(part), **{part[0]: found})
        if not set(objects).isdisjoint(changed):
            verdict = tried(changed, tree, tests)
        if verdict not in (SAME, SURVIVED):
            break
    return verdict


@contextlib.contextmanager
def altered(path, text):
    """A link of a tree is another file for a while."""
    source = path.readlink()
    path.unlink()
    path.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        path.unlink()
        path.symlink_to(source)


def tried(changed, tree, tests):
    verdict = SURVIVED
    for at in range(len(tree.build.programs)):
        program = tree.link(at, changed)
        if program is None:
            return INVALID
        verdict = tests.verdict(at, program)
        if verdict != SURVIVED:
            break
    return verdict


def judged(chosen, count, texts, trees, tests):
    """(mutant, verdict) in seeded order until `count` of them count."""
    idle, at, told = list(trees), 0, time.monotonic()
    lock = threading.Lock()

    def work(mutant):
        with lock:
            tree = idle.pop()
        try:
            return judge(mutant, texts[mutant.path], tree, tests)
        finally:
            with lock:
                idle.append(tree)

    pool = concurrent.futures.ThreadPoolExecutor(len(trees))
    try:
        counted = 0
        while at < len(chosen) and counted < count:  # never more at a time than are still wanted, so none is for nothing
            batch = chosen[at:at + min(2 * len(trees), count - counted)]
            at += len(batch)
            for mutant, verdict in zip(batch, pool.map(work, batch)):
                yield mutant, verdict
                counted += verdict in (KILLED, SURVIVED, TIMEOUT)
            if time.monotonic() - told > 60:
                told = time.monotonic()
                print(f"mutate: {counted} of {count}, the first {at} of the order", file=sys.stderr)
    finally:
        pool.shutdown(cancel_futures=True)


def main():
    parser = argparse.ArgumentParser(prog="./dev mutate", description=__doc__.split("\n", maxsplit=1)[0].split("? ")[0] + "?")
    parser.add_argument("root", type=lambda path: pathlib.Path(path).resolve(), help=argparse.SUPPRESS)
    parser.add_argument("build", type=lambda path: pathlib.Path(path).resolve(), help=argparse.SUPPRESS)
    parser.add_argument("room")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=150, help="how many mutants; 150 unless told")
    parser.add_argument("--list", action="store_true", help="print the first of the seeded order, and run nothing")
    parser.add_argument("--only", metavar="ID", action="append",
                        help="one mutant, `file:line:column` as printed; all of a line, or a file; may be repeated")
    parser.add_argument("--skip", type=int, default=0, help="leave out the first of the order: they were judged before")
    parser.add_argument("--all", action="store_true", help="print those that are noticed, too")
    parser.add_argument("-j", "--jobs", type=int, default=1, help="mutants at a time; 1 unless told")
    given = parser.parse_args()
    root, room = given.root, given.room
    paths = sorted(path.relative_to(root).as_posix() for top in (root / "src" / room, root / "include/poolfit" / room)
                   for path in top.rglob("*.[ch]pp"))
    if not paths:
        die(f"no such room: {room}")
    texts = {path: (root / path).read_text(encoding="utf-8") for path in paths}
    everything = [mutant for path in paths for mutant in mutants.mutants_of(path, texts[path])]
    chosen, count = mutants.in_seeded_order(everything, given.seed), given.count
    if given.only:
        wanted = tuple(f"{only}:" for only in given.only)
        chosen = [mutant for mutant in everything if f"{mutant.id}:".startswith(wanted)]
        count = len(chosen)
    if given.list:
        for mutant in chosen[:count]:
            print(f"{mutant.id}: {mutant.words}: {mutant.excerpt}")
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ.setdefault("POOLFIT_FLEETS", "200")  # of a property: all 5,000 would take a minute for each mutant
    chosen = chosen[given.skip:]
    start, build = time.monotonic(), Build(root, given.build, room)
    with tempfile.TemporaryDirectory(prefix="mutate-") as folder:
        trees = [Tree(build, pathlib.Path(folder) / str(at)) for at in range(max(1, given.jobs))]
        with concurrent.futures.ThreadPoolExecutor(len(trees)) as pool:
            build.read_once(pathlib.Path(folder))
            build.compile_base(pathlib.Path(folder), pool, trees)
        tests = Tests(root)
        took = sum(tests.baseline(at, trees[0].link(at, {})) for at in range(len(build.programs)))
        print(f"mutate: {len(everything)} mutants of {room}; its tests take {took:.1f} s of CPU time", file=sys.stderr)
        of = dict.fromkeys((KILLED, SURVIVED, TIMEOUT, INVALID, SAME), 0)
        for mutant, verdict in judged(chosen, count, texts, trees, tests):
            of[verdict] += 1
            if verdict == SURVIVED or given.only or given.all:
                print(f"{mutant.id}: {mutant.words}: {verdict}\n    {mutant.excerpt}", flush=True)
    total = of[KILLED] + of[SURVIVED] + of[TIMEOUT]
    print(f"{room}: {total} mutants of {len(everything)}, seed {given.seed}: {of[KILLED]} killed, {of[TIMEOUT]} timed out, "
          f"{of[SURVIVED]} survived: {100 * (total - of[SURVIVED]) / max(1, total):.1f} % noticed "
          f"({of[INVALID]} more do not compile, {of[SAME]} give the same code; {time.monotonic() - start:.0f} s)")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
