#!/usr/bin/env python3
"""docs/scale.md: scale.py BINARY. Shards under GNU parallel give the reports that one process gives; a pod of the Kubernetes
Job fails where its shard is missing or its report cannot be written, and not where an inventory is wrong; TOML becomes a
line with the command that the page has.

Skipped where GNU parallel is not installed.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/scale.md").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "data/install/Dockerfile").read_text(encoding="utf-8")
POOLFIT = str(pathlib.Path(sys.argv[1]).resolve())
LINES = 40


def line(i):
    return json.dumps({"id": f"shard-{i}", "inventory": {
        "schema": "poolfit-inventory/1", "region": "us-east-1",
        "ignore": [{"rule": "PF303", "reason": f"$(exit 3) ' \" {i}"}],
        "database": [{"name": f"db-{i}", "engine": "postgresql", "class": "db.t3.medium", "max_connections": 100}],
        "service": [{"name": "api", "instances": 1 + i % 4, "pool": [{"name": "main", "database": f"db-{i}",
                                                                     "max": 10}]}]}}) + "\n"


def reports(text):
    """Without the numbers of lines, which each process counts for itself."""
    return [json.loads(re.sub(r'("line": ?|<stdin>:)[0-9]+', r"\g<1>0", each)) for each in text.splitlines()]


def pods(folder):
    """What is wrong with the Job's command, with folders in place of its volumes."""
    [indent, script] = re.search(r"^( +)- \|\n((?:\1  .*\n)+)", PAGE, re.MULTILINE).groups()
    script = "\n".join(each.removeprefix(indent + "  ") for each in script.splitlines())
    for name in ("fleet", "reports", "bin"):
        (folder / name).mkdir()
        script = script.replace(f"/{name}/", f"{folder}/{name}/")
    (folder / "bin/poolfit").symlink_to(POOLFIT)
    (folder / "fleet/part-00.ndjson").write_text(line(0), encoding="utf-8")
    (folder / "fleet/part-09.ndjson").write_text("{}\n" + line(9), encoding="utf-8")
    (folder / "fleet/part-10.ndjson").write_text(line(10), encoding="utf-8")
    (folder / "reports/10.ndjson").mkdir()
    environment = {**os.environ, "PATH": f"{folder}/bin:/usr/bin:/bin"}
    for index, passes, lines, path in ((0, True, 1, ""), (9, True, 2, ""), (10, False, None, ""), (11, False, None, ""),
                                       (0, False, None, "/usr/bin:/bin")):
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False, timeout=60,
                              env={**environment, "JOB_COMPLETION_INDEX": str(index), **({"PATH": path} if path else {})})
        if (done.returncode == 0) != passes:
            yield f"pod {index}: exit {done.returncode}: {done.stderr}"
        elif passes and len((folder / f"reports/{index}.ndjson").read_text(encoding="utf-8").splitlines()) != lines:
            yield f"pod {index}: not {lines} reports"


def toml_as_line():
    """What is wrong with the command that turns TOML into a line: dates and all."""
    [command] = re.findall(r"`(python3 -c '[^`]*')`", PAGE)
    text = """schema = "poolfit-inventory/1"
region = "us-east-1"
[[ignore]]
rule = "PF303"
reason = "known"
until = 2099-01-31
[[database]]
name = "db"
engine = "postgresql"
class = "db.t3.medium"
max_connections = 100
"""
    done = subprocess.run(["sh", "-c", command], input=text, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode or len(done.stdout.splitlines()) != 1:
        return [f"TOML to JSON: {done.stderr}"]
    document = json.dumps({"id": "a", "inventory": json.loads(done.stdout)})
    report = subprocess.run([POOLFIT, "check", "--stream"], input=document, capture_output=True, text=True, check=False, timeout=60)
    answer = json.loads(report.stdout)
    ignored = [each for each in (answer["report"] or {"findings": []})["findings"] if each["rule"] == "PF303" and each["suppressed"]]
    return [] if answer["exit_code"] == 0 and ignored else [f"TOML as a line: {report.stdout}"]


def main():
    if shutil.which("parallel") is None:
        print("GNU parallel is not installed")
        return 77
    fleet = "".join(line(i) for i in range(LINES))
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "HOME": folder, "LC_ALL": "C.UTF-8"}
        run = lambda *words: subprocess.run(words, input=fleet, capture_output=True, text=True, check=True, timeout=120,
                                            env=environment, cwd=folder).stdout
        alone = reports(run(POOLFIT, "plan", "--stream"))
        shards = reports(run("parallel", "--pipe", "--keep-order", "-j2", "-N7", POOLFIT, "plan", "--stream"))
    failed = [] if len(alone) == LINES and alone == shards else ["shards differ from one process"]
    if [each["id"] for each in shards] != [f"shard-{i}" for i in range(LINES)]:
        failed.append("lines are lost, or in another order")
    with tempfile.TemporaryDirectory() as folder:
        failed += [*pods(pathlib.Path(folder)), *toml_as_line()]
    [program] = re.findall(r'^ENTRYPOINT \["(.*)"\]$', DOCKERFILE, re.MULTILINE)
    if not re.search(rf"^FROM debian:.*\nCOPY --from=\S+ {program} ", PAGE, re.MULTILINE):
        failed.append(f"the Job's image does not take {program}")
    print("\n".join([*failed, f"{9 - len(failed)} passed, {len(failed)} failed"]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
