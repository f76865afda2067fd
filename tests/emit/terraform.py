#!/usr/bin/env python3
"""Reads the Terraform that `poolfit emit terraform` and `emit alarms` write: terraform.py BINARY.

HCL's own parser (hcl2json, which npm fetches) parses each file, and finds the plan's classes. Where terraform is on PATH,
each file is as `terraform fmt` writes it, and an override is merged into a configuration of the same resources and
refused without them. Exit 77 where neither can be had.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from emitted import CLOUDS, PARAMETERS, SKIPPED, Tally, emit, inventories, npm, packages

HERE = pathlib.Path(__file__).parent / "hcl"
ENVIRONMENT = os.environ | {"CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull}


# 900 IOPS on a disk that always gives 500: 256 GiB give 1,100. The other is enough as it is.
AZURE = """schema = "poolfit-inventory/1"
provider = "azure"
region = "westeurope"
""" + "".join(f"""[[database]]
name = "{name}"
engine = "postgresql"
version = "16"
class = "Standard_D8ds_v4"
[database.observed]
cpu_mean = "20-25%"
cpu_peak = "40%"
freeable_memory = "12 GiB"
iops = "{iops}"
ebs_throughput = "1-2 Mbps"
window = "30 d"
[database.storage]
{storage}
""" for name, iops, storage in (("ledger", "450-900", 'type = "premium-ssd"\nsize = "128 GiB"'),
                                 ("kept", "45-90", 'type = "premium-ssd"\nsize = "128 GiB"'))) + """[[service]]
name = "api"
[[service.pool]]
name = "a"
database = "ledger"
max = 5
in_use = "1-2"
"""


def parser(binary, folder):
    """The command that parses files, or why there is none."""
    try:
        modules = packages(binary, "hcl", "hcl2json")
    except npm.Missing as why:
        return None, str(why)
    pathlib.Path(folder, "node_modules").symlink_to(modules / "node_modules")
    shutil.copy(HERE / "parse.js", folder)
    return ["node", str(pathlib.Path(folder) / "parse.js")], None


def formatted(name, file, tally):
    done = subprocess.run(["terraform", "fmt", "-check", "-diff", str(file)], capture_output=True, text=True, check=False,
                          env=ENVIRONMENT)
    tally.check(done.returncode == 0, f"{name}: {file.name}: terraform fmt: {done.stdout}{done.stderr}")


def overridden(name, text, tally):
    """Providers are not fetched here, so terraform_data of Terraform itself stands for their resources."""
    labels = re.findall(r'^resource "\w+" ("\w+")', text, re.M)
    stand_in = re.sub(r'^resource "\w+"', 'resource "terraform_data"', text, flags=re.M)
    stand_in = re.sub(r"^  \w+ += ", "  input = ", stand_in, flags=re.M)
    for there in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            base = "".join(f'resource "terraform_data" {label} {{}}\n' for label in labels) if there else ""
            pathlib.Path(folder, "main.tf").write_text(base, encoding="utf-8")
            pathlib.Path(folder, "poolfit_override.tf").write_text(stand_in, encoding="utf-8")
            done = subprocess.run(["terraform", f"-chdir={folder}", "init", "-backend=false", "-input=false"],
                                  capture_output=True, text=True, check=False, env=ENVIRONMENT)
            tally.check((done.returncode == 0) == there,
                        f"{name}: an override {'merges' if there else 'makes nothing'}: {done.stdout}{done.stderr}")


def servers(document, kind, argument):
    return {name: bodies[0][argument] for name, bodies in document.get("resource", {}).get(kind, {}).items()
            if argument in bodies[0]}


def parsed(documents, tally):
    """The plan's classes, by hand from `poolfit plan`."""
    of = {name: servers(documents[name, "poolfit_override.tf"], "aws_db_instance", "instance_class")
          for name in ("agora", "multi-az", "mixed", "hostile")}
    tally.check(of["agora"] == dict.fromkeys(["primary", "replica"], "db.t3.large"), f"agora: {of}")
    tally.check(of["multi-az"] == dict.fromkeys(["orders", "orders_r1", "orders_r2"], "db.t3.2xlarge"), f"multi-az: {of}")
    tally.check(of["mixed"] == {"billing": "db.m5.large", "shop": "db.t4g.2xlarge"}, f"mixed: {of}")
    tally.check(sorted(of["hostile"]) == ["shop_eu_1_a", "shop_eu_1_a2"], f"hostile: {of}")
    google = documents["mixed", "poolfit_fragments.tf.txt"]["resource"]["google_sql_database_instance"]["bookings"]
    tally.check(google == [{"settings": [{"tier": "db-custom-6-23040"}]}], f"mixed: {google}")
    group = documents["parameters", "poolfit_fragments.tf.txt"]["resource"]["aws_db_parameter_group"]["orders"][0]
    tally.check(group["parameter"][0]["name"] == "max_connections" and int(group["parameter"][0]["value"]) > 100,
                f"parameters: {group}")
    azure = servers(documents["clouds", "poolfit_override.tf"], "azurerm_postgresql_flexible_server", "sku_name")
    tally.check(list(azure) == ["ledger"] and re.fullmatch(r"GP_Standard_D\d+ds_v\d", azure["ledger"]), f"clouds: {azure}")
    disks = servers(documents["azure", "poolfit_override.tf"], "azurerm_postgresql_flexible_server", "storage_mb")
    tally.check(disks == {"ledger": 256 * 1024}, f"azure: the size of a disk, in MiB: {disks}")
    alarms = documents["multi-az", "cloudwatch-alarms.tf"]["resource"]["aws_cloudwatch_metric_alarm"]
    page = alarms["orders_connections_page"][0]
    tally.check((page["threshold"], page["dimensions"]) == (3237, {"DBInstanceIdentifier": "orders"}), f"alarms: {page}")


