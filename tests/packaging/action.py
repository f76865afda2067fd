#!/usr/bin/env python3
"""The GitHub action as a runner would run it: action.py ROOT BINARY.

action.yml is read as a runner reads it: each input is described, reaches the script as an environment variable and by
no other way, and the script reads each. Then the script runs with an empty environment, a runner's GITHUB_… files, and
a `gh` that keeps comments in a file: on the rolling example, on hostile names, with wrong inputs, from a fork, and with
a release downloaded from loopback.
"""
import functools
import hashlib
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading

ROOT, BINARY = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
SARIF = json.loads((ROOT / "tests/golden/schemas/sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
ANNOTATION = re.compile(r"::(error|warning|notice) file=[^,:]+,line=\d+.*,title=poolfit (PF\d+) [^,:]+::.+")
HOSTILE = """schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "x"
engine = "postgresql"
class = "db.t3.micro"
"::error::%0A\\n::add-path::/tmp" = 1
"""
GH = r"""#!/usr/bin/env python3
import json, os, pathlib, subprocess, sys
store = pathlib.Path(os.environ["GH_STORE"])
words = sys.argv[1:]
comments = json.loads(store.read_text())
with open(str(store) + ".log", "a") as log: log.write(" ".join(words) + "\n")
assert os.environ["GH_TOKEN"] == "secret" and words[0] == "api", words
writer = os.environ.get("GH_USER", "")
if words[1] == "user":
    print(writer or '{"message": "Resource not accessible by integration"}')
    sys.exit(not writer)
if "--jq" in words:
    assert words[1:3] == ["--paginate", "repos/o/r/issues/7/comments"], words
    sys.exit(subprocess.run(["jq", "-r", words[words.index("--jq") + 1]], input=json.dumps(comments), text=True).returncode)
if os.environ.get("GH_FORK"):
    sys.exit("HTTP 403: Resource not accessible by integration")
field = words[words.index("--field") + 1]
assert field.startswith("body=@"), field
body = pathlib.Path(field[6:]).read_text()
method = words[words.index("--method") + 1]
if method == "POST":
    assert "repos/o/r/issues/7/comments" in words, words
    user = {"login": writer, "type": "User"} if writer else {"login": "github-actions[bot]", "type": "Bot"}
    comments.append({"id": 100 + len(comments), "body": body, "user": user})
else:
    assert method == "PATCH", words
    path = next(word for word in words if word.startswith("repos/"))
    [one] = [each for each in comments if path == "repos/o/r/issues/comments/%d" % each["id"]]
    one["body"] = body
store.write_text(json.dumps(comments))
"""
NOTHING = {"exit-code": "2", "sarif": "", "program": ""}
results = []


def check(what, right, output=""):
    results.append(bool(right))
    if not right:
        print(f"FAILED {what}\n{output}")


def of_the_file():
    import yaml
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    script = (ROOT / "data/ci/github.sh").read_text(encoding="utf-8")
    check("it is composite", action["runs"]["using"] == "composite")
    inputs, passed = action["inputs"], {}
    for step in action["runs"]["steps"]:
        check("no expression in a shell's text", "${{" not in step["run"], step["run"])
        check("a shell is named", step["shell"] == "bash")
        check("it runs at the repository's root", "working-directory" not in step)
        passed |= step["env"]
    for name, about in inputs.items():
        check(f"{name} is described, and has a default", about.get("description") and "default" in about)
        uses = [variable for variable, value in passed.items() if value == f"${{{{ inputs.{name} }}}}"]
        check(f"{name} is passed on, once", len(uses) == 1, uses)
        if uses and uses[0].startswith("POOLFIT_ACTION_"):
            word = uses[0].removeprefix("POOLFIT_ACTION_")
            check(f"the script reads {name}", f"input {word})" in script or f"{uses[0]}:-" in script)
    # The script has to know which arguments are paths: each flag of `check` is in its table, on the right side.
    helped = subprocess.run([BINARY, "check", "--help"], capture_output=True, text=True, check=True).stdout
    flags = dict(re.findall(r"^ {2}(?:-\w, | {4})(--[\w-]+)(?: ([A-Z]\S*(?: FILE\.\.\.)?))?(?: |$)", helped, re.MULTILINE))
    table = re.search(r"^flag_is\(\) .*?^}", script, re.DOTALL | re.MULTILINE)[0].replace("\\\n", "")
    for flag, value in flags.items():
        rows = [row for row in table.splitlines() if re.search(rf"(^|[ |]){flag}( |\))", row)]
        files = "FILE" in value or "PATH" in value
        kind = "no value" if len(rows) == 1 and rows[0].endswith(") ;;") else "value" if "expected=value" in rows[0] else "path"
        check(f"the script knows {flag}", len(rows) == 1 and kind == ("path" if files else "value" if value else "no value"), rows)
    check("flags were found", {"--config", "--no-rule", "--json"} <= set(flags), flags)
    for name, about in action["outputs"].items():
        check(f"output {name} is described", about.get("description"))
        check(f"output {name} is written", f"{name}=%s" in script and about["value"] == f"${{{{ steps.check.outputs.{name} }}}}")


class Runner:
    """A workspace, and what a runner gives a step."""

    def __init__(self, folder):
        self.folder = folder
        self.work = folder / "work"
        (self.work / "infra").mkdir(parents=True)
        shutil.copy(ROOT / "data/examples/rolling/poolfit.toml", self.work / "infra/poolfit.toml")
        (folder / "bin").mkdir()
        (folder / "bin/gh").write_text(GH, encoding="utf-8")
        (folder / "bin/gh").chmod(0o755)
        self.comments([])

    def comments(self, comments=None):
        store = self.folder / "comments.json"
        if comments is not None:
            store.write_text(json.dumps(comments), encoding="utf-8")
        return json.loads(store.read_text(encoding="utf-8"))

    def run(self, fork=False, gh=True, user="", address="", event="refs/pull/7/merge", **inputs):
        files = {name: self.folder / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
        for file in files.values():
            file.write_text("before\n" if file.name.endswith("SUMMARY") else "", encoding="utf-8")
        environment = {"PATH": f"{self.folder / 'bin'}:/usr/bin:/bin" if gh else "/usr/bin:/bin", "HOME": str(self.folder),
                       "RUNNER_TEMP": str(self.folder), "GITHUB_WORKSPACE": str(self.work), "GITHUB_REF": event, "GITHUB_REPOSITORY": "o/r", "GH_TOKEN": "secret",
                       "GH_STORE": str(self.folder / "comments.json"), "LC_ALL": "C.UTF-8",
                       **{name: str(path) for name, path in files.items()}}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        if fork:
            environment["GH_FORK"] = "1"
        if user:
            environment["GH_USER"] = user
        if address:
            environment["POOLFIT_ACTION_FROM"] = address
        given = {"binary": str(BINARY), "inventory": "infra/poolfit.toml", **inputs}
        environment |= {f"POOLFIT_ACTION_{name.upper()}": value for name, value in given.items()}
        done = subprocess.run(["bash", str(ROOT / "data/ci/github.sh")], cwd=self.work, env=environment, capture_output=True,
                              text=True, check=False, timeout=60)
        output = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines())
        return done, files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8"), output


def finds(runner):
    import jsonschema
    done, summary, output = runner.run(comment="true")
    check("the rolling example fails", done.returncode == 1, done.stdout + done.stderr)
    annotations = [match[2] for line in done.stdout.splitlines() if (match := ANNOTATION.fullmatch(line))]
    check("its annotations", annotations == ["PF001", "PF303"], done.stdout)
    check("and on its line", "file=infra/poolfit.toml,line=40," in done.stdout, done.stdout)
    check("the summary is added to", summary.startswith("before\n<!-- poolfit check rolling -->\n### poolfit check"), summary)
    check("the outputs", output == {"exit-code": "1", "sarif": "poolfit.sarif", "program": str(BINARY)}, output)
    sarif = json.loads((runner.work / "poolfit.sarif").read_text(encoding="utf-8"))
    check("SARIF is valid", not list(jsonschema.Draft4Validator(SARIF).iter_errors(sarif)))
    check("SARIF has the findings", [r["ruleId"] for r in sarif["runs"][0]["results"]] == ["PF001", "PF303"])
    before = runner.comments()
    check("one comment", len(before) == 1 and "a deploy needs 200 connections" in before[0]["body"], before)
    # What another wrote stays, also where it quotes the mark further down; ours is found again, and changes.
    mark = "<!-- poolfit check rolling -->"
    runner.comments([{"id": 1, "body": f"see {mark}", "user": {"login": "a-bot", "type": "Bot"}},
                     {"id": 2, "body": f"{mark} mine", "user": {"login": "mallory", "type": "User"}}, *before])
    text = (runner.work / "infra/poolfit.toml").read_text(encoding="utf-8")
    (runner.work / "infra/poolfit.toml").write_text(text.replace("max       = 5 ", "max       = 3 "), encoding="utf-8")
    done, _, output = runner.run(comment="true", sarif="out/of/it.sarif")
    check("a SARIF file in a folder that is not there", done.returncode == 3 and output["sarif"] == "", done.stdout)
    done, _, output = runner.run(comment="true", arguments="--no-rule\nPF303\r\n")
    after = runner.comments()
    check("mended, it passes", (done.returncode, output["exit-code"]) == (0, "0"), done.stdout + done.stderr)
    check("the comment is kept up to date", [each["id"] for each in after] == [1, 2, before[0]["id"]] and
          "a deploy needs" not in after[2]["body"] and after[1]["body"].endswith("mine"), after)
    runner.run(comment="true", user="maintainer", fail_on="info")
    runner.run(comment="true", user="maintainer", fail_on="info")
    found = [each["user"]["login"] for each in runner.comments()]
    check("a person's token finds that person's own", found == ["a-bot", "mallory", "github-actions[bot]", "maintainer"], found)
    runner.comments([])
    runner.run(comment="true", arguments="--no-rule\nPF303")
    check("if there are no findings, none is created", runner.comments() == [])
    (runner.work / "infra/poolfit.toml").write_text(text, encoding="utf-8")


def elsewhere(runner):
    """working-directory: paths of inputs are relative to it, those that GitHub reads to the repository's root."""
    nested = runner.work / "infra/db/eu"
    nested.mkdir(parents=True)
    subprocess.run([BINARY, "baseline", "infra/poolfit.toml", "--output", "infra/base.json"], cwd=runner.work, check=True)
    (runner.work / "poolfit.toml").write_text("not this one", encoding="utf-8")
    (runner.work / "infra/own").symlink_to(BINARY)
    for directory, inventory in (("infra", "poolfit.toml"), ("./infra/", ""), (str(runner.work / "infra"), ""), ("infra/db/eu", ""),
                                 ("infra/db", "../poolfit.toml"), ("infra", str(runner.work / "infra/poolfit.toml"))):
        what = f"in {directory} with '{inventory}'"
        done, _, output = runner.run(directory=directory, inventory=inventory, sarif="out.sarif")
        found = re.findall(r"::error file=([^,]*),line=40,", done.stdout)
        check(f"{what}: annotations are from the root", done.returncode == 1 and found == ["infra/poolfit.toml"], done.stdout + done.stderr)
        place = runner.work / output["sarif"]
        check(f"{what}: so is the output sarif", not output["sarif"].startswith("/") and place.parent.resolve() ==
              (runner.work / directory).resolve(), output)
        uris = set(re.findall(r'"uri": "([^"]*poolfit.toml)"', place.read_text(encoding="utf-8")))
        check(f"{what}: and the addresses in it", uris == {"infra/poolfit.toml"}, uris)
        place.unlink()
    done, _, _ = runner.run(directory="infra", inventory="", baseline="base.json")
    check("a baseline beside it", done.returncode == 0, done.stdout)
    for arguments in ("--baseline\nbase.json", "--baseline=base.json", "  --baseline base.json \r\n", "poolfit.toml\n--baseline\nbase.json",
                      "--config poolfit.toml\n--baseline base.json"):
        done, _, _ = runner.run(directory="infra", inventory="", arguments=arguments)
        check(f"a path in arguments: {arguments!r}", done.returncode == 0, done.stdout)
    runner.run(directory="infra", inventory="", arguments="--format json=db/check.json\n--format=csv=db/check.csv")
    check("formats with paths", {each.name for each in (runner.work / "infra/db").iterdir()} >= {"check.json", "check.csv"})
    odd = runner.work / "infra/a../:b"
    odd.mkdir(parents=True)
    shutil.copy(runner.work / "infra/poolfit.toml", odd)
    for path, wanted in ((":b/poolfit.toml", "infra/a../%3Ab/poolfit.toml"), ("../a../../poolfit.toml", "infra/poolfit.toml"),
                         ("../../../work/infra/./poolfit.toml", "../work/infra/poolfit.toml")):
        done, _, _ = runner.run(directory="infra/a..", inventory=path)
        check(f"a path such as {path}", f"::error file={wanted},line=40," in done.stdout, done.stdout + done.stderr)
    done, _, output = runner.run(directory="infra", inventory="", binary="./own")
    check("a program beside it", output.get("program") == str(runner.work / "infra/own"), done.stdout)
    done, _, output = runner.run(directory="infra", inventory="", arguments="-ccpoolfit.toml")
    check("what cannot be read is refused", done.returncode == 2 and output == NOTHING and "flags are long" in done.stdout, done.stdout)
    done, _, output = runner.run(directory="none")
    check("no such directory", done.returncode == 2 and output == NOTHING and "no such directory: none" in done.stdout, done.stdout)
    outside = runner.folder / "outside"
    shutil.copytree(runner.work / "infra", outside, symlinks=True)
    done, _, output = runner.run(directory=str(outside), inventory="poolfit.toml")
    check("outside of the repository", done.returncode == 1 and (outside / output["sarif"]).is_file(), done.stdout + done.stderr)
    for name in ("poolfit.toml", "infra/base.json", "infra/own"):
        (runner.work / name).unlink()


def has_arguments(runner):
    """One argument a line, or a flag and its value."""
    for arguments in ("--no-rule PF001", "--no-rule=PF001", "  --no-rule \n\t PF001\t\r\n", "--no-rule\t PF001",
                      "--no-rule PF001\nauth-db\n", "--only\nauth-db\n\n--no-rule=PF001"):
        done, _, _ = runner.run(arguments=arguments)
        check(f"arguments {arguments!r}", done.returncode == 0 and "PF001" not in done.stdout, done.stdout + done.stderr)
    for arguments in ("--quiet --verbose", "--json auth-db"):
        done, _, output = runner.run(arguments=arguments)
        check(f"refused: {arguments!r}", done.returncode == 2 and output == NOTHING and "one argument a line" in done.stdout, done.stdout)
    done, _, _ = runner.run(arguments="--only\n--x y")
    check("a value with a blank stays whole", "--x y" in done.stdout and "one argument a line" not in done.stdout, done.stdout)


def does_not_comment(runner):
    runner.comments([])
    done, _, _ = runner.run(comment="true", fork=True)
    check("from a fork: a warning, and the exit code of check", done.returncode == 1 and "::warning title=poolfit::the comment" in
          done.stdout, done.stdout)
    done, _, _ = runner.run(comment="true", event="refs/heads/main")
    check("no pull request: a notice", "::notice title=poolfit::not a pull request" in done.stdout, done.stdout)
    done, _, _ = runner.run(comment="true", gh=False)
    if not shutil.which("gh", path="/usr/bin:/bin"):
        check("no gh: a warning", done.returncode == 1 and "gh is not on this runner" in done.stdout, done.stdout)
    log = pathlib.Path(str(runner.folder / "comments.json") + ".log")
    log.unlink(missing_ok=True)
    runner.run()
    check("not asked to: gh is not called", not log.exists())
    _, summary, _ = runner.run(summary="false")
    check("no summary", summary == "before\n", summary)
    done, _, _ = runner.run(fail_on="none")
    check("fail-on none", done.returncode == 0)
    subprocess.run([BINARY, "baseline", "infra/poolfit.toml", "--output", "base.json"], cwd=runner.work, check=True)
    done, _, _ = runner.run(baseline="base.json")
    check("a baseline", done.returncode == 0, done.stdout)


def commands(log):
    """The lines that a runner takes for commands of its own."""
    stopped = None
    for line in log.splitlines():
        line = line.lstrip()
        if stopped:
            if line == f"::{stopped}::":
                stopped = None
        elif line.startswith("::stop-commands::"):
            stopped = line.removeprefix("::stop-commands::")
        elif line.startswith("::") or "##[" in line:
            yield line


def is_not_fooled(runner):
    hostile = runner.work / "infra/a,b:c%.toml"
    hostile.write_text(HOSTILE, encoding="utf-8")
    done, summary, output = runner.run(inventory="infra/a,b:c%.toml")
    check("a broken inventory: exit 2", done.returncode == 2 and output["exit-code"] == "2" and output["sarif"] == "", output)
    check("its error is in the log", "unknown key" in done.stdout, done.stdout)
    found = list(commands(done.stdout + done.stderr))
    check("it is at its place, and no other line of it is a command",
          found == ["::error file=infra/a%2Cb%3Ac%25.toml,line=7,col=1,endLine=7,endColumn=33,title=poolfit::unknown key "
                    "'::error::%250A\\x0a::add-path::/tmp' in [[database]]%0Afix: remove it, or write one of the keys below",
                    "::error title=poolfit::poolfit check: exit code 2; the log has the reason"], done.stdout)
    check("the summary says so", "Nothing was checked: exit code 2" in summary, summary)
    for name in ("inventory", "baseline", "sarif", "fail_on", "binary", "directory"):
        runner.run(**{name: f"$(touch {runner.work}/shell)`touch {runner.work}/shell`;touch {runner.work}/shell"})
        check(f"{name} is no shell's text", not (runner.work / "shell").exists())
        done, _, output = runner.run(**{name: "x\nexit-code=0\n::warning::x"})
        check(f"{name} of two lines is refused", done.returncode == 2 and output == NOTHING, done.stdout)
    done, _, _ = runner.run(arguments="--version\n; touch shell")
    check("arguments are no shell's text", not (runner.work / "shell").exists())
    done, _, _ = runner.run(summary="yes%0A\n::warning::")
    check("a switch that is none", done.returncode == 2 and len(list(commands(done.stdout))) == 1, done.stdout)
    done, _, _ = runner.run(inventory="--no-such-flag")
    check("an inventory that looks like a flag is a file", done.returncode == 2 and "--no-such-flag" in done.stdout, done.stdout)
    before = (runner.work / "infra/poolfit.toml").read_bytes()
    done, _, _ = runner.run(sarif="infra/poolfit.toml")
    check("SARIF does not replace the inventory", done.returncode == 2 and (runner.work / "infra/poolfit.toml").read_bytes() ==
          before, done.stdout)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def downloads(runner):
    served = runner.folder / "served"
    served.mkdir()
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine)
    name = f"poolfit-9.9.9-linux-{machine}"
    with tarfile.open(served / f"{name}.tar.gz", "w:gz", compresslevel=1) as tar:
        tar.add(BINARY, f"{name}/bin/poolfit")
        tar.add(ROOT / "man/poolfit.1", f"{name}/share/man/man1/poolfit.1")
    pinned = hashlib.sha256((served / f"{name}.tar.gz").read_bytes()).hexdigest()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(served)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    done, _, output = runner.run(address=address, binary="", version="9.9.9", sha256=pinned)
    check("a verified download", done.returncode == 1 and output["program"].endswith("/bin/poolfit"), done.stdout + done.stderr)
    done, _, output = runner.run(address=address, binary="", version="9.9.9", sha256="0" * 64)
    check("another sum: nothing runs", done.returncode == 3 and output == {**NOTHING, "exit-code": "3"} and
          "could not be installed" in done.stdout, done.stdout)
    done, _, output = runner.run(address=address, binary="", version="9.9.8", sha256=pinned)
    check("no such release", (done.returncode, output["exit-code"]) == (3, "3"), done.stdout)
    done, _, output = runner.run(address=address, binary="", version="9.9.9", sha256=f"{pinned}  {name}.tar.gz")
    check("a sum that is none", done.returncode == 2 and output == NOTHING and "64 hexadecimal digits" in done.stderr, done.stderr)
    done, _, output = runner.run(address=address, binary="", version="9.9.9")
    check("no sum: nothing is downloaded", done.returncode == 2 and "version and sha256" in done.stdout, done.stdout)
    server.shutdown()


def difference_in_a_comment(runner):
    """The step of docs/ci.md that puts what `diff` says into one comment."""
    import yaml
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    [steps] = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
               if "poolfit diff" in block]
    [step] = [step for step in steps if "gh api" in step.get("run", "")]
    check("diff: what the step is given", step["env"] == {"GH_TOKEN": "${{ github.token }}", "NUMBER": "${{ github.event.number }}"})
    others = [{"id": 1, "body": "<!-- poolfit check rolling -->\nx", "user": {"login": "github-actions[bot]", "type": "Bot"}},
              {"id": 2, "body": "<!-- poolfit diff rolling -->\nx", "user": {"login": "mallory", "type": "User"}}]
    runner.comments(others)
    environment = {"PATH": f"{runner.folder / 'bin'}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "GITHUB_REPOSITORY": "o/r", "NUMBER": "7",
                   "GH_TOKEN": "secret", "GH_STORE": str(runner.folder / "comments.json"),
                   **{name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}}
    for size, said in (("60", "New findings"), ("3", "findings that are gone"), ("5", "no difference")):
        (runner.work / "new.toml").write_text((runner.work / "infra/poolfit.toml").read_text(encoding="utf-8").replace(
            "max       = 5 ", f"max       = {size} "), encoding="utf-8")
        subprocess.run([str(BINARY), "diff", "infra/poolfit.toml", "new.toml", "--format", "markdown=diff.md", "--fail-on", "none"],
                       cwd=runner.work, env=environment, check=True)
        done = subprocess.run(["bash", "-e", "-c", step["run"]], cwd=runner.work, env=environment, capture_output=True,
                              text=True, check=False, timeout=60)
        after = runner.comments()
        check(f"diff: one comment, with max = {size}", done.returncode == 0 and after[:2] == others and len(after) == 3,
              f"{after} {done.stderr}")
        body = (runner.work / "diff.md").read_text(encoding="utf-8")
        check(f"diff: what it says of max = {size}", after[-1]["body"] == body and said in body.replace("finding that is", "findings that are"), body)


def main():
    for module, package in (("yaml", "python3-yaml"), ("jsonschema", "python3-jsonschema")):
        try:
            __import__(module)
        except ImportError:
            print(f"{package} is not installed")
            return 77
    if not shutil.which("jq") or not shutil.which("curl"):
        print("jq or curl is not installed")
        return 77
    of_the_file()
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(pathlib.Path(folder))
        finds(runner)
        elsewhere(runner)
        has_arguments(runner)
        does_not_comment(runner)
        is_not_fooled(runner)
        downloads(runner)
        difference_in_a_comment(runner)
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
