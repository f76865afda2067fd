#!/usr/bin/env python3
"""Holds the goldens and the examples against the schemas that poolfit publishes: validate.py BINARY.

Every expected stdout of tests/cli and tests/golden that is a JSON document naming one of poolfit's schemas is
validated against what `poolfit schema …` prints; so is every inventory under data/examples, and every prices.toml of
tests/cli. A `plan --json` that exits with 0 must be a report, and likewise a `pool --json`.
"""
import json
import pathlib
import re
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = {"poolfit-report/1": "report", "poolfit-inventory/1": "inventory", "poolfit-pool/1": "pool",
           "poolfit-simulation/1": "simulation", "poolfit-emission/1": "emission", "poolfit-catalog/1": "catalog"}
PRINTED = {"plan": "poolfit-report/1", "pool": "poolfit-pool/1", "simulate": "poolfit-simulation/1",
           "emit": "poolfit-emission/1"}  # with --json
SHOWN = 10


def schema_of(binary, name):
    done = subprocess.run([binary, "schema", name], capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout) if done.returncode == 0 else None
    except json.JSONDecodeError:
        return None


def documents():
    """(path, document, the schema it must name or None) of all that is to be validated."""
    for cmd in sorted((ROOT / "tests").glob("*/**/cmd")):
        stdout = sorted(cmd.parent.glob("stdout*"))
        commands = [line for line in cmd.read_text(encoding="utf-8").splitlines() if line.startswith("poolfit ")]
        command = re.match(r"poolfit (plan|pool|simulate|emit)\b", commands[0]) if len(commands) == 1 else None
        is_json = (command and re.search(r"--json\b|--format[ =]json(?!=)", commands[0])
                   and not (cmd.parent / "exit").exists())
        wanted = PRINTED[command[1]] if is_json else None
        if not stdout:
            continue
        try:
            document = json.loads(stdout[0].read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            if wanted:
                yield stdout[0], error, wanted
            continue
        if isinstance(document, dict):
            yield stdout[0], document, wanted
    for path in sorted((ROOT / "data/examples").rglob("*.toml")) + sorted((ROOT / "data/examples").rglob("*.json")):
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        if isinstance(document, dict) and document.get("schema") in SCHEMAS:
            yield path, document, document["schema"]
    for path in sorted((ROOT / "tests/cli").glob("*/prices.toml")):
        yield path, tomllib.loads(path.read_text(encoding="utf-8")), "poolfit-catalog/1"


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    found = [d for d in documents() if d[2] or d[1].get("schema") in SCHEMAS]
    if not found:
        print("no document to validate: no inventory in data/examples, no JSON golden")
        return 77
    if not (ROOT / "data/schemas").is_dir():
        print("data/schemas is not there: poolfit publishes no schema")
        return 77
    try:
        import jsonschema
    except ImportError:
        print("python3-jsonschema is not installed")
        return 77
    validators, passed, failed = {}, 0, 0
    for key, name in SCHEMAS.items():
        schema = schema_of(binary, name)
        if schema is None:
            print(f"`poolfit schema {name}` prints no schema")
            failed += 1
            continue
        kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
        kind.check_schema(schema)
        validators[key] = kind(schema)
    for path, document, wanted in found:
        errors = []
        if isinstance(document, Exception):
            errors = [f"not JSON: {document}"]
        elif wanted and document.get("schema") != wanted:
            errors = [f"names the schema {document.get('schema')}, not {wanted}"]
        elif document["schema"] in validators:
            errors = [f"{error.json_path}: {error.message[:200]}"
                      for error in validators[document["schema"]].iter_errors(document)]
        else:
            continue
        for error in errors[:SHOWN]:
            print(f"{path.relative_to(ROOT)}: {error}")
        passed, failed = passed + (not errors), failed + bool(errors)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
