#!/usr/bin/env python3
"""Proves that layers.py fails when a wall is broken, and only then: a mini tree in a temporary folder per case."""
import pathlib
import sys
import tempfile

import layers

# name, {file: text}, the (rule, "file:line") expected; an empty list: the case must not be caught. CATCHES and PASSES
# hold a case for each rule; the run fails when a rule lacks one.
CATCHES = [
    ("a room below includes one above", {"src/unit/a.cpp": "\n#include <poolfit/model/fleet.hpp>\n"},
     [("rooms", "src/unit/a.cpp:2")]),
    ("a public header too", {"include/poolfit/queue/q.hpp": "#pragma once\n#include <poolfit/diag/source.hpp>\n"},
     [("rooms", "include/poolfit/queue/q.hpp:2")]),
    ("a room that is not there", {"src/plan/a.cpp": "#include <poolfit/utils/a.hpp>\n"},
     [("rooms", "src/plan/a.cpp:1")]),
    ("a folder that is no room", {"src/helpers/a.cpp": ""}, [("rooms", "src/helpers/a.cpp:1")]),
    ("a header in no room", {"include/poolfit/a.hpp": ""}, [("rooms", "include/poolfit/a.hpp:1")]),
    ("spaces in the include", {"src/unit/a.cpp": "#  include  <poolfit/plan/plan.hpp>\n"},
     [("rooms", "src/unit/a.cpp:1")]),
    ("a renderer includes a room that computes", {"src/render/a.cpp": "#include <poolfit/plan/plan.hpp>\n"},
     [("rooms", "src/render/a.cpp:1")]),
    ("so does a public header of it", {"include/poolfit/render/a.hpp": "#pragma once\n#include <poolfit/assess/a.hpp>\n"},
     [("rooms", "include/poolfit/render/a.hpp:2")]),
    ("a renderer computes", {"src/render/a.cpp": "auto p = plan::project(fleet, plan);\nbool m = poolfit::sizing::meets(f);\n"},
     [("renders", "src/render/a.cpp:1"), ("renders", "src/render/a.cpp:2")]),
    ("pictures know of databases", {"src/svg/a.cpp": "#include <poolfit/report/report.hpp>\n"}, [("rooms", "src/svg/a.cpp:1")]),
    ("words of a picture", {"src/svg/a.cpp": 'auto a = "limit of connections";\n'}, [("words", "src/svg/a.cpp:1")]),
    ("another room's private file", {"src/plan/a.cpp": '#include "../assess/x.hpp"\n'},
     [("private", "src/plan/a.cpp:1")]),
    ("a private file in a public header", {"include/poolfit/plan/a.hpp": '#include "x.hpp"\n'},
     [("private", "include/poolfit/plan/a.hpp:1")]),
    ("a public header in quotes", {"src/plan/a.cpp": '#include "poolfit/unit/a.hpp"\n'},
     [("private", "src/plan/a.cpp:1")]),
    ("CLI11 outside cli", {"src/load/a.cpp": "#include <CLI/CLI.hpp>\n"}, [("cli11", "src/load/a.cpp:1")]),
    ("CLI11 in a header of cli", {"src/cli/a.hpp": "#include <CLI/App.hpp>\n"}, [("cli11", "src/cli/a.hpp:1")]),
    ("a platform that asks the catalog", {"src/platform/a/a.cpp": "#include <poolfit/catalog/catalog.hpp>\n"},
     [("rooms", "src/platform/a/a.cpp:1")]),
    ("CLI11 in a second file", {"src/cli/a.cpp": "#include <CLI/CLI.hpp>\n", "src/cli/b.cpp": "#include <CLI/CLI.hpp>\n"},
     [("cli11", "src/cli/b.cpp:1")]),
    ("toml++ outside load", {"src/catalog/a.cpp": "#include <toml++/toml.h>\n"}, [("toml", "src/catalog/a.cpp:1")]),
    ("toml++ in a public header", {"include/poolfit/load/a.hpp": "#include <toml++/toml.h>\n"},
     [("toml", "include/poolfit/load/a.hpp:1")]),
    ("YAML outside import", {"src/load/a.cpp": "#include <libfyaml.h>\n"}, [("yaml", "src/load/a.cpp:1")]),
    ("JSON in a text renderer", {"src/render/text.cpp": "#include <nlohmann/json.hpp>\n"},
     [("json", "src/render/text.cpp:1")]),
    ("JSON in a public header", {"include/poolfit/load/a.hpp": "#include <nlohmann/json.hpp>\n"},
     [("json", "include/poolfit/load/a.hpp:1")]),
    ("libpq outside observe", {"src/load/a.cpp": "#include <libpq-fe.h>\n"}, [("database", "src/load/a.cpp:1")]),
    ("curl and SQLite in cli", {"src/cli/a.cpp": "#include <curl/curl.h>\n#include <sqlite3.h>\n"},
     [("database", "src/cli/a.cpp:1"), ("database", "src/cli/a.cpp:2")]),
    ("a sentence where figures are computed", {"src/assess/a.cpp": '// a plain comment here\nauto a = "no limit is known";\n',
                                               "include/poolfit/report/a.hpp": 'auto b = R"(the run is short)";\n'},
     [("words", "include/poolfit/report/a.hpp:1"), ("words", "src/assess/a.cpp:2")]),
    ("a provider and an engine outside their rows", {"src/plan/a.cpp": 'if (p == "aws")\n  q = "Aurora MySQL";\n'},
     [("names", "src/plan/a.cpp:1"), ("names", "src/plan/a.cpp:2")]),
    ("std::cout", {"src/render/a.cpp": 'void f() { std::cout << "x"; }\n'}, [("streams", "src/render/a.cpp:1")]),
    ("printf, puts, fmt::print", {"src/plan/a.cpp": 'void f() {\n  printf("x");\n  std::puts("x");\n  fmt::print("x");\n}\n'},
     [("streams", f"src/plan/a.cpp:{n}") for n in (2, 3, 4)]),
    ("iostream", {"src/unit/a.cpp": "#include <iostream>\n"}, [("streams", "src/unit/a.cpp:1")]),
    ("stderr", {"src/unit/a.cpp": "auto* f = stderr;\n"}, [("streams", "src/unit/a.cpp:1")]),
    ("getenv", {"src/catalog/a.cpp": 'auto x = std::getenv("HOME");\n'}, [("environment", "src/catalog/a.cpp:1")]),
    ("system_clock", {"src/assess/a.cpp": "auto t = std::chrono::system_clock::now();\n"},
     [("clock", "src/assess/a.cpp:1")]),
    ("time(nullptr)", {"src/simulate/a.cpp": "auto t = std::time(nullptr);\nauto u = time(0);\n"},
     [("clock", "src/simulate/a.cpp:1"), ("clock", "src/simulate/a.cpp:2")]),
    ("setlocale, std::locale", {"src/unit/a.cpp": 'auto a = setlocale(0, "");\nstd::locale l;\n'},
     [("locale", "src/unit/a.cpp:1"), ("locale", "src/unit/a.cpp:2")]),
    ("exit, abort", {"src/load/a.cpp": "void f() { exit(1); }\nvoid g() { std::abort(); }\n"},
     [("exit", "src/load/a.cpp:1"), ("exit", "src/load/a.cpp:2")]),
    ("the standard library's chance", {"src/simulate/a.cpp": "std::mt19937_64 g;\n#include <random>\n"},
     [("chance", "src/simulate/a.cpp:1"), ("chance", "src/simulate/a.cpp:2")]),
    ("after a comment and a string", {"src/unit/a.cpp": 'auto s = "//"; /* \n */ exit(1);\n'},
     [("exit", "src/unit/a.cpp:2")]),
    ("after a digit separator and a quote", {"src/unit/a.cpp": "auto n = 1'000; auto c = '\"'; exit(1); // \"\n"},
     [("exit", "src/unit/a.cpp:1")]),
    ("a source of 451 lines", {"src/plan/a.cpp": "\n" * 451}, [("length", "src/plan/a.cpp:450")]),
    ("a header of 451 lines", {"src/plan/a.hpp": "\n" * 451}, [("length", "src/plan/a.hpp:450")]),
    ("a source of 401 lines", {"src/plan/a.cpp": "\n" * 401}, [("warning", "src/plan/a.cpp:400")]),
    ("a header of 151 lines", {"include/poolfit/plan/a.hpp": "\n" * 151},
     [("warning", "include/poolfit/plan/a.hpp:150")]),
]
PASSES = [
    ("words", {"src/plan/a.cpp": '// a comment has words\nauto a = "max_in_use", b = "{} {}";\n',
               "src/render/a.cpp": 'auto a = "no limit is known";\n', "src/assess/b.cpp": 'auto u = "CoreMark/s per vCPU";\n'}),
    ("names", {"src/platform/a/a.cpp": 'auto a = "Aurora MySQL";\n', "src/plan/a.cpp": '#include "aurora.hpp"\n// AWS\n'}),
    ("rooms", {"src/platform/a/a.cpp": '#include <poolfit/platform/platform.hpp>\n#include "../rows.hpp"\n',
               "src/catalog/a.cpp": "#include <poolfit/platform/platform.hpp>\n"}),
    ("rooms", {"src/load/a.cpp": "#include <poolfit/load/load.hpp>\n#include <poolfit/catalog/catalog.hpp>\n"}),
    ("renders", {"src/render/a.cpp": "auto n = plan::name(v);\nassess::print(m);\nsizing::Figures f;\nauto r = report::plan::x;\n",
                 "src/report/a.cpp": "auto p = plan::project(fleet, plan);\n"}),
    ("rooms", {"src/render/a.cpp": "#include <poolfit/report/view.hpp>\n#include <poolfit/model/fleet.hpp>\n"}),
    ("rooms", {"src/cli/a.cpp": "#include <poolfit/render/text.hpp>\n#include <poolfit/unit/a.hpp>\n#include <vector>\n"}),
    ("rooms", {"src/third_party/a.cpp": "#include <toml++/toml.h>\nvoid f() { abort(); }\n"}),
    ("rooms", {"src/unit/a.cpp": "// #include <poolfit/plan/plan.hpp>\n/*\n#include <poolfit/plan/plan.hpp>\n*/\n"}),
    ("private", {"src/lint/rules/a.cpp": '#include "../rule.hpp"\n#include "near.hpp"\n'}),
    ("cli11", {"src/cli/arguments.cpp": "#include <CLI/CLI.hpp>\n#include <CLI/App.hpp>\n"}),
    ("toml", {"src/load/a.cpp": "#include <toml++/toml.h>\n", "src/load/b.hpp": "#include <toml++/toml.h>\n"}),
    ("yaml", {"src/import/tree/a.cpp": "#include <libfyaml.h>\n"}),
    ("json", {"src/render/json.cpp": "#include <nlohmann/json.hpp>\n", "src/import/a.cpp": "#include <nlohmann/json.hpp>\n"}),
    ("json", {"src/render/catalog_json.cpp": "#include <nlohmann/json.hpp>\n",
              "src/render/json_writer.hpp": "#include <nlohmann/json.hpp>\n"}),
    ("database", {"src/observe/a.cpp": "#include <libpq-fe.h>\n#include <curl/curl.h>\n#include <sqlite3.h>\n"}),
    ("streams", {"src/cli/a.cpp": "#include <iostream>\nvoid f() { std::cout << 1; }\n"}),
    ("streams", {"src/unit/a.cpp": "void f() { snprintf(b, 1, s); out.puts(s); unit::printf(1); print(1); int my_stdout; }\n"}),
    ("environment", {"src/cli/a.cpp": 'auto x = getenv("NO_COLOR");\n'}),
    ("environment", {"src/unit/a.cpp": "// getenv stays in cli\nint setenvelope(int);\n"}),
    ("clock", {"src/observe/a.cpp": "auto t = std::chrono::steady_clock::now();\n"}),
    ("clock", {"src/queue/a.cpp": "Millis service_time(int); double x = row.time(0); std::chrono::year_month_day d;\n"}),
    ("locale", {"src/cli/a.cpp": 'auto a = setlocale(0, "");\n'}),
    ("locale", {"src/unit/a.cpp": 'const char* words = "std::locale and setlocale()";\n'}),
    ("exit", {"src/cli/main.cpp": "int main() { std::exit(3); }\n"}),
    ("exit", {"src/unit/a.cpp": 'auto s = R"(exit(1) "abort( )"; state.exit(); on_exit(1); cli::exit(1);\n'}),
    ("chance", {"src/simulate/a.cpp": "Sample exponential_distribution_of(int); rand(3);\n"}),
    ("length", {"src/plan/a.cpp": "\n" * 450}),
    ("warning", {"src/plan/a.cpp": "\n" * 400, "src/plan/a.hpp": "\n" * 150}),
]


