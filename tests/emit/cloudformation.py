#!/usr/bin/env python3
"""Reads what `poolfit emit cloudformation` writes: cloudformation.py BINARY.

It is parsed as YAML, no key is given twice, and resources have the properties that the service requires. With cfn-lint
on PATH, that finds no error in a template whose servers have, besides, what the plan does not change.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

from emitted import PARAMETERS, Tally, emit, inventories

# Names that YAML 1.1 reads as true and false, with a smaller class each.
WORDS = 'schema = "poolfit-inventory/1"\nregion = "us-east-1"\n' + "".join(f"""[[database]]
name = "{name}"
engine = "postgresql"
version = "16.8"
class = "db.r5.2xlarge"
[database.observed]
cpu_mean = "1-2%"
cpu_peak = "3%"
freeable_memory = "50 GiB"
iops = "10-20"
ebs_throughput = "1 Mbps"
network = "1 Mbps"
window = "30 d"
""" for name in ("true", "no")) + """[[service]]
name = "api"
[[service.pool]]
name = "main"
database = "true"
max = 20
in_use = "1-2"
"""
REQUIRED = {"AWS::RDS::DBInstance": set(), "AWS::RDS::DBCluster": set(),
            "AWS::RDS::DBParameterGroup": {"Description", "Family"},
            "AWS::RDS::DBProxyTargetGroup": {"DBProxyName", "TargetGroupName"}}


class Template(yaml.SafeLoader):
    """YAML with CloudFormation's short functions, and without a key that is given twice."""


def unique(loader, node):
    keys = [loader.construct_object(key) for key, _ in node.value]
    if len(set(keys)) != len(keys):
        raise yaml.YAMLError(f"a key twice: {keys}")
    return {key: loader.construct_object(value, deep=True) for key, (_, value) in zip(keys, node.value)}


Template.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, unique)
Template.add_multi_constructor("!", lambda loader, suffix, node: {suffix: loader.construct_scalar(node)})


def shapes(name, template, tally):
    for logical, resource in template["Resources"].items():
        tally.check(isinstance(logical, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", logical), f"{name}: logical id {logical}")
        missing = REQUIRED[resource["Type"]] - set(resource["Properties"])
        tally.check(not missing, f"{name}: {logical} lacks {missing}")


def classes(template):
    return {logical: each["Properties"]["DBInstanceClass"] for logical, each in template["Resources"].items()
            if "DBInstanceClass" in each["Properties"]}


def lint(name, template, folder, tally):
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::RDS::DBInstance":
            resource["Properties"] |= {"Engine": "postgres", "MasterUsername": "u", "ManageMasterUserPassword": True}
            resource["Properties"].setdefault("AllocatedStorage", "100")
            resource |= {"DeletionPolicy": "Snapshot", "UpdateReplacePolicy": "Snapshot"}
    path = pathlib.Path(folder) / f"{name}.template.yaml"
    path.write_text(yaml.safe_dump(template), encoding="utf-8")
    done = subprocess.run(["cfn-lint", "--regions", "us-east-1", "--ignore-checks", "W", "--", str(path)],
                          capture_output=True, text=True, check=False)
    tally.check(done.returncode == 0, f"{name}: cfn-lint: {done.stdout}{done.stderr}")


def main(binary):
    tally = Tally()
    binary = str(pathlib.Path(binary).resolve())
    has_lint = shutil.which("cfn-lint")
    wanted = {"multi-az": dict.fromkeys(["Orders", "OrdersR1", "OrdersR2"], "db.t3.2xlarge"),
              "mixed": {"Billing": "db.m5.large", "Shop": "db.t4g.2xlarge"}, "rolling": {},
              "agora": dict.fromkeys(["Primary", "Replica"], "db.t3.large")}
    with tempfile.TemporaryDirectory() as folder:
        parameters = pathlib.Path(folder) / "parameters.toml"
        parameters.write_text(PARAMETERS, encoding="utf-8")
        words = pathlib.Path(folder) / "words.toml"
        words.write_text(WORDS, encoding="utf-8")
        for name, inventory in [*inventories(folder), ("parameters", parameters), ("words", words)]:
            files, done = emit(binary, "cloudformation", inventory)
            template = yaml.load(files["poolfit-template.yaml"], Template)
            shapes(name, template, tally)
            found = classes(template)
            if name in wanted:
                tally.check(found == wanted[name], f"{name}: the plan's classes: {found}")
            if name == "mixed":  # Cloud SQL is no resource of CloudFormation
                tally.check(done.returncode == 1 and "bookings" in done.stderr, f"{name}: {done.stderr}")
            if name == "hostile":
                tally.check(sorted(found) == ["ShopEu1A", "ShopEu1A2"], f"{name}: {found}")
            if name == "words":
                tally.check(list(found) == ["DbTrue", "DbNo"], f"{name}: {found}")
            if name == "parameters":
                group = template["Resources"]["OrdersParameters"]["Properties"]["Parameters"]
                tally.check(list(group) == ["max_connections"] and int(group["max_connections"]) > 100, f"{name}: {group}")
            if has_lint and template["Resources"] and name != "hostile":
                lint(name, template, folder, tally)
    if not has_lint:
        print("SKIPPED: cfn-lint is not on PATH, so no template was given to it")
    return tally.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
