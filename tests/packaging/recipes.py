#!/usr/bin/env python3
"""The recipes of docs/ci.md as far as they go without a network: recipes.py ROOT BINARY.

A release with the program is served from loopback. The scripts of data/ci/gitlab.yml, data/ci/azure.yml and of the
Jenkins pipeline run as their systems run them, with the right sum and with a wrong one; pre-commit runs the hooks on a
commit that passes and on one that does not; what the pages' YAML names has to be there.
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
import xml.etree.ElementTree as xml

ROOT, BINARY = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
PAGE = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
INVENTORY = ROOT / "data/examples/rolling/poolfit.toml"
VERSION = "0.1.0"
results = []


def check(what, right, output=""):
    results.append(bool(right))
    if not right:
        print(f"FAILED {what}\n{output}")


def blocks(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Release:
    """The program as version 0.1.0, under the folder that a release has."""

    def __init__(self, folder):
        served = folder / "served" / f"v{VERSION}"
        served.mkdir(parents=True)
        name = f"poolfit-{VERSION}-linux-amd64"
        with tarfile.open(served / f"{name}.tar.gz", "w:gz", compresslevel=1) as tar:
            tar.add(BINARY, f"{name}/bin/poolfit")
        self.sum = hashlib.sha256((served / f"{name}.tar.gz").read_bytes()).hexdigest()
        handler = functools.partial(Quiet, directory=str(folder / "served"))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"


class Job:
    """A checkout with an inventory, and a shell with little around it."""

    def __init__(self, folder, name, release):
        self.folder = folder / name
        (self.folder / "infra").mkdir(parents=True)
        (self.folder / "temporary").mkdir()
        shutil.copy(INVENTORY, self.folder / "infra/poolfit.toml")
        self.release = release

    def run(self, script, shell="bash", **variables):
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LC_ALL": "C.UTF-8",
                       "AGENT_TEMPDIRECTORY": str(self.folder / "temporary"),
                       "COMMON_TESTRESULTSDIRECTORY": str(self.folder), **variables}
        return subprocess.run([shell, "-c", script], cwd=self.folder, env=environment, capture_output=True, text=True,
                              check=False, timeout=60)

    def has_results(self):
        root = xml.parse(self.folder / "poolfit.xml").getroot()
        return root.get("failures") == "1" and int(root.get("tests")) > 1


def refuses(what, job, script, shell="bash", **variables):
    """Another sum, and another inventory's name than one shell would leave alone."""
    done = job.run(script, shell, **variables)
    check(f"{what}: another sum stops it", done.returncode not in (0, 2) and "FAILED" in done.stdout + done.stderr, done.stderr)
    check(f"{what}: and nothing is unpacked", not list(job.folder.rglob("poolfit-*/bin/poolfit")))


def page_yaml(yaml, key):
    """The block of the page that has this key."""
    [block] = [block for block in map(yaml.safe_load, blocks("yaml")) if key in block]
    return block


def of_gitlab(yaml, folder, release):
    included = yaml.safe_load((ROOT / "data/ci/gitlab.yml").read_text(encoding="utf-8"))
    job = included["poolfit"]
    # As GitLab lays them: the including file's over the included file's, and a job's own over both.
    recipe = page_yaml(yaml, "include")["variables"]

    def variables(**ours):
        ours = {"POOLFIT_SHA256": release.sum, **ours} if "POOLFIT_SHA256" in recipe else ours
        return included.get("variables", {}) | recipe | {"POOLFIT_FROM": release.address, **ours} | job.get("variables", {})
    check("gitlab: what a job needs", {"stage", "image", "script", "artifacts"} <= set(job))
    reports = job["artifacts"]["reports"]
    check("gitlab: reports of a failed job too", job["artifacts"]["when"] == "always")
    lines = "set -eo pipefail\n" + "\n".join([*job["before_script"], *job["script"]])
    place = Job(folder, "gitlab", release)
    refuses("gitlab", place, lines, **variables(POOLFIT_SHA256="0" * 64))
    done = place.run(lines, **variables())
    check("gitlab: the rolling example fails", done.returncode == 1, done.stdout + done.stderr)
    quality = json.loads((place.folder / reports["codequality"]).read_text(encoding="utf-8"))
    check("gitlab: code quality", [issue["check_name"] for issue in quality] == ["PF001", "PF303"], quality)
    check("gitlab: test results", reports["junit"] == "poolfit.xml" and place.has_results())
    done = place.run(lines, **variables(POOLFIT_FAIL_ON="none"))
    check("gitlab: fail-on", done.returncode == 0, done.stderr)
    done = place.run(lines, **variables(POOLFIT_INVENTORY="$(touch shell) x"))
    check("gitlab: a name is no shell's text", done.returncode == 2 and not (place.folder / "shell").exists(), done.stderr)


