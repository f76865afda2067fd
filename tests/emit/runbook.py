#!/usr/bin/env python3
"""Runs what `poolfit emit runbook` writes against a fake AWS CLI: runbook.py BINARY.

bash parses each script; of multi-az, all steps run in the plan's order, and the calls are those that the plan means: a
snapshot before each class, the classes of the plan, the way back. Checks that do not hold stop it before a
change. Names of servers may be anything.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from emitted import CLOUDS, DOTTED, ROOT, Tally, emit, inventories

FAKE = pathlib.Path(__file__).with_name("fake_clouds.py")


class Machine:
    """A folder with a runbook and the fake programs."""

    def __init__(self, folder, script, today, clusters=None):
        self.folder = pathlib.Path(folder)
        self.log, self.state = self.folder / "log", self.folder / "state"
        self.set(today, clusters=clusters or {})
        programs = self.folder / "bin"
        programs.mkdir(exist_ok=True)
        for name in ("aws", "gcloud", "az"):
            (programs / name).write_text(f"#!/bin/sh\nexec {sys.executable} -I -S {FAKE} {name} \"$@\"\n", encoding="utf-8")
            (programs / name).chmod(0o755)
        self.script = self.folder / "runbook.sh"
        self.script.write_text(script, encoding="utf-8")
        self.environment = {"PATH": f"{programs}:/usr/bin:/bin", "FAKE_LOG": str(self.log), "LC_ALL": "C.UTF-8",
                            "FAKE_STATE": str(self.state), "YES": "1", "DONE": "1", "PAUSE": "0", "GROUP": "g"}

    def set(self, today, clusters=None, pending=0, offered=1, values=None):
        self.state.write_text(json.dumps({"classes": {}, "default": today, "clusters": clusters or {},
                                          "pending": pending, "offered": offered, "values": values or {}}),
                              encoding="utf-8")

    def run(self, *arguments, answers="", **environment):
        self.log.write_text("", encoding="utf-8")
        done = subprocess.run(["bash", str(self.script), *arguments], capture_output=True, text=True, check=False,
                              input=answers, env=self.environment | environment, cwd=self.folder, timeout=60)
        calls = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]
        return done, calls

    def classes(self):
        return json.loads(self.state.read_text(encoding="utf-8"))["classes"]


def value(call, option):
    return call[call.index(option) + 1]


def changes(calls):
    return [call for call in calls if call[1] not in
            ("describe-db-instances", "describe-pending-maintenance-actions", "describe-orderable-db-instance-options",
             "get-metric-statistics", "wait")]


def multi_az(binary, tally):
    """The plan: three classes from db.r5.2xlarge to db.t3.2xlarge, and then pools."""
    files, _ = emit(binary, "runbook", ROOT / "data/examples/multi-az/poolfit.toml")
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(folder, files["runbook.sh"], "db.r5.2xlarge")
        done, calls = machine.run()
        tally.check(done.returncode == 0 and not calls, "list calls nothing")
        steps = done.stdout.splitlines()
        planned = subprocess.run([binary, "plan", str(ROOT / "data/examples/multi-az/poolfit.toml"), "--json"],
                                 capture_output=True, text=True, check=True)
        titles = [f"{phase['phase']}. {phase['title']}" for phase in json.loads(planned.stdout)["phases"]]
        tally.check(len(titles) == 4 and steps == titles, f"the plan's phases: {steps}")

        done, calls = machine.run("check")
        tally.check(done.returncode == 0 and not changes(calls), f"check changes nothing: {done.stdout}{done.stderr}")

        done, calls = machine.run("all")
        tally.check(done.returncode == 0, f"all runs: {done.stdout}{done.stderr}")
        made = [(call[1], value(call, "--db-instance-identifier")) for call in changes(calls)]
        wanted = [(verb, server) for server in ("orders", "orders-r1", "orders-r2")
                  for verb in ("create-db-snapshot", "modify-db-instance")]
        tally.check(made == wanted, f"a snapshot before each class, in the plan's order: {made}")
        tally.check(set(machine.classes().values()) == {"db.t3.2xlarge"} and len(machine.classes()) == 3,
                    f"the plan's classes: {machine.classes()}")
        tally.check(all(value(call, "--region") == "us-east-1" for call in calls), "each call names the region")

        done, calls = machine.run("watch", "1")
        tally.check(done.returncode == 0 and not changes(calls), f"watch: {done.stdout}{done.stderr}")
        # 80 % of 3,408 usable connections on db.t3.2xlarge.
        tally.check("at most 2726" in done.stdout, f"the plan's limit of connections: {done.stdout}")
        machine.set("db.t3.2xlarge", values={"DatabaseConnections": 2727})
        done, _ = machine.run("watch", "1")
        tally.check(done.returncode == 1 and "over 2726" in done.stdout, f"one more is reported: {done.stdout}")

        done, calls = machine.run("undo", "1")
        tally.check(done.returncode == 0 and machine.classes() == {"orders": "db.r5.2xlarge"},
                    f"undo goes back to today's class: {done.stdout}{done.stderr}")

        machine.set("db.r5.2xlarge")
        done, calls = machine.run("run", "1", WHEN="window")
        tally.check(done.returncode == 0 and "--no-apply-immediately" in calls[-1] and not machine.classes(),
                    "WHEN=window leaves it to the window")
        for reason, state in (("another class", {"today": "db.r5.large"}), ("not offered", {"offered": 0}),
                              ("pending", {"pending": 1}), ("connections", {"values": {"DatabaseConnections": 3409}}),
                              ("a value is not known", {"values": {"DatabaseConnections": "None"}})):
            machine.set(**({"today": "db.r5.2xlarge"} | state))
            done, calls = machine.run("run", "1")
            tally.check(done.returncode == 1 and not changes(calls) and "nothing was changed" in done.stderr,
                        f"{reason} stops it before a change: {done.stdout}{done.stderr}")
        machine.set("db.r5.2xlarge")
        done, calls = machine.run("run", "1", DONE="")
        tally.check(done.returncode == 1 and "not confirmed" in done.stderr and not machine.classes(),
                    f"YES does not answer for a person: {done.stdout}{done.stderr}")
        machine.set("db.r5.2xlarge")
        done, calls = machine.run("watch", "1", SINCE="2999-01-01T00:00:00Z")
        starts = [value(call, "--start-time") for call in calls if call[1] == "get-metric-statistics"]
        latest = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 180))
        tally.check(starts and min(starts) > latest, f"SINCE is how far watch looks back: {starts[:1]}")
        done, calls = machine.run("run", "1", answers="n\n", YES="")
        tally.check(done.returncode == 1 and not changes(calls), "no is no")
        done, calls = machine.run("run", "1", answers="", YES="")
        tally.check(done.returncode == 1 and not changes(calls), "no answer is no")
        for wrong in (["run"], ["run", "5"], ["run", "0"], ["run", "x"], ["walk"]):
            done, calls = machine.run(*wrong)
            tally.check(done.returncode == 2 and not calls and "usage" in done.stderr, f"{wrong} is refused")


def cluster(binary, tally):
    """Of an Aurora cluster the snapshot is the cluster's."""
    with tempfile.TemporaryDirectory() as folder:
        inventory = pathlib.Path(folder) / "poolfit.toml"
        text = (ROOT / "data/examples/multi-az/poolfit.toml").read_text(encoding="utf-8")
        inventory.write_text(text.replace('"postgresql"', '"aurora-postgresql"', 1).replace("multi_az          = true", "")
                             .replace('version           = "16.8"', 'version           = "16.6"'), encoding="utf-8")
        files, done = emit(binary, "runbook", inventory)
        if not tally.check("runbook.sh" in files, f"a cluster has a runbook: {done.stderr}"):
            return
        machine = Machine(folder, files["runbook.sh"], "db.r5.2xlarge", {"orders": "c", "orders-r1": "c", "orders-r2": "c"})
        done, calls = machine.run("all")
        made = {call[1] for call in changes(calls)}
        tally.check(done.returncode == 0 and made <= {"create-db-cluster-snapshot", "modify-db-instance"},
                    f"{made}: {done.stdout}{done.stderr}")


