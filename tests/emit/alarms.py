#!/usr/bin/env python3
"""Holds what `poolfit emit alarms` writes to its consumers: alarms.py BINARY.

promtool checks the rules, and each expression of the dashboard inside a rule; a series over the limit fires, one below
it does not. The commands for CloudWatch run against a fake AWS CLI, and have what put-metric-alarm requires; without
topics they stop, unless they are told not to. Terraform has the same alarms. Every threshold is one of the plan's.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

from emitted import DOTTED, OWN, ROOT, SKIPPED, Tally, emit, inventories

FAKE = pathlib.Path(__file__).with_name("fake_clouds.py")
REQUIRED = ["--alarm-name", "--alarm-description", "--namespace", "--metric-name", "--dimensions", "--statistic",
            "--period", "--evaluation-periods", "--threshold", "--comparison-operator"]


def promtool(folder, *arguments):
    return subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False, cwd=folder)


def rules_of(text):
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def checked(name, files, folder, tally):
    path = pathlib.Path(folder) / "rules.yaml"
    path.write_text(files["prometheus-rules.yaml"], encoding="utf-8")
    done = promtool(folder, "check", "rules", "rules.yaml")
    tally.check(done.returncode == 0, f"{name}: promtool check rules: {done.stdout}{done.stderr}")
    dashboard = json.loads(files["grafana-dashboard.json"])
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    wrapping = {"groups": [{"name": "dashboard", "rules": [{"record": f"panel:{i}", "expr": expression}
                                                          for i, expression in enumerate(expressions)]}]}
    (pathlib.Path(folder) / "panels.yaml").write_text(json.dumps(wrapping), encoding="utf-8")
    done = promtool(folder, "check", "rules", "panels.yaml")
    tally.check(expressions and done.returncode == 0, f"{name}: the dashboard's expressions: {done.stdout}{done.stderr}")


def escaped(text):
    return json.dumps(text, ensure_ascii=False)


def fires(name, server, series, limit, alert, folder, tally):
    """Of `series` at the limit nothing fires, above it the alert does, for this server alone."""
    inputs, tests = '{}{{dimension_DBInstanceIdentifier={}}}', []
    for value, wanted in ((limit, 0), (limit + 1, 1)):
        tests.append({
            "interval": "1m",
            "input_series": [
                {"series": inputs.format(series, escaped(server)), "values": f"{value}x120"},
                {"series": inputs.format(series, escaped("another")), "values": f"{limit * 10}x120"}],
            "promql_expr_test": [{
                "expr": f'count(ALERTS{{alertname="{alert}",alertstate="firing"}}) or vector(0)',
                "eval_time": "60m", "exp_samples": [{"labels": "{}", "value": wanted}]}]})
    document = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": tests}
    (pathlib.Path(folder) / "tests.yaml").write_text(json.dumps(document), encoding="utf-8")
    done = promtool(folder, "test", "rules", "tests.yaml")
    tally.check(done.returncode == 0, f"{name}: {alert} at {limit}: {done.stdout}{done.stderr}")


def charges(server, folder, tally):
    """Surplus credits of five minutes fire for an hour, whatever follows."""
    alert = 'count(ALERTS{alertname="PoolfitSurplusCreditsWarning",alertstate="firing"}) or vector(0)'
    series = f"aws_rds_cpusurplus_credits_charged_sum{{dimension_DBInstanceIdentifier={escaped(server)}}}"
    document = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [{
        "interval": "5m", "input_series": [{"series": series, "values": "0x6 3 0x40"}],  # 3 at 35 minutes
        "promql_expr_test": [{"expr": alert, "eval_time": at, "exp_samples": [{"labels": "{}", "value": wanted}]}
                             for at, wanted in (("30m", 0), ("40m", 1), ("90m", 1), ("110m", 0))]}]}
    (pathlib.Path(folder) / "tests.yaml").write_text(json.dumps(document), encoding="utf-8")
    done = promtool(folder, "test", "rules", "tests.yaml")
    tally.check(done.returncode == 0, f"{server}: surplus credits: {done.stdout}{done.stderr}")


def cloudwatch(name, files, folder, tally):
    """The calls of the script, as the AWS CLI gets them; {alarm's name: call}."""
    work = pathlib.Path(folder)
    log, state, script = work / "log", work / "state", work / "alarms.sh"
    log.write_text("", encoding="utf-8")
    state.write_text("{}", encoding="utf-8")
    (work / "aws").write_text(f"#!/bin/sh\nexec {sys.executable} -I -S {FAKE} aws \"$@\"\n", encoding="utf-8")
    (work / "aws").chmod(0o755)
    script.write_text(files["cloudwatch-alarms.sh"], encoding="utf-8")

    def called(**topics):
        return subprocess.run(["bash", str(script)], capture_output=True, text=True, check=False, cwd=folder,
                              env={"PATH": f"{folder}:/usr/bin:/bin", "FAKE_LOG": str(log), "FAKE_STATE": str(state),
                                   "LC_ALL": "C.UTF-8", **topics})

    for topics in ({}, {"PAGE_ARN": "arn:page"}, {"WARN_ARN": "arn:warn"}):
        done = called(**topics)
        tally.check(done.returncode == 2 and "WARN_ARN" in done.stderr and not log.read_text(encoding="utf-8"),
                    f"{name}: stops with {topics}: {done.returncode}, {done.stderr}")
    done = called(PAGE_ARN="arn:page", NO_ACTIONS="1")
    tally.check(done.returncode == 0, f"{name}: {done.stdout}{done.stderr}")
    alarms = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        call = json.loads(line)
        options = dict(zip(call[2::2], call[3::2]))
        tally.check(call[:2] == ["cloudwatch", "put-metric-alarm"] and not set(REQUIRED) - set(options), f"{name}: {call}")
        seconds = int(options["--period"]) * int(options["--evaluation-periods"])
        tally.check(seconds <= 86400, f"{name}: CloudWatch looks back one day at most: {call}")
        page = options["--alarm-name"].endswith("_page")
        tally.check(options.get("--alarm-actions") == ("arn:page" if page else None), f"{name}: who is told: {call}")
        alarms[options["--alarm-name"]] = options
    tally.check("default" not in files["cloudwatch-alarms.tf"], f"{name}: Terraform asks for the topics")
    count = len(re.findall(r'^resource "aws_cloudwatch_metric_alarm"', files["cloudwatch-alarms.tf"], re.M))
    tally.check(count == len(alarms) > 0, f"{name}: Terraform has {count} alarms, the script {len(alarms)}")
    return alarms


def multi_az(binary, alarms, folder, tally):
    """3,408 usable on db.t3.2xlarge: 80 % and 95 % of it; 60 % CPU; 15 % of 32 GiB free; a baseline of 40 %."""
    plan = json.loads(subprocess.run([binary, "plan", str(ROOT / "data/examples/multi-az/poolfit.toml"), "--json"],
                                     capture_output=True, text=True, check=True).stdout)
    usable = 3408
    tally.check(plan["databases"][0]["recommendation"]["class"] == "db.t3.2xlarge", "the class that the limits are of")
    wanted = {"connections_warning": usable * 0.8 // 1, "connections_page": usable * 0.95 // 1, "cpu_warning": 60,
              "mean_cpu_warning": 40, "memory_warning": 32 * 2**30 * 0.15, "surplus_credits_warning": 0}
    for key, limit in wanted.items():
        found = float(alarms[f"poolfit orders {key}"]["--threshold"])
        tally.check(abs(found - limit) < 1, f"multi-az: {key}: {found}, expected {limit}")
    fires("multi-az", "orders", "aws_rds_database_connections_maximum", 2726, "PoolfitConnectionsWarning", folder, tally)
    fires("multi-az", "orders", "aws_rds_database_connections_maximum", 3237, "PoolfitConnectionsPage", folder, tally)
    charges("orders-r2", folder, tally)
    fires("multi-az", "orders-r1", "aws_rds_cpuutilization_average", 60, "PoolfitCpuWarning", folder, tally)


def main(binary):
    tally = Tally()
    binary = str(pathlib.Path(binary).resolve())
    if not shutil.which("promtool"):
        print("SKIPPED: promtool (Debian: prometheus) is not on PATH")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        for name, inventory in inventories(folder):
            files, done = emit(binary, "alarms", inventory)
            if not tally.check("prometheus-rules.yaml" in files, f"{name}: {done.stderr}"):
                continue
            checked(name, files, folder, tally)
            alarms = cloudwatch(name, files, folder, tally)
            if name == "multi-az":
                multi_az(binary, alarms, folder, tally)
                for path in ("cloudwatch-alarms.sh", "cloudwatch-alarms.tf", "prometheus-rules.yaml"):
                    tally.check("\n# orders: the limits are those of db.t3.2xlarge; it is on db.r5.2xlarge today" in files[path],
                                f"{path}: before the class is changed, its alarms would be too late")
            if name == "hostile":
                values = {json.loads(each["--dimensions"])[0]["Value"] for each in alarms.values()}
                tally.check(values == {DOTTED, DOTTED + "2"}, f"names arrive as they are: {values}")
                tally.check(not (pathlib.Path(folder) / "owned").exists(), "no name is run")
                limit = float(alarms[f"poolfit {DOTTED} cpu_warning"]["--threshold"])
                # A name with a dollar is a pattern, so it must match itself and nothing else.
                fires("hostile", DOTTED, "aws_rds_cpuutilization_average", limit, "PoolfitCpuWarning", folder, tally)
        own = pathlib.Path(folder) / "own.toml"
        own.write_text(OWN, encoding="utf-8")
        files, done = emit(binary, "alarms", own)
        tally.check(sorted(files) == ["grafana-dashboard.json", "prometheus-rules.yaml"], f"own: {done.stderr}")
        checked("own", files, folder, tally)
        limits = {(rule["labels"]["database"], rule["labels"]["severity"]): rule["expr"]
                  for rule in rules_of(files["prometheus-rules.yaml"]) if "Connections" in rule["alert"]}
        # 200 less the three that PostgreSQL reserves: 80 % and 95 % of 197.
        wanted = 'sum by (instance) (pg_stat_database_numbackends{instance=~"own\\\\.pg(:[0-9]+)?"}) > '
        tally.check((limits["own.pg", "warning"], limits["own.pg", "page"]) == (wanted + "157", wanted + "187"),
                    f"own: {limits}")
    return tally.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