def of_azure(yaml, folder, release):
    template = yaml.safe_load((ROOT / "data/ci/azure.yml").read_text(encoding="utf-8"))
    names = [parameter["name"] for parameter in template["parameters"]]
    step, results_step = template["steps"]
    check("azure: no expression in a shell's text", "${{" not in step["bash"])
    used = re.findall(r"\$\{\{ parameters\.(\w+) \}\}", " ".join(step["env"].values()))
    check("azure: each parameter is used", sorted(used) == sorted(names), used)
    check("azure: results of a failed step too", results_step["condition"] == "succeededOrFailed()")
    place = Job(folder, "azure", release)

    def variables(**ours):
        parameters = {each["name"]: each.get("default") for each in template["parameters"]}
        parameters |= page_yaml(yaml, "resources")["steps"][0]["parameters"] | {"from": release.address, **ours}
        return {name: re.sub(r"\$\{\{ parameters\.(\w+) \}\}", lambda match: parameters[match[1]], value)
                for name, value in step["env"].items()}

    refuses("azure", place, step["bash"], **variables(sha256="0" * 64))
    done = place.run(step["bash"], **variables(sha256=release.sum))
    check("azure: the rolling example fails", done.returncode == 1 and "##vso[task.logissue type=error;" in done.stdout,
          done.stdout + done.stderr)
    check("azure: test results", place.has_results())


def of_jenkins(folder, release):
    [pipeline] = blocks("groovy")
    [script] = re.findall(r"sh '''\n(.*?)'''", pipeline, re.DOTALL)
    check("jenkins: brackets", pipeline.count("{") == pipeline.count("}"))
    place = Job(folder, "jenkins", release)
    given = dict(re.findall(r"^ +(POOLFIT_\w+) *= '(.*)'$", pipeline, re.MULTILINE))
    check("jenkins: variables", set(given) == {"POOLFIT_VERSION", "POOLFIT_SHA256", "POOLFIT_FROM"}, given)
    given["POOLFIT_FROM"] = release.address
    refuses("jenkins", place, script, "sh", **{**given, "POOLFIT_SHA256": "0" * 64})
    done = place.run(script, "sh", **{**given, "POOLFIT_SHA256": release.sum})
    check("jenkins: the rolling example fails", done.returncode == 1 and "error[PF001]" in done.stdout, done.stdout + done.stderr)
    check("jenkins: test results", place.has_results())