def clouds(binary, tally):
    """Of three providers: gcloud changes the machine of Cloud SQL, az a size, and their checks hold."""
    with tempfile.TemporaryDirectory() as folder:
        inventory = pathlib.Path(folder) / "poolfit.toml"
        inventory.write_text(CLOUDS, encoding="utf-8")
        files, done = emit(binary, "runbook", inventory)
        if not tally.check("runbook.sh" in files, f"clouds: {done.stderr}"):
            return
        machine = Machine(folder, files["runbook.sh"], "")
        state = json.loads(machine.state.read_text(encoding="utf-8"))
        state["classes"] = {"bookings": "db-custom-8-32768", "ledger": "Standard_D8ds_v4"}
        machine.state.write_text(json.dumps(state), encoding="utf-8")
        done, calls = machine.run("all")
        tally.check(done.returncode == 0, f"clouds: {done.stdout}{done.stderr}")
        plan = json.loads(subprocess.run([binary, "plan", str(inventory), "--json"], capture_output=True, text=True,
                                         check=True).stdout)
        planned = {each["name"]: each["recommendation"]["class"] for each in plan["databases"]}
        tally.check(machine.classes() == planned and set(planned.values()).isdisjoint(state["classes"].values()),
                    f"clouds: {machine.classes()}, planned {planned}")
        updates = [call for call in calls if call[0] == "az" and "update" in call]
        tally.check(len(updates) == 1 and value(updates[0], "--tier") == "GeneralPurpose" and
                    value(updates[0], "--resource-group") == "g", f"clouds: {updates}")
        backups = [call[:4] for call in calls if "backups" in call or "backup" in call]
        tally.check(len(backups) == 2, f"clouds: a backup before each change: {backups}")
        failing_clouds(machine, tally)
        done, calls = machine.run("all", GROUP="")
        tally.check(done.returncode == 1 and "GROUP" in done.stderr, "az needs a resource group")


