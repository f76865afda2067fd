#!/usr/bin/env python3
"""Reads what `check` writes for other tools as those tools do: formats.py BINARY.

Each inventory under data/examples, and one with hostile names, is checked in every format. SARIF is validated against
the OASIS schema (schemas/sarif-schema-2.1.0.json) and against what GitHub requires besides; JUnit's and Checkstyle's XML is parsed and
counted; GitLab's required fields, rdjson's, and the lines of Azure and of editors are read back, the latter with
GitHub's problem matcher (data/ci) too; a comment's Markdown and the CSV likewise. All must have the findings that `--json` has.
"""
import csv as csv_files
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "tests/golden/schemas/sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
MATCHER = json.loads((ROOT / "data/ci/github-problem-matcher.json").read_text(encoding="utf-8"))
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
GITHUB_LEVELS = LEVELS | {"info": "notice"}
HOSTILE = """schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "a.b-c"  # poolfit: ignore[PF303] reason="<we & they> measure: 100%; ]"
engine = "postgresql"
class = "db.t3.micro"
max_connections = 60
[[service]]
name = "x"
instances = 9
[[service.pool]]
name = "main"
database = "a.b-c"
max = 20
"""


def run(binary, folder, *arguments):
    done = subprocess.run([binary, "check", *arguments], capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode not in (0, 1):
        raise ValueError(f"exit {done.returncode}: {done.stderr}")
    return done.stdout, done.returncode


def of_github(result):
    """What GitHub's code scanning refuses or ignores a result for."""
    place = result["locations"][0]["physicalLocation"]
    uri = place["artifactLocation"]["uri"]
    if re.search(r"^/|^\.|[ <>%](?![0-9A-F]{2})", uri):
        yield f"uri {uri}"
    if set(place["region"]) != {"startLine", "startColumn", "endLine", "endColumn"}:
        yield "a region without its four ends"
    if not re.fullmatch(r"[0-9a-f]{16}:1", result["partialFingerprints"]["primaryLocationLineHash"]):
        yield "no fingerprint"
    if not result["message"]["text"]:
        yield "an empty message"


def sarif(text, findings, code):
    document = json.loads(text)
    yield from (error.message[:200] for error in jsonschema.Draft4Validator(SCHEMA).iter_errors(document))
    driver = document["runs"][0]["tool"]["driver"]
    for rule in driver["rules"]:
        for key in ("shortDescription", "fullDescription", "help"):
            if not rule[key]["text"]:
                yield f"{rule['id']}: no {key}"
    results = document["runs"][0]["results"]
    have = sorted((r["ruleId"], r["level"], bool(r.get("suppressions"))) for r in results)
    if have != sorted((f["rule"], LEVELS[f["severity"]], bool(f["suppressed"])) for f in findings):
        yield "other results than findings"
    hashes = [r["partialFingerprints"]["primaryLocationLineHash"] for r in results]
    if len(set(hashes)) != len(hashes):
        yield "two results of one fingerprint"
    for result in results:
        yield from of_github(result)
        if driver["rules"][result["ruleIndex"]]["id"] != result["ruleId"]:
            yield "a ruleIndex of another rule"
    if document["runs"][0]["invocations"][0]["exitCode"] != code:
        yield "another exit code"


def junit(text, findings, _):
    root = xml.fromstring(text)
    for suite in [root, *root.iter("testsuite")]:
        counted = {"tests": len(list(suite.iter("testcase"))), "failures": len(list(suite.iter("failure"))),
                   "skipped": len(list(suite.iter("skipped"))), "errors": 0}
        for key, value in counted.items():
            if suite.get(key) != str(value):
                yield f"{suite.get('name')}: {key}=\"{suite.get(key)}\", and {value} there"
    shown = [f for f in findings if not f["suppressed"]]
    if int(root.get("failures")) != sum(f["severity"] != "info" for f in shown):
        yield "failures are not the errors and warnings"
    if int(root.get("skipped")) != len(findings) - len(shown):
        yield "skipped are not the suppressed"
    if int(root.get("tests")) <= len(findings):
        yield "nothing has passed"


def gitlab(text, findings, _):
    issues = json.loads(text)
    for issue in issues:
        if set(issue) != {"description", "check_name", "fingerprint", "severity", "location"}:
            yield "other fields"
        if issue["severity"] not in ("info", "minor", "major", "critical", "blocker"):
            yield f"severity {issue['severity']}"
        if issue["location"]["path"].startswith(("/", "./")) or issue["location"]["lines"]["begin"] < 1:
            yield f"location {issue['location']}"
    if len({issue["fingerprint"] for issue in issues}) != len(issues):
        yield "two issues of one fingerprint: GitLab drops one"
    if sorted(i["check_name"] for i in issues) != rules(findings):
        yield "other issues than findings"


def rdjson(text, findings, _):
    document = json.loads(text)
    if document["source"]["name"] != "poolfit":
        yield "no source"
    for each in document["diagnostics"]:
        if each["severity"] not in ("ERROR", "WARNING", "INFO") or not each["message"] or not each["location"]["path"]:
            yield f"not a diagnostic: {each}"
        begin, end = each["location"]["range"]["start"], each["location"]["range"]["end"]
        if (end["line"], end["column"]) <= (begin["line"], begin["column"]):
            yield "an empty range"
    if sorted(d["code"]["value"] for d in document["diagnostics"]) != rules(findings):
        yield "other diagnostics than findings"


def azure(text, findings, _):
    command = re.compile(r"##vso\[task\.logissue type=(error|warning);sourcepath=[^;\]]+;linenumber=\d+;"
                         r"columnnumber=\d+;code=(PF\d+);\](?:[^%]|%AZP25|%0A|%0D)+")
    plain = re.compile(r"[^:]+:\d+:\d+: (PF\d+) .+")
    found = []
    for line in text.splitlines():
        match = command.fullmatch(line) or plain.fullmatch(line)
        if match is None:
            yield f"not a command: {line}"
        else:
            found.append(match[match.lastindex])
    if sorted(found) != rules(findings):
        yield "other lines than findings"


def github(text, findings, _):
    command = re.compile(r"::(error|warning|notice) file=[^,:]+,line=\d+(,col=\d+)?,endLine=\d+(,endColumn=\d+)?,"
                         r"title=poolfit (PF\d+) [^,:]+::(?:[^%]|%25|%0A|%0D)+")
    found = []
    for line in text.splitlines():
        match = command.fullmatch(line)
        if match is None:
            yield f"not a command: {line}"
        else:
            found.append(match[4])
    if sorted(found) != rules(findings):
        yield "other annotations than findings"


def checkstyle(text, findings, _):
    errors = list(xml.fromstring(text).iter("error"))
    for error in errors:
        if error.get("severity") not in ("error", "warning", "info") or int(error.get("line")) < 1:
            yield f"not an error: {error.attrib}"
    if sorted(e.get("source").removeprefix("poolfit.") for e in errors) != rules(findings):
        yield "other errors than findings"


def concise(text, findings, _):
    lines = [re.fullmatch(r"(.+?):(\d+):(\d+): (PF\d+) (error|warning|info) .+", line) for line in text.splitlines()]
    if None in lines:
        yield "a line without file, line, column or rule"
    elif sorted(match[4] for match in lines) != rules(findings):
        yield "other lines than findings"
    found = []
    for matcher in MATCHER["problemMatcher"]:
        pattern = matcher["pattern"][0]
        for line in text.splitlines():
            if match := re.fullmatch(pattern["regexp"], line):
                found.append((match[pattern["code"]], matcher.get("severity") or match[pattern["severity"]]))
    wanted = [(f["rule"], GITHUB_LEVELS[f["severity"]]) for f in findings if not f["suppressed"]]
    if sorted(found) != sorted(wanted):
        yield "other problems than findings"


def markdown(text, findings, code):
    if not re.match(r"<!-- poolfit check[^<>]* -->\n### poolfit check", text) or text.count("<!--") != 1:
        yield "no mark to find it by"
    if len(text) >= 65_000:
        yield f"{len(text)} characters"
    if text.count("<details>") != text.count("</details>"):
        yield "a fold that does not end"
    found = re.findall(r"^- \*\*(?:error|warning|info)\*\* (PF\d+) ", text, re.MULTILINE)
    if sorted(found) != rules(findings):
        yield "other items than findings"
    if ("**fails**" in text) != (code == 1):
        yield "another verdict"


def csv(text, findings, _):
    rows = list(csv_files.DictReader(io.StringIO(text, newline="")))
    have = [(r["rule"], r["severity"], r["target"], r["state"] == "suppressed") for r in rows]
    if sorted(have) != sorted((f["rule"], f["severity"], f["target"], bool(f["suppressed"])) for f in findings):
        yield "other rows than findings"


def rules(findings):
    return sorted(f["rule"] for f in findings if not f["suppressed"])


FORMATS = (sarif, junit, gitlab, rdjson, azure, github, checkstyle, concise, markdown, csv)


def of_a_fleet(binary, work):
    """A fleet's findings are the same in each format, in a baseline, in a plan, and to `diff`."""
    fleet = subprocess.run([sys.executable, str(ROOT / "tests/bench/fleet.py"), "200", "200", "--seed", "3"],
                           capture_output=True, text=True, check=True).stdout
    pathlib.Path(work, "fleet.toml").write_text(fleet, encoding="utf-8")
    report, _ = run(binary, work, "fleet.toml", "--json")
    findings = json.loads(report)["findings"]
    if not any(f["rule"] == "PF103" for f in findings):
        yield "no PF103, which asks for the most"
    prints = sorted(f["fingerprint"] for f in findings)
    for each in (sarif, junit, gitlab, rdjson, azure, github, checkstyle, concise, csv):
        text, code = run(binary, work, "fleet.toml", "--format", each.__name__)
        yield from (f"{each.__name__}: {fault}" for fault in each(text, findings, code))

    def other(*words):
        return subprocess.run([binary, *words], cwd=work, capture_output=True, text=True, check=True).stdout

    if sorted(f["fingerprint"] for f in json.loads(other("baseline", "fleet.toml"))["findings"]) != prints:
        yield "another baseline"
    pathlib.Path(work, "plan.json").write_text(other("plan", "fleet.toml", "--json"), encoding="utf-8")
    compared = json.loads(other("diff", "plan.json", "fleet.toml", "--json", "--fail-on", "none"))["findings"]
    if any(compared[key] for key in ("new", "gone", "worse", "silenced")) or compared["unchanged"] != len(prints):
        yield f"a difference from its own plan: {compared['unchanged']} of {len(prints)}"
    pathlib.Path(work, "known.json").write_text(other("baseline", "fleet.toml"), encoding="utf-8")
    text, _ = run(binary, work, "fleet.toml", "--baseline", "known.json")
    if not text.startswith("no findings"):
        yield f"new or stale findings by its own baseline: {text[:300]}"


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    failed = passed = 0
    with tempfile.TemporaryDirectory() as work:
        hostile = pathlib.Path(work, "odd,name [1]; 50%.toml")
        hostile.write_text(HOSTILE, encoding="utf-8")
        found = [(ROOT, str(path.relative_to(ROOT))) for path in sorted((ROOT / "data/examples").glob("*/poolfit.toml"))]
        for folder, name in [*found, (work, "./" + hostile.name)]:
            report, code = run(binary, folder, name, "--json")
            findings = json.loads(report)["findings"]
            for each in FORMATS:
                text, rc = run(binary, folder, name, "--format", each.__name__)
                faults = list(each(text, findings, code))
                if rc != code:
                    faults.append(f"exit {rc}, and {code} with --json")
                for fault in faults[:5]:
                    print(f"FAILED {name} as {each.__name__}: {fault}")
                failed += bool(faults)
                passed += not faults
        faults = list(of_a_fleet(binary, work))
        for fault in faults[:5]:
            print(f"FAILED a fleet: {fault}")
        failed += bool(faults)
        passed += not faults
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
