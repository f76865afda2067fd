#!/usr/bin/env python3
"""Applies what `poolfit emit k8s` writes to the manifests it came from: k8s.py BINARY.

The manifests of data/examples/bookshop are imported as an inventory, and its plan is emitted as patches, which are
merged into the manifests as Kubernetes merges them. Imported again, they must have exactly the planned sizes. No two
patches are of one workload. Each
example's patches are parsed and have the fields that the API requires.
"""
import copy
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import yaml

from emitted import ROOT, Tally, emit, inventories

MANIFESTS = ROOT / "data/examples/bookshop/k8s.yaml"
# Three names that are one in Kubernetes.
SAME = """schema = "poolfit-inventory/1"
[[database]]
name = "main"
engine = "postgresql"
provider = "self-managed"
vcpus = 2
memory = "4 GiB"
max_connections = 100
""" + "".join(f"""[[service]]
name = "{name}"
instances = {{ min = 1, max = 3 }}
[[service.pool]]
name = "main"
database = "main"
max = 5
""" for name in ("a_b", "A-B", "a-b"))
# Drivers of the examples that a framework sets up from the environment.
READ = {"SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE"}
KEYS = {"containers": "name", "env": "name"}  # merge keys of lists, as the API's types have them
# What the manifests do not say: the server, and what its pools were seen to use.
SETS = ["database.orders.engine=postgresql", "database.orders.class=db.m5.large", "database.orders.version=16.8",
        "database.catalogue.class=db.m5.large", "database.catalogue.version=16.8",
        "service.checkout.pool.main.in_use=1-2", "service.mailer.pool.main.in_use=2-3",
        "service.search.pool.main.in_use=2-3"]


def merged(into, patch, key=None):
    """Kubernetes' strategic merge, for the fields that patches have."""
    if isinstance(patch, dict) and isinstance(into, dict):
        result = dict(into)
        for name, value in patch.items():
            if value is None:
                result.pop(name, None)
            else:
                result[name] = merged(result.get(name), value, name)
        return result
    if isinstance(patch, list) and isinstance(into, list) and key in KEYS:
        result = copy.deepcopy(into)
        for element in patch:
            at = [i for i, old in enumerate(result) if old[KEYS[key]] == element[KEYS[key]]]
            if at:
                result[at[0]] = merged(result[at[0]], element)
            else:
                result.append(element)
        return result
    return patch


def identity(document):
    return document["kind"], document["metadata"].get("namespace"), document["metadata"]["name"]


def run(*arguments, cwd):
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, cwd=cwd)
    if done.returncode not in (0, 1):
        raise ValueError(f"{arguments}: exit {done.returncode}: {done.stderr}")
    return done.stdout


def sizes(inventory_json):
    return {(service["name"], pool["name"]): pool.get("max")
            for service in inventory_json["service"] for pool in service.get("pool", [])}


def round_trip(binary, tally):
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "k8s.yaml").write_text(MANIFESTS.read_text(encoding="utf-8"), encoding="utf-8")
        sets = [word for each in SETS for word in ("--set", each)]
        inventory = run(binary, "import", "kubernetes", "k8s.yaml", *sets, cwd=folder)
        (work / "poolfit.toml").write_text(inventory, encoding="utf-8")
        plan = json.loads(run(binary, "plan", "--json", cwd=folder))
        planned = {(service["name"], pool["name"]): pool["recommended"]
                   for service in plan["services"] for pool in service["pools"]}
        patches = run(binary, "emit", "k8s", cwd=folder)
        manifests = yaml.safe_load((work / "k8s.yaml").read_text(encoding="utf-8"))
        there = {identity(item): i for i, item in enumerate(manifests["items"])}
        for patch in yaml.safe_load_all(patches):
            if patch is None:
                continue
            if not tally.check(identity(patch) in there, f"{identity(patch)} is one of the manifests"):
                continue
            at = there[identity(patch)]
            manifests["items"][at] = merged(manifests["items"][at], patch)
        # JSON is YAML, and keeps every value as it is.
        (work / "patched").mkdir()
        (work / "patched/k8s.yaml").write_text(json.dumps(manifests), encoding="utf-8")
        again = json.loads(run(binary, "import", "kubernetes", "patched/k8s.yaml", *SETS_ENGINE, "--json", cwd=folder))
        found = sizes(again)
        tally.check(len(planned) == 3 and all(planned.values()), f"the plan has sizes: {planned}")
        for pool, size in planned.items():
            tally.check(found.get(pool) == size, f"{pool}: planned {size}, imported {found.get(pool)}\n{patches}")
        before = sizes(json.loads(run(binary, "import", "kubernetes", "k8s.yaml", *SETS_ENGINE, "--json", cwd=folder)))
        tally.check(before != found, f"the patches change something: {before}")
        surge = manifests["items"][0]["spec"]["strategy"]["rollingUpdate"]
        tally.check(surge == {"maxSurge": "25%", "maxUnavailable": "25%"}, f"what a patch leaves out stays: {surge}")
        scaler = [item for item in manifests["items"] if item["kind"] == "HorizontalPodAutoscaler"][0]["spec"]
        tally.check((scaler["minReplicas"], scaler["maxReplicas"]) == (4, 10), f"bounds of the plan: {scaler}")


SETS_ENGINE = ["--set", "database.orders.engine=postgresql"]