def failing(binary, tally):
    """Without credentials each check says NOT and the next one runs; a change that fails says what was changed before."""
    files, _ = emit(binary, "runbook", ROOT / "data/examples/multi-az/poolfit.toml")
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(folder, files["runbook.sh"], "db.r5.2xlarge")
        good, calls = machine.run("check", "1")
        wanted = good.stdout.count("  ok ")
        done, tried = machine.run("check", "1", FAKE_FAIL="all")
        lost = done.stdout.count("  NOT ")
        tally.check(done.returncode == 1 and lost == wanted > 4 and len(tried) == len(calls) and "  ok " not in done.stdout and
                    f"stopped: {lost} checks do not hold" in done.stderr, f"each check fails: {done.stdout}{done.stderr}")
        done, _ = machine.run("check", FAKE_FAIL="all")
        tally.check(done.returncode == 1 and done.stdout.count("check ") >= 4, f"all steps are checked: {done.stdout}")
        done, _ = machine.run("watch", "1", FAKE_FAIL="all")
        tally.check(done.returncode == 1 and "stopped: " in done.stderr, f"watch: {done.stdout}{done.stderr}")
        done, tried = machine.run("run", "1", FAKE_FAIL="all")
        tally.check(done.returncode == 1 and not changes(tried) and "stopped: check 1: " in done.stderr and
                    "nothing was changed" in done.stderr, f"run: {done.stderr}")
        done, _ = machine.run("run", "1", FAKE_FAIL="modify-db-instance")
        tally.check(done.returncode == 255 and "stopped: run 1: exit status 255" in done.stderr and
                    "changed before that:\n  snapshot poolfit-orders-" in done.stderr and
                    "may have been changed: class of orders: db.t3.2xlarge" in done.stderr and
                    "nothing was changed" not in done.stderr, f"a change fails: {done.stderr}")
        done, _ = machine.run("run", "1", FAKE_FAIL="db-instance-available")
        tally.check(done.returncode == 255 and "\n  class of orders: db.t3.2xlarge" in done.stderr and
                    "may have" not in done.stderr, f"what follows a change fails: {done.stderr}")
        tally.check("export AWS_PAGER=" in files["runbook.sh"], "no pager is opened")


def failing_clouds(machine, tally):
    done, tried = machine.run("check", "1", FAKE_FAIL="all")
    tally.check(done.returncode == 1 and len(tried) > 2 and "  ok " not in done.stdout and
                "stopped: " in done.stderr, f"clouds without credentials: {done.stdout}{done.stderr}")
    done, tried = machine.run("check", FAKE_FAIL="all")
    tally.check(done.returncode == 1 and {call[0] for call in tried} >= {"gcloud", "az"} and "  ok " not in done.stdout and
                all(f"{what} of bookings: not known" in done.stdout for what in ("state", "scheduled maintenance")) and
                "state of ledger: not known" in done.stdout, f"clouds without credentials: {done.stdout}{done.stderr}")
    script = machine.script.read_text(encoding="utf-8")
    for option in ("CLOUDSDK_CORE_DISABLE_PROMPTS=1", "AZURE_CORE_DISABLE_CONFIRM_PROMPT=true"):
        tally.check(f"export {option}" in script, f"{option} is set")


def hostile(machine, tally):
    done, calls = machine.run("all")
    servers = {value(call, "--db-instance-identifier") for call in changes(calls)}
    tally.check(done.returncode == 0, f"runs with hostile names: {done.stdout}{done.stderr}")
    tally.check(servers == {DOTTED, DOTTED + "2"}, f"names arrive as they are: {servers}")
    tally.check(not (machine.folder / "owned").exists(), "no name is run")


def main(binary):
    tally = Tally()
    binary = str(pathlib.Path(binary).resolve())
    with tempfile.TemporaryDirectory() as folder:
        for name, inventory in inventories(folder):
            files, done = emit(binary, "runbook", inventory)
            if not tally.check(list(files) == ["runbook.sh"], f"{name}: {done.stderr}"):
                continue
            with tempfile.TemporaryDirectory() as own:
                machine = Machine(own, files["runbook.sh"], "db.r5.2xlarge")
                parsed = subprocess.run(["bash", "-n", str(machine.script)], capture_output=True, text=True, check=False)
                tally.check(parsed.returncode == 0, f"{name}: bash -n: {parsed.stderr}")
                done, calls = machine.run("list")
                tally.check(done.returncode == 0 and not calls, f"{name}: list: {done.stderr}")
                if name == "hostile":
                    hostile(machine, tally)
    multi_az(binary, tally)
    cluster(binary, tally)
    clouds(binary, tally)
    failing(binary, tally)
    return tally.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