def of_the_page(yaml):
    github, gitlab, azure, hooks = (page_yaml(yaml, key) for key in ("jobs", "include", "resources", "repos"))
    for name in ("docs/ci.md", "action.yml", "data/ci/gitlab.yml", "data/ci/azure.yml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        check(f"{name}: a sum is 64 digits, not a line", "64 hexadecimal digits" in text and "the line of" not in text)
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    steps = github["jobs"]["poolfit"]["steps"]
    [step] = [step for step in steps if step.get("id") == "poolfit"]
    check("github: inputs that the action has", set(step["with"]) <= set(action["inputs"]), step["with"])
    outputs = set(re.findall(r"steps\.poolfit\.outputs\.([\w-]+)", json.dumps(steps)))
    check("github: outputs that the action has", outputs and outputs <= set(action["outputs"]), outputs)
    included = yaml.safe_load((ROOT / "data/ci/gitlab.yml").read_text(encoding="utf-8"))
    check("gitlab: variables that the file has", set(gitlab["variables"]) <= set(included["variables"]))
    check("gitlab: the file", gitlab["include"][0]["remote"].endswith("/data/ci/gitlab.yml"))
    template = yaml.safe_load((ROOT / "data/ci/azure.yml").read_text(encoding="utf-8"))
    given = set(azure["steps"][0]["parameters"])
    needed = {each["name"] for each in template["parameters"] if "default" not in each}
    check("azure: parameters", needed <= given <= {each["name"] for each in template["parameters"]}, given)
    for name in ("docs/ci.md", "docs/SKILL.md", "llms.txt"):
        page = ROOT / name
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            check(f"{name}: {link} is there", (page.parent / link).exists())
    skill = (ROOT / "docs/SKILL.md").read_text(encoding="utf-8").split("---\n")
    check("SKILL.md begins with what it is for", skill[0] == "" and set(yaml.safe_load(skill[1])) == {"name", "description"})
    return hooks


def of_pre_commit(yaml, folder, hooks):
    def run(*command, where):
        environment = {"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "HOME": str(folder / "home"), "LC_ALL": "C.UTF-8",
                       "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "n", "GIT_AUTHOR_EMAIL": "e@example.com",
                       "GIT_COMMITTER_NAME": "n", "GIT_COMMITTER_EMAIL": "e@example.com"}
        return subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, check=False, timeout=60)

    for name in ("bin", "home", "hooks", "repo"):
        (folder / name).mkdir()
    (folder / "bin/poolfit").symlink_to(BINARY)
    valid = run("pre-commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"), where=folder)
    check("pre-commit takes the hooks", valid.returncode == 0, valid.stdout + valid.stderr)
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", folder / "hooks")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "hooks"], ["tag", hooks["repos"][0]["rev"]]):
        run("git", *command, where=folder / "hooks")
    hooks["repos"][0]["repo"] = str(folder / "hooks")
    repo = folder / "repo"
    (repo / "infra").mkdir()
    shutil.copy(INVENTORY, repo / "infra/poolfit.toml")
    (repo / ".pre-commit-config.yaml").write_text(yaml.safe_dump(hooks), encoding="utf-8")
    run("git", "init", "-q", where=repo)
    run("git", "add", "-A", where=repo)
    installed = run("pre-commit", "install", where=repo)
    check("pre-commit is installed", installed.returncode == 0, installed.stdout + installed.stderr)
    done = run("git", "commit", "-qm", "too many", where=repo)
    check("a commit over a limit does not happen", done.returncode == 1 and "error[PF001]" in done.stdout + done.stderr,
          done.stdout + done.stderr)
    text = (repo / "infra/poolfit.toml").read_text(encoding="utf-8")
    (repo / "infra/poolfit.toml").write_text(text.replace("max       = 5 ", "max       = 3 "), encoding="utf-8")
    run("git", "add", "-A", where=repo)
    done = run("git", "commit", "-qm", "mended", where=repo)
    check("mended, it does", done.returncode == 0 and "Passed" in done.stdout + done.stderr, done.stdout + done.stderr)
    (repo / "other.txt").write_text("x", encoding="utf-8")
    run("git", "add", "-A", where=repo)
    done = run("git", "commit", "-qm", "other", where=repo)
    check("other files do not start it", done.returncode == 0 and "Skipped" in done.stdout + done.stderr, done.stdout + done.stderr)

    def commit(what, passes, *words, **more):
        (repo / ".pre-commit-config.yaml").write_text(yaml.safe_dump(hooks), encoding="utf-8")
        for path, text in more.pop("files").items():
            (repo / path).write_text(text, encoding="utf-8")
        run("git", "add", "-A", where=repo)
        done = run("git", "commit", "-qm", what, where=repo)
        said = done.stdout + done.stderr
        check(f"pre-commit: {what}", (done.returncode == 0) == passes and all(word in said for word in words), said)

    # The hook that validates: each file by itself, wherever it is; a flag in args; no catalog and no baseline.
    [hook] = hooks["repos"][0]["hooks"]
    own = hook.copy()
    hook.clear()
    hook["id"] = "poolfit-validate"
    good = INVENTORY.read_text(encoding="utf-8")
    commit("two that are right", True, "Passed", files={"infra/poolfit.toml": good + "# 1\n", "infra/poolfit-b.toml": good,
                                                       "infra/poolfit.catalog.json": '{"schema": "poolfit-catalog/1"}',
                                                       "infra/poolfit.baseline.json": "x"})
    commit("the first of two is wrong", False, "infra/poolfit-b.toml:1",
           files={"infra/poolfit.toml": good, "infra/poolfit-b.toml": "b = 1\n"})
    hook["args"] = ["--env=none"]
    commit("with a flag", False, "there is no environment", files={"infra/poolfit-b.toml": good + "# 2\n"})
    # The other one without args looks at the root.
    del hook["args"]
    hook["id"] = "poolfit"
    commit("no inventory at the root", False, "poolfit.toml", files={})
    # `files:` as the page has it starts the hook for what an inventory includes.
    [more] = [yaml.safe_load(block)[0] for block in blocks("yaml") if "files:" in block]
    hook |= {**own, **more}
    (repo / "infra/poolfit.toml").write_text(good.replace("max       = 5 ", "max       = 3 "), encoding="utf-8")
    run("git", "add", "-A", where=repo)
    run("git", "commit", "-qnm", "without hooks", where=repo)
    for path in ("infra/orders.toml", "infra/load.csv"):
        commit(f"{path} starts it", True, "Passed", files={path: ""})


def main():
    try:
        import yaml
    except ImportError:
        print("python3-yaml is not installed")
        return 77
    for tool in ("curl", "git", "pre-commit"):
        if not shutil.which(tool, path="/usr/bin:/bin"):
            print(f"{tool} is not installed")
            return 77
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        release = Release(folder)
        of_gitlab(yaml, folder, release)
        of_azure(yaml, folder, release)
        of_jenkins(folder, release)
        of_pre_commit(yaml, folder, of_the_page(yaml))
        release.server.shutdown()
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main())
