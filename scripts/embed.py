#!/usr/bin/env python3
"""Makes a C++ source that holds text files: embed.py OUTPUT NAMESPACE FILE...

Each file becomes `std::string_view NAME();` in the namespace, NAME being the file's name up to its last ending with every
other character than a letter or a digit as "_": report.schema.json is report_schema. A long file is joined when it is
first asked for: compilers need not take literals over 65,536 bytes. A style or a script also has its NAME_hash(): the
source that a content security policy allows it by.
"""
import base64
import hashlib
import pathlib
import re
import sys

DELIMITER = "embedded"
MOST = 60_000  # bytes of a literal


def parts(text):
    """Literals of whole lines."""
    part = ""
    for line in text.splitlines(keepends=True):
        if part and len((part + line).encode()) > MOST:
            yield part
            part = ""
        part += line
    yield part


def main():
    output, namespace, *files = sys.argv[1:]
    lines = ["// Made by scripts/embed.py.", "#include <string>", "#include <string_view>", "", f"namespace {namespace} {{"]
    for file in map(pathlib.Path, files):
        text = file.read_text(encoding="utf-8")
        if f"){DELIMITER}\"" in text:
            sys.exit(f"{file}: contains the delimiter of its raw string")
        name = re.sub(r"[^A-Za-z0-9]", "_", file.stem)
        literals = [f'R"{DELIMITER}({part}){DELIMITER}"' for part in parts(text)]
        lines += [f"std::string_view {name}();", f"std::string_view {name}() {{"]
        if len(literals) == 1:
            lines += [f"    return {literals[0]};", "}"]
        else:
            joined = "".join(f".append({literal})" for literal in literals)
            lines += [f"    static const std::string text = std::string(){joined};", "    return text;", "}"]
        if file.suffix in (".css", ".js"):
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            lines += [f"std::string_view {name}_hash();", f"std::string_view {name}_hash() {{",
                      f"    return \"'sha256-{digest}'\";", "}"]
    lines += [f"}}  // namespace {namespace}", ""]
    pathlib.Path(output).write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
