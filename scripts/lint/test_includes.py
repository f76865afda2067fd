#!/usr/bin/env python3
"""Does includes.py find what is missing, and nothing else? The last line printed is "N passed, N failed"."""
import contextlib
import io
import pathlib
import tempfile

import includes

HEADER = ("#pragma once\n#include <vector>\n"
          "namespace poolfit {\nstruct Pool { int size; };\nint least(const Pool& pool);\n}\n")
CASES = [  # name, what src/a/a.cpp is, what is said of it
    ("all is included", "#include <poolfit/pool.hpp>\nnamespace poolfit {\nstd::vector<Pool> pools;\n}\n", ""),
    ("a type's header is missing", "namespace poolfit {\nPool pool;\n}\n",
     "uses Pool, includes none of: include/poolfit/pool.hpp"),
    ("through another header", '#include "other.hpp"\nnamespace poolfit {\nPool pool;\n}\n', ""),
    ("a function's header is missing", "int size() { return poolfit::least({}); }\n",
     "uses least, includes none of: include/poolfit/pool.hpp"),
    ("a member of that name", "int size() { return pool.least(); }\n", ""),
    ("a name of its own", "namespace {\nstruct Pool {};\n}\nPool pool;\n", ""),
    ("declared ahead", "namespace poolfit {\nstruct Pool;\nPool* pool;\n}\n", ""),
    ("std's header is missing", "#include <poolfit/pool.hpp>\nstd::string name;\n",
     "uses std::string, includes none of: <string>"),
    ("a comment", "// Pool, std::string\n", ""),
    ("libc's macro before any header", "#ifdef __GLIBC__\n#include <malloc.h>\n#endif\n",
     "uses __GLIBC__, includes none of: the headers of the system, before it"),
    ("libc's macro before a header of ours that includes one", '#ifdef __GLIBC__\n#endif\n#include "other.hpp"\n',
     "uses __GLIBC__, includes none of: the headers of the system, before it"),
    ("libc's macro after such a header", '#include "other.hpp"\n#ifdef __GLIBC__\n#endif\n', ""),
    ("what using takes has a header", "namespace poolfit {\nusing assess::Pool;\nPool pool;\n}\n",
     "uses Pool, includes none of: include/poolfit/pool.hpp"),
    ("libc's macro after one", "#include <cstdlib>\n#if defined(__GLIBC__)\n#endif\n", ""),
]


def said(source):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, text in (("include/poolfit/pool.hpp", HEADER), ("src/a/a.cpp", source),
                           ("src/a/other.hpp", "#pragma once\n#include <poolfit/pool.hpp>\n")):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        with contextlib.redirect_stdout(io.StringIO()) as out:
            includes.main(root)
    return "\n".join(line.split(": ", 1)[1] for line in out.getvalue().splitlines()[:-1])


def main():
    failed = 0
    for name, source, expected in CASES:
        found = said(source)
        if found != expected:
            failed += 1
            print(f"--- {name}: {found!r} instead of {expected!r}")
    print(f"{len(CASES) - failed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    raise SystemExit(main())