def shapes(name, text, tally):
    for document in yaml.safe_load_all(text):
        if document is None:
            continue
        tally.check(set(document) == {"apiVersion", "kind", "metadata", "spec"} and document["spec"],
                    f"{name}: {document}")
        if document["kind"] == "HorizontalPodAutoscaler":
            tally.check(0 < document["spec"]["maxReplicas"] and
                        document["spec"].get("minReplicas", 1) <= document["spec"]["maxReplicas"], f"{name}: {document}")
            continue
        for container in document["spec"].get("template", {}).get("spec", {}).get("containers", []):
            for variable in container["env"]:
                tally.check(isinstance(variable["value"], str) and re.fullmatch(r"[A-Z_][A-Z0-9_]*", variable["name"]),
                            f"{name}: {variable}")


def named(binary, name, inventory, text, done, tally):
    """Each size is a variable that something reads, or missing: in the file, on standard error and in the JSON."""
    variables = {variable["name"] for document in yaml.safe_load_all(text) if document
                 for container in document["spec"].get("template", {}).get("spec", {}).get("containers", [])
                 for variable in container["env"]}
    tally.check(variables <= READ, f"{name}: made up: {variables}")
    missing = json.loads(run(binary, "emit", "k8s", str(inventory), "--json", cwd=ROOT))["missing"]
    whats = [each["what"] for each in missing]
    tally.check(whats and done.returncode == 1 or not whats and done.returncode == 0, f"{name}: exit {done.returncode}")
    for each in missing:
        tally.check(f"# MISSING: {each['what']} " in text and "set_in" in each["fix"], f"{name}: {each}")
    tally.check(bool(whats) == (name != "rolling"), f"{name}: {whats}")


def one_workload(binary, folder, tally):
    """The first has the name, unless another's manifest is known; the others are missing."""
    known = SAME.replace('name = "a-b"', 'name = "a-b"  # from k8s.yaml: Deployment = a-b')
    for inventory, owner, others in ((SAME, "a_b", ["A-B", "a-b"]), (known, "a-b", ["a_b", "A-B"])):
        path = pathlib.Path(folder) / "same.toml"
        path.write_text(inventory, encoding="utf-8")
        files, done = emit(binary, "k8s", path)
        text = files["poolfit-patches.yaml"]
        found = [identity(each) for each in yaml.safe_load_all(text) if each]
        wanted = [("Deployment", None, "a-b"), ("HorizontalPodAutoscaler", None, "a-b")]
        tally.check(found == wanted and f" sets {owner}.main to 5 " in text, f"one patch, of {owner}: {found}\n{text}")
        for other in others:
            tally.check(f"# MISSING: the workload of {other}: " in text and f"{other}.main" not in text, f"{other}: {text}")
        tally.check(done.returncode == 1 and done.stderr.count("name its manifest") == 2, f"{done.returncode}: {done.stderr}")


OWN = """schema = "poolfit-inventory/1"
[[database]]
name = "db"
engine = "postgresql"
provider = "self-managed"
vcpus = 2
memory = "4 GiB"
max_connections = 100
[[service]]
name = "web"
[[service.pool]]
name = "main"
database = "db"
driver = "pg"
max = 5
"""
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          env:
            - {name: DATABASE_URL, value: "postgres://u@db.example/main"}
            - {name: DB_POOL_SIZE, value: "5"}
"""


def typed(binary, folder, tally):
    """What the fix says, typed: the variable has its name."""
    work = pathlib.Path(folder) / "typed $(x)"
    work.mkdir()
    inventory = work / "own.toml"
    inventory.write_text(OWN, encoding="utf-8")
    (work / "k8s.yaml").write_text(DEPLOYMENT, encoding="utf-8")

    def missing():
        return json.loads(run(binary, "emit", "k8s", str(inventory), "--json", cwd=work))["missing"]

    fixes = [each["fix"] for each in missing()]
    found = re.search(r"remove its max, and (poolfit import kubernetes FILE --into .*) names it; if ", "\n".join(fixes))
    if not tally.check(len(fixes) == 1 and found, f"the fix is a command: {fixes}"):
        return
    inventory.write_text(OWN.replace("max = 5\n", ""), encoding="utf-8")
    words = shlex.split(found[1].replace("FILE", "k8s.yaml"))[1:]
    run(binary, *words, "--map", "db.example=db", cwd=work)
    tally.check(missing() == [], f"the variable is known: {inventory.read_text(encoding='utf-8')}")
    inventory.write_text(OWN + 'set_in = "code"\n', encoding="utf-8")
    tally.check(missing() == [], "a size that is set in code has no variable")


def main(binary):
    tally = Tally()
    binary = str(pathlib.Path(binary).resolve())
    with tempfile.TemporaryDirectory() as folder:
        for name, inventory in inventories(folder):
            files, done = emit(binary, "k8s", inventory)
            if not tally.check(list(files) == ["poolfit-patches.yaml"], f"{name}: {done.stderr}"):
                continue
            shapes(name, files["poolfit-patches.yaml"], tally)
            named(binary, name, inventory, files["poolfit-patches.yaml"], done, tally)
            if name == "hostile":
                names = {each["metadata"]["name"] for each in yaml.safe_load_all(files["poolfit-patches.yaml"]) if each}
                tally.check(names == {"shop.eu-1-a"}, f"names that Kubernetes takes: {names}")
        one_workload(binary, folder, tally)
        typed(binary, folder, tally)
    round_trip(binary, tally)
    return tally.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