def applied(name, made, done, tally):
    """When a change is made is said for each kind of server that changes, and for no other."""
    for text in made.values():
        changed = set(re.findall(r'^resource "(aws_db_instance|google_sql_database_instance|azurerm_postgresql_flexible_server)"',
                                 "\n".join(made.values()), re.M))
        said = dict(re.findall(r"^# (\w+): a change (.*)", text, re.M))
        tally.check(changed <= set(said), f"{name}: {changed} and {said}")
        for resource, when in said.items():
            tally.check(("apply_immediately" in when) == resource.startswith("aws_"), f"{name}: {resource}: {when}")
    if name == "multi-az":
        text = made["poolfit_override.tf"]
        order = [line.split(". ", 1)[1].split(":")[0] for line in text.splitlines() if re.match(r"#   \d\. ", line)]
        tally.check(order == ["orders", "orders-r1", "orders-r2", "pools, conservative"] and "-target=" in text, f"order: {order}")
    if name == "azure":
        text = made["poolfit_override.tf"]
        tally.check(done.returncode == 0 and "P15 or higher" in text and "storage_tier =" not in text, f"azure: {text}")


def main(binary):
    tally = Tally()
    binary = str(pathlib.Path(binary).resolve())
    has_terraform = shutil.which("terraform")
    with tempfile.TemporaryDirectory() as folder:
        command, reason = parser(binary, folder)
        if command is None and not has_terraform:
            print(f"SKIPPED: terraform is not on PATH, and {reason}")
            return SKIPPED
        parameters = pathlib.Path(folder) / "parameters.toml"
        parameters.write_text(PARAMETERS, encoding="utf-8")
        clouds = pathlib.Path(folder) / "clouds.toml"
        clouds.write_text(CLOUDS, encoding="utf-8")
        azure = pathlib.Path(folder) / "azure.toml"
        azure.write_text(AZURE, encoding="utf-8")
        files = {}
        for number, (name, inventory) in enumerate([*inventories(folder), ("parameters", parameters), ("clouds", clouds),
                                                     ("azure", azure)]):
            for kind in ("terraform", "alarms"):
                made, done = emit(binary, kind, inventory)
                if kind == "terraform":
                    applied(name, made, done, tally)
                for path, text in made.items():
                    if ".tf" not in path:
                        continue
                    files[name, path] = file = pathlib.Path(folder) / f"{number}_{path.split('.')[0]}.tf"
                    file.write_text(text, encoding="utf-8")
                    if has_terraform:
                        formatted(name, file, tally)
                    if has_terraform and path == "poolfit_override.tf" and name in ("agora", "hostile"):
                        overridden(name, text, tally)
        if command is not None:
            done = subprocess.run([*command, *map(str, files.values())], capture_output=True, text=True, check=False)
            if tally.check(done.returncode == 0, f"hcl2json: {done.stderr}"):
                documents = json.loads(done.stdout)
                parsed({key: documents[str(file)] for key, file in files.items()}, tally)
    if command is None:
        print(f"SKIPPED: HCL's own parser: {reason}")
    if not has_terraform:
        print("SKIPPED: terraform is not on PATH, so its format and its merging were not asked")
    return tally.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
