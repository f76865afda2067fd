#!/usr/bin/env python3
"""Reads what `poolfit emit terraform`, `cloudformation` and `alarms` write of infrastructure: infrastructure.py BINARY.

Without other tools: CloudFormation is parsed as YAML, and resources have the properties that the service requires.
With `terraform`: each file is as `terraform fmt` writes it, and an override is merged into a configuration of the same
resources. With cfn-lint: it finds no error in a template whose servers have what the plan does not change.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

from emitted import HOSTILE, ROOT, SKIPPED, Tally, emit, inventories

REQUIRED = {"AWS::RDS::DBInstance": set(), "AWS::RDS::DBCluster": set(),
            "AWS::RDS::DBParameterGroup": {"Description", "Family"},
            "AWS::RDS::DBProxyTargetGroup": {"DBProxyName", "TargetGroupName"}}
PARAMETERS = """schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "orders"
engine = "postgresql"
version = "16.8"
class = "db.r5.2xlarge"
max_connections = 100
[[service]]
name = "api"
instances = 10
[[service.pool]]
name = "main"
database = "orders"
max = 30
in_use = "5-11"
"""


class Template(yaml.SafeLoader):
    """YAML with CloudFormation's short functions, and without a key that is given twice."""


def unique(loader, node):
    keys = [loader.construct_object(key) for key, _ in node.value]
    if len(set(keys)) != len(keys):
        raise yaml.YAMLError(f"a key twice: {keys}")
    return {key: loader.construct_object(value, deep=True) for key, (_, value) in zip(keys, node.value)}


Template.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, unique)
Template.add_multi_constructor("!", lambda loader, suffix, node: {suffix: loader.construct_scalar(node)})


def cloudformation(name, text, tally):
    template = yaml.load(text, Template)
    for logical, resource in template["Resources"].items():
        tally.check(re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", logical), f"{name}: logical id {logical}")
        missing = REQUIRED[resource["Type"]] - set(resource["Properties"])
        tally.check(not missing, f"{name}: {logical} lacks {missing}")
    return template["Resources"]


def classes(resources):
    return {logical: each["Properties"]["DBInstanceClass"] for logical, each in resources.items()
            if "DBInstanceClass" in each["Properties"]}


def lint(name, text, folder, tally):
    """cfn-lint wants what is needed for a new server."""
    template = yaml.load(text, Template)
    if not template["Resources"]:
        return
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::RDS::DBInstance":
            resource["Properties"] |= {"Engine": "postgres", "MasterUsername": "u", "ManageMasterUserPassword": True}
            resource["Properties"].setdefault("AllocatedStorage", "100")
            resource |= {"DeletionPolicy": "Snapshot", "UpdateReplacePolicy": "Snapshot"}
        for key, value in resource["Properties"].items():
            if isinstance(value, dict) and list(value) == ["Ref"]:
                resource["Properties"][key] = {"Ref": value["Ref"]}
    path = pathlib.Path(folder) / f"{name}.template.yaml"
    path.write_text(yaml.safe_dump(template), encoding="utf-8")
    done = subprocess.run(["cfn-lint", "--regions", "us-east-1", "--ignore-checks", "W", "--", str(path)],
                          capture_output=True, text=True, check=False)
    tally.check(done.returncode == 0, f"{name}: cfn-lint: {done.stdout}{done.stderr}")


def formatted(name, path, text, folder, tally):
    """As `terraform fmt` would write it; this also parses it."""
    file = pathlib.Path(folder) / (re.sub(r"\W", "_", name + path) + ".tf")
    file.write_text(text, encoding="utf-8")
    done = subprocess.run(["terraform", "fmt", "-check", "-diff", str(file)], capture_output=True, text=True, check=False,
                          env=os.environ | {"CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull})
    tally.check(done.returncode == 0, f"{name}: {path}: terraform fmt: {done.stdout}{done.stderr}")


def overridden(name, text, tally):
    """Terraform merges the override into a configuration that has the resources, and refuses it without them. Providers
    cannot be fetched here, so a provider of Terraform itself stands for theirs."""
    resources = re.findall(r'^resource "(\w+)" ("(?:[^"\\]|\\.)*")', text, re.M)
    if not resources:
        return
    for there in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            base = "".join(f"resource \"terraform_data\" {label} {{}}\n" for _, label in resources) if there else ""
            pathlib.Path(folder, "main.tf").write_text(base, encoding="utf-8")
            stand_in = re.sub(r'^resource "\w+"', 'resource "terraform_data"', text, flags=re.M)
            stand_in = re.sub(r"^  \w+ += ", "  input = ", stand_in, flags=re.M)
            pathlib.Path(folder, "poolfit_override.tf").write_text(stand_in, encoding="utf-8")
            environment = os.environ | {"CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull}
            done = subprocess.run(["terraform", f"-chdir={folder}", "init", "-backend=false", "-input=false"],
                                  capture_output=True, text=True, check=False, env=environment)
            tally.check((done.returncode == 0) == there,
                        f"{name}: an override {'merges' if there else 'makes nothing'}: {done.stdout}{done.stderr}")


def main(binary):
    tally = Tally()
    binary = str(pathlib.Path(binary).resolve())
    has_terraform, has_lint = shutil.which("terraform"), shutil.which("cfn-lint")
    with tempfile.TemporaryDirectory() as folder:
        parameters = pathlib.Path(folder) / "parameters.toml"
        parameters.write_text(PARAMETERS, encoding="utf-8")
        for name, inventory in [*inventories(folder), ("parameters", parameters)]:
            files, _ = emit(binary, "terraform", inventory)
            alarms, _ = emit(binary, "alarms", inventory)
            for path, text in {**files, **alarms}.items():
                if ".tf" in path and has_terraform:
                    formatted(name, path, text, folder, tally)
            if has_terraform and name in ("agora", "hostile"):
                overridden(name, files["poolfit_override.tf"], tally)
            template = emit(binary, "cloudformation", inventory)[0]["poolfit-template.yaml"]
            resources = cloudformation(name, template, tally)
            if name == "multi-az":
                tally.check(classes(resources) == dict.fromkeys(["Orders", "OrdersR1", "OrdersR2"], "db.t3.2xlarge"),
                            f"{name}: the plan's classes: {resources}")
                found = dict(re.findall(r'^resource "aws_db_instance" "(\w+)" {\n.*\n  instance_class = "(.*)"',
                                        files["poolfit_override.tf"], re.M))
                tally.check(found == dict.fromkeys(["orders", "orders_r1", "orders_r2"], "db.t3.2xlarge"),
                            f"{name}: the plan's classes: {files}")
            if has_lint and name in ("multi-az", "mixed", "parameters"):
                lint(name, template, folder, tally)
            if name == "hostile":
                tally.check(HOSTILE not in template and len(classes(resources)) == 2, f"{name}: {template}")
            if name == "parameters":
                tally.check("max_connections" in files.get("poolfit_fragments.tf.txt", "") and "OrdersParameters" in resources,
                            f"a raised max_connections: {files} {template}")
    for tool, found in (("terraform", has_terraform), ("cfn-lint", has_lint)):
        if not found:
            print(f"SKIPPED: {tool} is not on PATH, so its checks were not made")
    return tally.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
