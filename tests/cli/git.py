#!/usr/bin/env python3
"""`poolfit diff` on git revisions: git.py BINARY.

Repositories are made in a temporary folder; what poolfit reads of a revision is not there in the working tree, so that
nothing can come from the wrong place. Skipped where there is no git.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

POOLFIT = str(pathlib.Path(sys.argv[1]).resolve())
PASSED_ON = {n: os.environ[n] for n in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS") if n in os.environ}
IDENTITY = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@example.com", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
HEAD = 'schema = "poolfit-inventory/1"\nregion = "us-east-1"\n'
RECORDS = """[[database]]
name = "{0}"
engine = "postgresql"
class = "db.t3.medium"
max_connections = 400
[[service]]
name = "s-{0}"
instances = {1}
deploy = "recreate"
[[service.pool]]
name = "main"
database = "{0}"
max = 10
"""
PRICE = '{"schema": "poolfit-catalog/1", "price": [{"class": "db.t3.medium", "engine": "postgresql", "region": ' \
        '"us-east-1", "usd_per_month": %s, "as_of": "2026-11-01", "source": "test"}]}\n'


class Repository:
    def __init__(self, folder):
        self.folder = folder
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "TERM": "dumb",
                            **IDENTITY, **PASSED_ON}
        self.git("init", "-q", "-b", "main", ".")

    def git(self, *words):
        return subprocess.run(["git", *words], cwd=self.folder, env=self.environment, capture_output=True, text=True,
                              check=True).stdout

    def write(self, **files):
        for name, text in files.items():
            self.put(name.replace("__", "/") + ".toml", text)

    def put(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def commit(self, message="x"):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def diff(self, *words, within=".", **environment):
        return subprocess.run([POOLFIT, "diff", *words], cwd=self.folder / within,
                              env={**self.environment, **environment}, capture_output=True, text=True, timeout=60,
                              check=False)

    def json(self, *words, **how):
        done = self.diff(*words, "--json", "--fail-on", "none", **how)
        if done.returncode != 0:
            raise AssertionError(f"exit code {done.returncode}: {done.stderr or done.stdout}")
        return json.loads(done.stdout)

    def fails(self, code, text, *words, **how):
        done = self.diff(*words, **how)
        if done.returncode != code or text not in done.stderr:
            raise AssertionError(f"exit code {done.returncode}, wanted {code}; {done.stderr!r} has no {text!r}")


def equal(is_, wanted):
    if is_ != wanted:
        raise AssertionError(f"{is_!r}, wanted {wanted!r}")


def steady(document):
    return document["totals"]["steady"]["difference"]


def work_tree(repository):
    repository.write(poolfit=HEAD + RECORDS.format("a", 2))
    repository.commit()
    repository.write(poolfit=HEAD + RECORDS.format("a", 5))
    before = sorted((p, p.stat().st_mtime_ns) for p in (repository.folder / ".git").rglob("*") if p.is_file())
    found = repository.json("main")
    equal(steady(found), 30)
    equal((found["base"]["label"], found["head"]["label"]), ("main", "working tree"))
    equal(steady(repository.json("HEAD", "main")), 0)
    equal(steady(repository.json("main", "poolfit.toml")), 30)
    after = sorted((p, p.stat().st_mtime_ns) for p in (repository.folder / ".git").rglob("*") if p.is_file())
    equal(after, before)  # nothing is written


def ranges(repository):
    repository.write(poolfit=HEAD + RECORDS.format("a", 2))
    repository.commit()
    repository.git("checkout", "-q", "-b", "feature/x")
    repository.write(poolfit=HEAD + RECORDS.format("a", 5))
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.write(poolfit=HEAD + RECORDS.format("a", 4))
    repository.commit()
    equal(steady(repository.json("main..feature/x")), 10)
    equal(steady(repository.json("main...feature/x")), 30)
    equal(steady(repository.json("feature/x..")), -10)
    equal(steady(repository.json("HEAD~1", "feature/x")), 30)
    repository.git("checkout", "-q", "--orphan", "other")
    repository.commit()
    repository.fails(2, "have no commit in common", "main...other")


def named_inside(repository):
    repository.write(infra__poolfit=HEAD + RECORDS.format("a", 2), infra__b=HEAD + RECORDS.format("a", 7))
    repository.commit()
    repository.git("tag", "v1.2")
    repository.write(infra__poolfit=HEAD + RECORDS.format("a", 3))
    repository.commit()
    equal(steady(repository.json("v1.2:infra/poolfit.toml")), 10)
    equal(steady(repository.json("v1.2:infra/poolfit.toml", "HEAD:infra/b.toml")), 50)
    equal(steady(repository.json("v1.2", "infra/poolfit.toml")), 10)
    equal(steady(repository.json("v1.2", "HEAD", "infra/poolfit.toml")), 10)
    equal(steady(repository.json("v1.2", within="infra")), 10)
    equal(steady(repository.json("v1.2:./b.toml", within="infra")), 0)
    equal(steady(repository.json("v1.2:./b.toml", "poolfit.toml", within="infra")), -40)
    equal(steady(repository.json("v1.2", "../infra/poolfit.toml", within="infra")), 10)
    equal(steady(repository.json("v1.2", POOLFIT_CONFIG="infra/poolfit.toml")), 10)
    equal(steady(repository.json("v1.2..HEAD", str(repository.folder / "infra/poolfit.toml"))), 10)
    repository.fails(2, "neither v1.2 nor working tree has poolfit.toml", "v1.2")
    repository.fails(2, "outside the repository", "v1.2", "v1.2:../../x.toml")
    repository.fails(2, "no inventory: neither v1.2 nor HEAD has x.toml", "v1.2..HEAD", "x.toml")
    repository.fails(2, "../../x.toml is outside the repository", "v1.2..HEAD", "../../x.toml")


def folders(repository):
    """A folder is no inventory, on either side and as the file of both."""
    repository.write(infra__poolfit=HEAD + RECORDS.format("a", 2), bare__b=HEAD + RECORDS.format("a", 7))
    repository.commit()
    repository.git("tag", "v1.2")
    named = "{0} is a directory\n   = fix     name {0}/poolfit.toml\n".format
    for words, place in ((("v1.2", "infra"), "infra"), (("infra", "v1.2"), "infra"), (("infra",), "infra"),
                         (("v1.2", "./infra"), "./infra"), (("./infra", "bare/b.toml"), "./infra"),
                         (("v1.2", "HEAD", "infra"), "infra"), (("v1.2..HEAD", "infra"), "infra"),
                         (("v1.2:infra",), "v1.2:infra"), (("v1.2:infra", "bare/b.toml"), "v1.2:infra"),
                         (("bare/b.toml", "v1.2:infra"), "v1.2:infra")):
        repository.fails(2, named(place), *words)
    repository.fails(2, named("v1.2:infra"), "v1.2", POOLFIT_CONFIG="infra")
    for words in (("v1.2", "bare"), ("v1.2:bare",), ("bare", "v1.2"), ("v1.2..HEAD", "bare"), ("v1.2:",)):
        repository.fails(2, f"{next(w for w in words if w not in ('v1.2', 'v1.2..HEAD'))} is a directory\n"
                            "   = fix     name a file in it", *words)
    repository.git("branch", "infra")
    repository.fails(2, "infra is both a directory and a revision\n   = fix     infra/poolfit.toml is the file, infra~0",
                     "infra")
    repository.git("branch", "bare")
    equal(steady(repository.json("bare", "v1.2", "infra/poolfit.toml")), 0)


def missing_files(repository):
    """A revision without the file that is named: what it has under a like name."""
    repository.write(infra__poolfit=HEAD + RECORDS.format("a", 2), infra__b=HEAD + RECORDS.format("a", 7))
    repository.commit()
    repository.git("tag", "v1.2")
    for path, near in (("typo/poolfit.toml", "infra/poolfit.toml"), ("infra/c.toml", "infra/b.toml"),
                       ("poolfit.toml", "infra/poolfit.toml")):
        message = f"v1.2 has no such file: {path}\n   = fix     did you mean v1.2:{near}?\n"
        repository.fails(2, message, f"v1.2:{path}")
        repository.fails(2, message, "infra/poolfit.toml", f"v1.2:{path}")
    equal(repository.diff("v1.2:zzzzzzzzzzzzzzzz.toml").stderr, "error: v1.2 has no such file: zzzzzzzzzzzzzzzz.toml\n")
    repository.fails(2, "v1.2 has no such file: infra/c.toml\n", "v1.2:./c.toml", within="infra")
    repository.fails(2, "neither v1.2 nor HEAD has infra/c.toml\n   = fix     did you mean infra/b.toml?", "v1.2..HEAD",
                     "infra/c.toml")
    for word in ("main....HEAD", "main..HEAD..main", "main.....HEAD"):
        repository.fails(2, f"neither a file nor a revision: {word}\n   = fix     two revisions are BASE..HEAD", word)


def all_that_it_names(repository):
    repository.put("infra/poolfit.toml", HEAD.replace("region", 'include = ["teams/*.toml", "../shared.toml"]\nregion'))
    repository.put("infra/teams/a.toml", RECORDS.format("a", 2))
    repository.put("shared.toml", RECORDS.format("b", 3))
    repository.put("infra/poolfit.catalog.json", PRICE % 40)
    repository.put("infra/series/a.csv", "time,cpu\n2026-11-01T00:00:00Z,10\n")
    repository.commit()
    # Whatever the working tree has by now.
    for gone in ("infra", "shared.toml"):
        path = repository.folder / gone
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    repository.put("infra/poolfit.toml", HEAD + RECORDS.format("a", 4))
    repository.put("infra/poolfit.catalog.json", PRICE % 70)
    found = repository.json("HEAD", "infra/poolfit.toml")
    equal([(d["name"], d["change"], d["difference"]["steady"]) for d in found["databases"]],
          [("a", "changed", 20), ("b", "removed", -30)])
    equal(found["databases"][0]["difference"]["usd_per_month"], {"low": 30, "high": 30})
    equal(found["totals"]["usd_per_month"]["base"], {"low": 80, "high": 80})
    # A fault in an included file has its place in the revision.
    repository.put("infra/poolfit.toml", HEAD.replace("region", 'include = ["teams/*.toml"]\nregion'))
    repository.put("infra/teams/a.toml", "[[database]]\nnmae = 1\n")
    repository.commit()
    repository.fails(2, "HEAD:infra/teams/a.toml:2:1", "HEAD", "HEAD~1", "infra/poolfit.toml")


def new_and_gone(repository):
    repository.put("readme", "x\n")
    repository.commit()
    repository.write(poolfit=HEAD + RECORDS.format("a", 2))
    found = repository.json("main")
    equal((found["base"]["missing"], found["databases"][0]["change"], steady(found)), (True, "added", 20))
    equal(found["notes"], ["main has no poolfit.toml: everything is new"])
    if "main has no poolfit.toml: everything is new" not in repository.diff("main").stdout:
        raise AssertionError("the text does not say that everything is new")
    repository.commit()
    (repository.folder / "poolfit.toml").unlink()
    found = repository.json("main", "poolfit.toml")
    equal((found["head"]["missing"], steady(found)), (True, -20))
    repository.fails(2, "neither main nor working tree has none.toml", "main", "none.toml")


def one_path(repository):
    """Both sides have the inventory of one path, whichever of them has it."""
    repository.write(poolfit=HEAD + RECORDS.format("a", 2))
    repository.put("sub/deep/x", "")
    repository.commit()
    found = repository.json("main", within="sub/deep")
    equal((found["base"]["path"], found["head"]["path"], steady(found)), ("poolfit.toml", "poolfit.toml", 0))
    repository.write(sub__poolfit=HEAD + RECORDS.format("b", 3))
    for how in ((), ("HEAD",)):
        found = repository.json("main", *how, within="sub/deep")
        equal((found["base"]["path"], found["head"]["path"]), ("sub/poolfit.toml", "sub/poolfit.toml"))
        equal((found["base"]["missing"], steady(found)), (True, 30))
        equal(found["notes"], ["main has no sub/poolfit.toml: everything is new"])
        text = repository.diff("main", *how, within="sub/deep").stdout
        if not text.startswith(f"poolfit diff  main → {(*how, 'working tree')[0]}: sub/poolfit.toml\n"):
            raise AssertionError(text)
        page = repository.diff("main", *how, "--format", "markdown", within="sub/deep").stdout
        if f"`main` → `{(*how, 'working tree')[0]}`: `sub/poolfit.toml`\n" not in page:
            raise AssertionError(page)
        if not how:
            repository.git("checkout", "-q", "-b", "feature")
            repository.commit()
    equal(steady(repository.json("feature", "main", within="sub")), -30)
    found = repository.json("main", "feature:sub/poolfit.toml")
    equal((found["base"]["path"], found["head"]["path"]), ("poolfit.toml", "sub/poolfit.toml"))


def named_on_one_side(repository):
    """A revision beside REVISION:FILE is that file of it, where it has one."""
    repository.write(poolfit=HEAD + RECORDS.format("a", 2), infra__x=HEAD + RECORDS.format("b", 3))
    repository.commit()
    repository.git("tag", "v1")
    repository.write(infra__x=HEAD + RECORDS.format("b", 7))
    repository.commit()
    for words, difference in ((("main", "v1:infra/x.toml"), -40), (("v1:infra/x.toml", "main"), 40),
                              (("v1:infra/x.toml", "main", "infra/x.toml"), None)):
        if difference is None:
            repository.fails(2, "two inventories: v1:infra/x.toml and infra/x.toml", *words)
            continue
        for how in ({}, {"POOLFIT_CONFIG": "poolfit.toml"}):
            found = repository.json(*words, **how)
            equal((found["base"]["path"], found["head"]["path"], steady(found)),
                  ("infra/x.toml", "infra/x.toml", difference))


def moved(repository):
    """An inventory that is somewhere else by now: the text names both, and is never empty."""
    repository.write(poolfit=HEAD + RECORDS.format("a", 2))
    repository.commit()
    repository.git("tag", "v1")
    repository.put("infra/x", "")
    repository.git("mv", "poolfit.toml", "infra/poolfit.toml")
    repository.commit()
    gone = "HEAD has no poolfit.toml: everything is removed"
    hint = "did it move? poolfit diff v1:poolfit.toml HEAD:infra/poolfit.toml compares the two"
    equal(repository.json("v1..HEAD")["notes"], [gone, hint])
    equal(steady(repository.json("v1:poolfit.toml", "HEAD:infra/poolfit.toml")), 0)
    if hint not in repository.diff("v1..HEAD", "--max-increase", "$10", "--width", "200").stdout:
        raise AssertionError("an inventory is gone, and the text is empty")
    # From the folder it is in now, it is new; from the working tree it has its path alone.
    equal(repository.json("v1", within="infra")["notes"],
          ["v1 has no infra/poolfit.toml: everything is new",
           "did it move? poolfit diff v1:poolfit.toml infra/poolfit.toml compares the two"])
    repository.fails(2, "neither v1 nor v1 has infra/none.toml", "v1..v1", "infra/none.toml")
    # One more is no move.
    repository.write(poolfit=HEAD + RECORDS.format("a", 2))
    repository.commit()
    equal(repository.json("v1..HEAD", "infra/poolfit.toml")["notes"],
          ["v1 has no infra/poolfit.toml: everything is new"])
    repository.git("rm", "-q", "poolfit.toml")
    repository.commit()
    repository.fails(2, "name it, as infra/poolfit.toml: poolfit diff BASE HEAD FILE", "HEAD..HEAD")
    # A folder's name is no code of a shell, on either side.
    repository.git("mv", "infra", "a $(touch pwned)")
    repository.commit()
    odd = "a $(touch pwned)/poolfit.toml"
    equal(repository.json("v1..HEAD")["notes"],
          [gone, f"did it move? poolfit diff v1:poolfit.toml 'HEAD:{odd}' compares the two"])
    equal(repository.json("v1", within="a $(touch pwned)")["notes"][1],
          f"did it move? poolfit diff v1:poolfit.toml '{odd}' compares the two")


def catalog_files(repository):
    """Two of one date whose contents differ: money of other prices."""
    repository.write(poolfit=HEAD + RECORDS.format("a", 2))
    repository.put("poolfit.catalog.json", PRICE % 40)
    repository.commit()
    repository.put("plan.json", subprocess.run([POOLFIT, "plan", "--json"], cwd=repository.folder,
                                               env=repository.environment, capture_output=True, text=True,
                                               check=True).stdout)
    equal(repository.json("main")["notes"], [])
    equal(repository.json("plan.json", "poolfit.toml")["notes"], [])
    repository.put("poolfit.catalog.json", PRICE % 70)
    equal(repository.json("main")["notes"], ["the catalog files of main and working tree differ"])
    equal(repository.json("plan.json", "poolfit.toml")["notes"], ["the catalog files of plan.json and poolfit.toml differ"])
    done = repository.diff("main", "--max-increase", "$100", "--width", "200")
    equal(done.returncode, 1)
    if "--max-increase $100: cannot be judged: the catalog files of main and working tree differ" not in done.stdout:
        raise AssertionError(done.stdout)
    (repository.folder / "poolfit.catalog.json").unlink()
    if "only main has a catalog file" not in repository.json("main")["notes"]:
        raise AssertionError(repository.json("main")["notes"])


def silenced(repository):
    """What is suppressed, off or not looked at is not gone, and is said though limits are kept."""
    over = RECORDS.format("a", 90)
    repository.write(poolfit=HEAD + over)
    repository.commit()
    ignore = '[[ignore]]\nrule = "PF002"\ntarget = "a"\nreason = "known"\n'
    for more, how in ((ignore, "suppressed"), ('[policy.severity]\nPF002 = "off"\n', "off")):
        repository.write(poolfit=HEAD + over + more)
        found = repository.json("main")["findings"]
        equal([(f["rule"], f["how"], f["severity_before"]) for f in found["silenced"]], [("PF002", how, "error")])
        equal([f["rule"] for f in found["gone"]], [])
        for form in ("text", "markdown"):
            done = repository.diff("main", "--max-increase", "$1", "--fail-on", "none", "--format", form)
            if "suppressed, switched off or less severe since" not in done.stdout.lower().replace("\n", " "):
                raise AssertionError(done.stdout)
    repository.write(poolfit=HEAD + RECORDS.format("a", 180))
    found = repository.json("main")["findings"]
    equal(sorted(f["rule"] for f in found["worse"] if f["rule"] == "PF002"), ["PF002"])
    if "findings that got worse" not in repository.diff("main", "--max-increase", "$1").stdout:
        raise AssertionError("more of the same is silent")
    # The severity rises.
    repository.write(poolfit=HEAD + over + '[policy.severity]\nPF302 = "error"\n')
    done = repository.diff("main")
    if done.returncode != 1 or "(was info)" not in done.stdout.replace("\n    ", " "):
        raise AssertionError(done.stdout)
    repository.commit()
    repository.write(poolfit=HEAD + over)
    found = repository.json("HEAD")["findings"]
    equal([(f["rule"], f["how"], f["severity_before"]) for f in found["silenced"]], [("PF302", "less-severe", "error")])


def less_in_a_report(repository):
    """A report of some rules or databases compares less: it is said, or refused."""
    repository.write(poolfit=HEAD + RECORDS.format("a", 90) + RECORDS.format("b", 2))
    def report(name, *words):
        with open(repository.folder / name, "wb") as out:
            subprocess.run([POOLFIT, *words, "--json"], cwd=repository.folder, env=repository.environment, stdout=out,
                           check=False)
    report("all.json", "plan")
    report("some.json", "check", "--no-rule", "PF0")
    report("only.json", "plan", "--only", "a")
    found = repository.json("all.json", "some.json")
    if "PF002" not in found["head"]["left_out"]["rules"] or "PF002" in found["base"]["left_out"]["rules"]:
        raise AssertionError(found["head"]["left_out"])
    equal({f["how"] for f in found["findings"]["silenced"]}, {"off"})
    equal(found["findings"]["gone"], [])
    if not any(each.startswith("rules that looked at all.json, and not at some.json: PF001") for each in found["notes"]):
        raise AssertionError(found["notes"])
    repository.fails(2, "a report leaves out b, which the other side has", "all.json", "only.json")
    repository.fails(2, "a report leaves out b, which the other side has", "only.json", "poolfit.toml")
    equal(repository.json("only.json", "only.json")["notes"],
          ["only.json leaves out databases of its inventory: b"] * 2)
    old = json.loads((repository.folder / "all.json").read_text(encoding="utf-8"))
    del old["left_out"]
    repository.put("old.json", json.dumps(old))
    [note] = repository.json("old.json", "all.json")["notes"]
    if not note.startswith("old.json does not say which databases it leaves out"):
        raise AssertionError(note)


def reports_in_revisions(repository):
    repository.write(poolfit=HEAD + RECORDS.format("a", 2))
    with open(repository.folder / "plan.json", "wb") as out:
        subprocess.run([POOLFIT, "plan", "--json"], cwd=repository.folder, env=repository.environment, stdout=out,
                       check=True)
    repository.commit()
    (repository.folder / "plan.json").unlink()
    repository.write(poolfit=HEAD + RECORDS.format("a", 3))
    equal(steady(repository.json("main:plan.json", "poolfit.toml")), 10)


def errors(repository):
    repository.write(poolfit=HEAD + RECORDS.format("a", 2), release=HEAD)
    repository.commit()
    repository.git("branch", "release")
    repository.put("release", "x")
    repository.fails(2, "did you mean main?", "mian")
    repository.fails(2, "neither a file nor a revision: zzzzzzzzzzz", "zzzzzzzzzzz")
    repository.fails(2, "neither a file nor a revision: zzzzzzzzzzz", "zzzzzzzzzzz..main")
    repository.fails(2, "not a revision: --upload-pack=touch x", "--", "--upload-pack=touch x")
    repository.fails(2, "unknown flag of diff", "--upload-pack=x")
    repository.fails(2, "not a revision: -x", "--", "-x:poolfit.toml")
    repository.fails(2, "not a revision: ", ":poolfit.toml")
    repository.fails(2, "release is both a file and a revision", "release")
    repository.fails(2, "two inventories", "main:poolfit.toml", "main", "poolfit.toml")
    repository.fails(2, "git is not installed", "main", PATH="/nowhere")
    repository.fails(2, "not a git repository", "main", GIT_DIR="/nowhere")
    repository.fails(2, "main has no such file: poolfit.toml/x.toml", "main:poolfit.toml/x.toml", "poolfit.toml")
    if (repository.folder / "x").exists():
        raise AssertionError("a revision became an option")


def links(repository):
    repository.put("shared/base.toml", HEAD + RECORDS.format("a", 2))
    (repository.folder / "poolfit.toml").symlink_to("shared/base.toml")
    (repository.folder / "team").symlink_to("shared")
    (repository.folder / "loop.toml").symlink_to("loop.toml")
    (repository.folder / "out.toml").symlink_to("/etc/hostname")
    repository.commit()
    repository.put("shared/base.toml", HEAD + RECORDS.format("a", 3))
    equal(steady(repository.json("main")), 10)
    equal(steady(repository.json("main:team/base.toml", "poolfit.toml")), 10)
    repository.fails(2, "main has no such file: loop.toml", "main:loop.toml", "poolfit.toml")
    repository.fails(2, "main has no such file: out.toml", "main:out.toml", "poolfit.toml")


def hostile_names(repository):
    name = 'a b"$(touch x)\t*[z].toml'
    repository.put(name, HEAD + RECORDS.format("a", 2))
    repository.put("we;ird/*.toml", HEAD + RECORDS.format("a", 9))
    repository.commit()
    repository.put(name, HEAD + RECORDS.format("a", 3))
    equal(steady(repository.json("main", "./" + name)), 10)
    equal(steady(repository.json("main:" + name, "main:we;ird/*.toml")), 70)
    if (repository.folder / "x").exists():
        raise AssertionError("a name was run")


def bare(repository):
    repository.write(poolfit=HEAD + RECORDS.format("a", 2))
    repository.commit()
    repository.write(poolfit=HEAD + RECORDS.format("a", 3))
    repository.commit()
    repository.git("clone", "-q", "--bare", ".", "bare.git")
    equal(steady(repository.json("HEAD~1..HEAD", within="bare.git")), 10)
    repository.fails(2, "a bare repository has no working tree", "HEAD~1", within="bare.git")
    (repository.folder / "elsewhere").mkdir()
    git_dir = str(repository.folder / "bare.git")
    equal(steady(repository.json("main~1", "main", within="elsewhere", GIT_DIR=git_dir)), 10)


def main():
    if shutil.which("git") is None:
        print("git is not installed")
        return 77
    passed = failed = 0
    for case in (work_tree, ranges, named_inside, folders, missing_files, all_that_it_names, new_and_gone,
                 reports_in_revisions, errors, links, hostile_names, bare, one_path, silenced, less_in_a_report,
                 named_on_one_side, moved, catalog_files):
        with tempfile.TemporaryDirectory() as folder:
            try:
                case(Repository(pathlib.Path(folder).resolve()))
                passed += 1
            except (AssertionError, subprocess.CalledProcessError, KeyError) as error:
                print(f"FAILED {case.__name__}: {error} {getattr(error, 'stderr', '')}")
                failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
