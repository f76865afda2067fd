#!/usr/bin/env python3
"""Makes a C++ source that holds text files: embed.py OUTPUT NAMESPACE FILE...

Each file becomes `extern const std::string_view NAME;` in the namespace, NAME being the file's name up to its last
ending with every other character than a letter or a digit as "_": report.schema.json is report_schema.
"""
import pathlib
import re
import sys

DELIMITER = "embedded"


def main():
    output, namespace, *files = sys.argv[1:]
    lines = ["// Made by scripts/embed.py.", "#include <string_view>", "", f"namespace {namespace} {{"]
    for file in map(pathlib.Path, files):
        text = file.read_text(encoding="utf-8")
        if f"){DELIMITER}\"" in text:
            sys.exit(f"{file}: contains the delimiter of its raw string")
        name = re.sub(r"[^A-Za-z0-9]", "_", file.stem)
        lines += [f"extern const std::string_view {name};",
                  f'const std::string_view {name} = R"{DELIMITER}({text}){DELIMITER}";']
    lines += [f"}}  // namespace {namespace}", ""]
    pathlib.Path(output).write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
