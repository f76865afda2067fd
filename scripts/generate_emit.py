#!/usr/bin/env python3
"""Makes the C++ tables of what `emit` writes for drivers and languages: generate_emit.py DATA OUTPUT.

Reads DATA/emit/targets.toml and guards.toml, and the languages of DATA/drivers/drivers.csv; data/emit says what the keys
mean. A record that is wrong stops the build with its number.
"""
import csv
import pathlib
import re
import sys
import tomllib

ENGINES = ("PostgreSQL", "MySQL", "MariaDB")
VALUES = {"max", "processes", "Pool", "Own", "own", "in", "alias", "env", "server_url", "acquire_ms", "acquire_s", "life_ms", "life_s", "app", "app_url", "client"}
POOLERS = ("pooler", "managed")  # languages of drivers.csv: of what no service loads
LANGUAGES = re.compile(r"^    (\w+),", re.MULTILINE)


def fail(where, what):
    sys.exit(f"{where}: {what}")


def literal(text):
    out = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{out}"'


def literals(texts):
    return "{" + ", ".join(map(literal, texts)) + "}"


def holes(text):
    return set(re.findall(r"\{\{(\w+)\}\}", text))


def check(where, record, required, optional):
    for key in sorted(required - record.keys()):
        fail(where, f"{key} is missing")
    for key in sorted(record.keys() - required - optional):
        fail(where, f"unknown key {key}")


def targets(folder, languages, drivers):
    rows, known = [], set()
    for number, record in enumerate(tomllib.loads((folder / "targets.toml").read_text(encoding="utf-8"))["target"], 1):
        where = f"targets.toml, target {number} ({record.get('driver')})"
        check(where, record, {"driver", "ending", "snippet", "never", "source", "as_of"}, {"language", "client", "size", "variable", "read_by", "of_one", "least_acquire_ms", "least_life_ms"})
        if ("variable" in record) != ("read_by" in record):
            fail(where, "variable and read_by go together")
        if not re.fullmatch(r"[A-Z][A-Z0-9_]*", record.get("variable", "X")):
            fail(where, "variable is no name of a variable")
        if record["driver"] not in drivers:
            fail(where, "no such driver in drivers.csv")
        own = drivers[record["driver"]]
        language = record.get("language", own)
        if language not in languages:
            fail(where, f"language {language} is not in language.hpp")
        if unknown := holes(record["snippet"]) - VALUES:
            fail(where, f"no value {sorted(unknown)}")
        if "{{max}}" not in record["snippet"]:
            fail(where, "the snippet does not set the size")
        if unknown := holes(record.get("size", "")) - {"Pool", "Own"}:
            fail(where, f"no value {sorted(unknown)} in size")
        client = record.get("client", {})
        if ("client" in holes(record["snippet"])) != (set(client) == set(ENGINES)):
            fail(where, "client needs a word for each engine")
        if not re.fullmatch(r"\d{4}-\d{2}", record["as_of"]):
            fail(where, "as_of is not a month")
        if not record["source"] or not record["snippet"].endswith("\n"):
            fail(where, "source or snippet is not complete")
        rows.append("{" + ", ".join([
            literal(record["driver"]), literal(own), literal(record["ending"]), f"Language::{language}",
            literal(record["snippet"]), literals([client.get(engine, "") for engine in ENGINES]),
            literal("\n".join(record["never"])), literal(record.get("size", "")),
            literal(record.get("variable", "")), literal(record.get("read_by", "")), literal(record.get("of_one", "")),
            str(record.get("least_acquire_ms", 0)), str(record.get("least_life_ms", 0)), literal(record["source"]),
            literal(record["as_of"])]) + "},")
        known.add(record["driver"])
    for driver in sorted(drivers.keys() - known):
        if drivers[driver] not in POOLERS:
            fail("targets.toml", f"no target for the driver {driver}")
    return rows


def guards(folder, languages):
    rows = []
    for number, record in enumerate(tomllib.loads((folder / "guards.toml").read_text(encoding="utf-8"))["guard"], 1):
        where = f"guards.toml, guard {number} ({record.get('language')})"
        check(where, record, {"language", "ending", "entry", "call", "snippet"}, {"about"})
        if record["language"] not in languages:
            fail(where, "the language is not in language.hpp")
        if holes(record["entry"]) not in ({"pool", "max"}, {"pool", "all"}) or holes(record["call"]) != {"pool", "size"}:
            fail(where, "entry has {{pool}} and {{max}} or {{all}}, call {{pool}} and {{size}}")
        if "\n{{entries}}\n" not in record["snippet"]:
            fail(where, "the snippet has no line {{entries}}")
        rows.append("{" + ", ".join([literal(record["language"]), literal(record["ending"]),
                                     f"Language::{record['language']}", literal(record["entry"]),
                                     literal(record["call"]), literal(record["snippet"]), literal(record.get("about", ""))]) + "},")
    return rows


def main():
    data, output = map(pathlib.Path, sys.argv[1:])
    root = pathlib.Path(__file__).resolve().parents[1]
    languages = set(LANGUAGES.findall((root / "include/poolfit/emit/language.hpp").read_text(encoding="utf-8")))
    with open(data / "drivers/drivers.csv", encoding="utf-8", newline="") as file:
        drivers = {row["id"]: row["language"] for row in csv.DictReader(file)}
    lines = ["// Made by scripts/generate_emit.py.", '#include "src/emit/targets.hpp"', "", "namespace poolfit::emit {",
             "namespace {", "", "constexpr Target target_rows[] = {", *targets(data / "emit", languages, drivers), "};",
             "constexpr Guard guard_rows[] = {", *guards(data / "emit", languages), "};", "", "}  // namespace", "",
             "std::span<const Target> targets() { return target_rows; }",
             "std::span<const Guard> guards() { return guard_rows; }", "", "}  // namespace poolfit::emit", ""]
    output.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