def findings_in(files):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return sorted((rule, f"{path}:{line}") for rule, path, line, *_ in layers.check(root))


def has_cycle(rooms):
    left = {room: set(allowed) for room, allowed in rooms.items()}
    while left:
        ready = [room for room, allowed in left.items() if not allowed & set(left)]
        if not ready:
            return True
        for room in ready:
            del left[room]
    return False


def main():
    passed, failed = 0, []
    for name, files, expected in CATCHES:
        found = findings_in(files)
        if found == sorted(expected):
            passed += 1
        else:
            failed.append(f"not caught: {name}: {found}")
    for rule, files in PASSES:
        found = [f for f in findings_in(files) if rule == "warning" or f[0] != "warning"]
        if found:
            failed.append(f"caught wrongly: {rule}: {found}")
        else:
            passed += 1
    rules = {"rooms", "private", "length", "warning"}
    rules |= {rule for rule, *_ in layers.LIBRARIES + layers.OUTSIDE + layers.LITERALS}
    caught = {rule for _, _, expected in CATCHES for rule, _ in expected}
    for rule in sorted(rules - caught):
        failed.append(f"no case shows what {rule} catches")
    for rule in sorted(rules - {rule for rule, _ in PASSES}):
        failed.append(f"no case shows what {rule} lets pass")
    if has_cycle(layers.ROOMS):
        failed.append("the table of rooms has a cycle")
    if has_cycle({"a": {"b"}, "b": {"a"}}):
        passed += 1
    else:
        failed.append("a cycle of rooms is not seen")
    print("\n".join(failed + [f"{passed} passed, {len(failed)} failed"]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
