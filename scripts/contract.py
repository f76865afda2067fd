#!/usr/bin/env python3
"""Holds the tree of the report in docs/contract.md against data/schemas/report.schema.json.

Each key of the schema stands in the tree, and each path of the tree in the schema. `a.{b, c[]}` is a.b and a.c; three
spaces end a path, and what follows in words is not read. A continued line begins with four spaces.
"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
RANGE = {"low", "high"}


def paths_of(schema, node, path, found):
    """Adds the path of each key below a node."""
    if "$ref" in node:
        return paths_of(schema, schema["$defs"][node["$ref"].rsplit("/", 1)[-1]], path, found)
    for part in [*node.get("anyOf", []), *node.get("oneOf", [])]:
        paths_of(schema, part, path, found)
    if set(node.get("properties", {})) != RANGE:
        for key, part in node.get("properties", {}).items():
            found.add(".".join([*path, key]))
            paths_of(schema, part, [*path, key], found)
    if "items" in node:
        paths_of(schema, node["items"], path, found)
    return found


def split(text):
    """At the commas that are in no braces."""
    parts, depth = [""], 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def expanded(text):
    """"a.{b, c.{d}}" as "a", "a.b", "a.c" and "a.c.d"."""
    head, brace, rest = text.partition(".{")
    names = head.replace("[]", "").split(".")
    found = {".".join(names[:i + 1]) for i in range(len(names))}
    if brace:
        found |= {f"{'.'.join(names)}.{below}" for part in split(rest.removesuffix("}")) for below in expanded(part)}
    return found


def tree(text):
    found = set()
    for line in re.sub(r"\n {4,}", " ", text).splitlines():
        for chunk in re.split(r" {3,}", line):
            if re.fullmatch(r"[a-z_0-9]+(\[\])?(\..*)?", chunk):
                found |= expanded(chunk)
    return found


def main():
    schema = json.loads((ROOT / "data/schemas/report.schema.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs/contract.md").read_text(encoding="utf-8")
    known, told = paths_of(schema, schema, [], set()), tree(re.search(r"### The report.*?```\n(.*?)```", page, re.S)[1])
    faults = [f"docs/contract.md lacks {path}" for path in sorted(known - told)]
    faults += [f"docs/contract.md has {path}, and the schema has not" for path in sorted(told - known)]
    print("\n".join([*faults, f"{len(known & told)} passed, {len(faults)} failed"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
