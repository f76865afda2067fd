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

    def run(self, script, shell="bash", right=True, **variables):
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "POOLFIT_VERSION": VERSION,
                       "POOLFIT_SHA256": self.release.sum if right else "0" * 64, "POOLFIT_FROM": self.release.address,
                       "POOLFIT_INVENTORY": "infra/poolfit.toml", "POOLFIT_FAIL_ON": "error",
                       "AGENT_TEMPDIRECTORY": str(self.folder / "temporary"),
                       "COMMON_TESTRESULTSDIRECTORY": str(self.folder), **variables}
        return subprocess.run([shell, "-c", script], cwd=self.folder, env=environment, capture_output=True, text=True,
                              check=False, timeout=60)

    def has_results(self):
        root = xml.parse(self.folder / "poolfit.xml").getroot()
        return root.get("failures") == "1" and int(root.get("tests")) > 1


def refuses(what, job, script, shell="bash"):
    """Another sum, and another inventory's name than one shell would leave alone."""
    done = job.run(script, shell, right=False)
    check(f"{what}: another sum stops it", done.returncode not in (0, 2) and "FAILED" in done.stdout + done.stderr, done.stderr)
    check(f"{what}: and nothing is unpacked", not list(job.folder.rglob("poolfit-*/bin/poolfit")))


def of_gitlab(yaml, folder, release):
    job = yaml.safe_load((ROOT / "data/ci/gitlab.yml").read_text(encoding="utf-8"))["poolfit"]
    check("gitlab: what a job needs", {"stage", "image", "script", "artifacts"} <= set(job))
    reports = job["artifacts"]["reports"]
    check("gitlab: reports of a failed job too", job["artifacts"]["when"] == "always")
    lines = "set -eo pipefail\n" + "\n".join([*job["before_script"], *job["script"]])
    place = Job(folder, "gitlab", release)
    refuses("gitlab", place, lines)
    done = place.run(lines)
    check("gitlab: the rolling example fails", done.returncode == 1, done.stdout + done.stderr)
    quality = json.loads((place.folder / reports["codequality"]).read_text(encoding="utf-8"))
    check("gitlab: code quality", [issue["check_name"] for issue in quality] == ["PF001", "PF303"], quality)
    check("gitlab: test results", reports["junit"] == "poolfit.xml" and place.has_results())
    done = place.run(lines, POOLFIT_FAIL_ON="none")
    check("gitlab: fail-on", done.returncode == 0, done.stderr)
    done = place.run(lines, POOLFIT_INVENTORY="$(touch shell) x")
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
    refuses("azure", place, step["bash"])
    done = place.run(step["bash"])
    check("azure: the rolling example fails", done.returncode == 1 and "##vso[task.logissue type=error;" in done.stdout,
          done.stdout + done.stderr)
    check("azure: test results", place.has_results())


def of_jenkins(folder, release):
    [pipeline] = blocks("groovy")
    [script] = re.findall(r"sh '''\n(.*?)'''", pipeline, re.DOTALL)
    check("jenkins: brackets", pipeline.count("{") == pipeline.count("}"))
    place = Job(folder, "jenkins", release)
    refuses("jenkins", place, script, "sh")
    done = place.run(script, "sh")
    check("jenkins: the rolling example fails", done.returncode == 1 and "error[PF001]" in done.stdout, done.stdout + done.stderr)
    check("jenkins: test results", place.has_results())


def of_the_page(yaml):
    github, gitlab, azure, hooks = (yaml.safe_load(block) for block in blocks("yaml"))
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    steps = github["jobs"]["poolfit"]["steps"]
    [step] = [step for step in steps if step.get("id") == "poolfit"]
    check("github: inputs that the action has", set(step["with"]) <= set(action["inputs"]), step["with"])
    outputs = set(re.findall(r"steps\.poolfit\.outputs\.([\w-]+)", json.dumps(steps)))
    check("github: outputs that the action has", outputs and outputs <= set(action["outputs"]), outputs)
    job = yaml.safe_load((ROOT / "data/ci/gitlab.yml").read_text(encoding="utf-8"))["poolfit"]
    check("gitlab: variables that the job has", set(gitlab["variables"]) <= set(job["variables"]))
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
