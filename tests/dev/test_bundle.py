#!/usr/bin/env python3
"""What scripts/bundle.py puts together compiles, and means what the files mean by themselves: test_bundle.py ROOT."""
import pathlib
import re
import subprocess
import sys
import tempfile

HEADER = """#pragma once
namespace poolfit {
struct Row { using Id = int; int check = 1; };
namespace other { struct Named {}; }
struct Base { struct Row { int n = 7; }; };
int first(); int second(); int third(); int fourth(); int fifth(); int seventh(); int eighth(); int ninth(); int tenth();
int spaced(); int seventh_too(); int base(); int cell(); int cell_too();
int chosen(long value);
int spread(long n); int low(); int lower(); int pair(); int returned(); const int& kept(); int within();
int floored(); int floored_too(); int made(); int nested(); int std_base(); int plus(); int plus_too();
struct Box { Box(); int most = 1; int seen; struct Inside { int most = 1; int sum(); }; };
struct Unit { int n; operator int() const { return n; } };
struct Sum { int n = 1; };
namespace other { struct Sum { int n = 2; }; }
namespace sums { int taken(); int own(); int listed(); int listed_too(); }
}
"""
FILES = {
    # a function, a type and a constant that each file has for itself; Row::check keeps its name in the header
    "src/first.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace { struct Cell { int n; };\nconstexpr int most = 1;\n'
                     "int check(Cell c) { return c.n + most; } }\nint first() { return check(Cell{10}); } }\n",
    "src/second.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace { struct Cell { long n; };\nconstexpr int most = 2;\n'
                      "int check(Cell c) { return int(c.n) + most; } }\nint second() { return check(Cell{20}); } }\n",
    # check is a member of Row too, which keeps its name
    "src/third.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace { int check() { return 3; } }\n'
                     "int third() { return Row{}.check + check(); } }\n",
    # chosen(long) is another file's: the local chosen(int) of the next one would be a better match for it
    "src/fourth.cpp": '#include "rows.hpp"\nnamespace poolfit { int chosen(long) { return 4; }\n'
                      "int fourth() { return chosen(1); } }\n",
    "src/fifth.cpp": "namespace poolfit { int fifth(); namespace { int chosen(int) { return 5; } }\n"
                     "int fifth() { return chosen(1); } }\n",
    "src/sixth.cpp": "#define most 1\n",
    # types that each file only uses: where a type stands is no declaration of it
    "src/seventh.cpp": '#include <cstdint>\n#include <map>\n#include "rows.hpp"\nnamespace poolfit { namespace {\n'
                       "enum class Kind : std::uint8_t { seven = 7 }; using R = Row;\n"
                       "const std::map<Row*, int> none; int of(Kind k) { return R{}.check * int(k); } }\n"
                       "int seventh() { return of(Kind::seven) + int(none.size()); } }\n",
    "src/eighth.cpp": '#include <cstdint>\n#include "rows.hpp"\nnamespace poolfit { namespace {\n'
                      "enum class Sign : std::uint8_t { eight = 8 }; int of(Sign s) { return Row{}.check * int(s); } }\n"
                      "int eighth() { return of(Sign::eight); } }\n",
    # a type of each, named as a header's elsewhere; and two names for one type, which can not be renamed
    "src/ninth.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace { struct Named { int n; }; using Id = Row::Id; }\n'
                     "int ninth() { return Named{Id(9)}.n; } }\n",
    "src/tenth.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace { struct Named { long n; }; using Id = Row::Id; }\n'
                     "int tenth() { return int(Named{Id(10)}.n); } }\n",
    # Row, said in a class, is its base's: not the one of this file, which can not get another name then
    "src/base.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace inner { namespace { struct Row { int n = 3; };\n'
                    "struct Derived : Base { int f() { Row r; return r.n; } }; } }\n"
                    "int base() { return inner::Derived{}.f(); } }\n",
    # the same words, and another type
    "src/cell.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace { struct Cell { char n; }; using Id = Cell; using Unit = int; }\n'
                    "int cell() { return int(sizeof(Id)) + int(Unit(7) / 2); } }\n",
    "src/cell_too.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace { struct Cell { char n[2]; }; using Id = Cell; using Unit = double; }\n'
                        "int cell_too() { return int(sizeof(Id) + Unit(7) / 2); } }\n",
    # the local spread(int) would be a better match for the other file: it has to come later
    "src/low.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace { int spread(int) { return 11; } }\n'
                   "int low() { return spread(1); } }\n",
    "src/lower.cpp": '#include "rows.hpp"\nnamespace poolfit { int spread(long) { return 12; }\n'
                     "int lower() { return spread(1); } }\n",
    # most is a member of what is declared here, so it can not get another name
    "src/pair.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace { struct Pair { int most = 6; Pair() = default; };\n'
                    "constexpr int most = 7; }\nint pair() { return Pair{}.most + most; } }\n",
    # check is a member of a type inside a function
    "src/within.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace { int check() { return 16; } }\n'
                      "int within() { struct Kept { int check; }; const Kept kept{check()}; return kept.check; } }\n",
    # a name that only the C library declares, used where another file has it for itself
    "src/floor.cpp": '#include "rows.hpp"\n#include <cmath>\nnamespace poolfit { namespace { int floor(double x) { return int(x) + 100; } }\n'
                     "int floored() { return floor(1.5); } }\n",
    "src/floor_too.cpp": '#include "rows.hpp"\n#include <cmath>\nnamespace poolfit { int floored_too() { return int(floor(1.5)); } }\n',
    # most is a member of what a constructor, a function of a type inside a type, and one of a template belong to
    "src/made.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace { const int most = 70; }\nBox::Box() : seen(0) { seen = most + 1; }\n'
                    "int made() { return Box{}.seen + 0 * most; } }\n",
    "src/nested.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace { const int most = 70; }\n'
                      "int Box::Inside::sum() { return most + 2; }\nint nested() { return Box::Inside{}.sum() + 0 * most; } }\n",
    # first is a member of the base, which is not ours; and of a template's
    "src/std_base.cpp": '#include "rows.hpp"\n#include <utility>\nnamespace poolfit { namespace { const int first = 70;\n'
                        "struct Two : std::pair<int, int> { int sum() { return first + 3; } };\nint all() { return first; } }\n"
                        "int std_base() { Two two; two.first = 1; return two.sum() + 0 * all(); } }\n",
    # the second of what using takes, and another name for a namespace
    "src/listed.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace sums { using other::Named, other::Sum;\n'
                      "namespace short_for = poolfit::other;\nint listed() { Named named; (void)named; return Sum{}.n + short_for::Sum{}.n; } } }\n",
    "src/listed_too.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace short_for { struct Sum { int n = 30; }; }\n'
                          "namespace sums { int listed_too() { return Sum{}.n + short_for::Sum{}.n; } } }\n",
    # an operator has no name to clash
    "src/plus.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace { int operator+(Unit u, int n) { return u.n + n + 100; } }\n'
                    "int plus() { return Unit{1} + 1; } }\n",
    "src/plus_too.cpp": '#include "rows.hpp"\nnamespace poolfit { int plus_too() { return Unit{1} + 1; } }\n',
    # Cell is what a function returns, and kept is no constant
    "src/returned.cpp": '#include "rows.hpp"\nnamespace poolfit { namespace { struct Cell { int n; }; const int seven = 7;\n'
                        "auto make() -> Cell { return {14}; } }\nconst int& kept() { return seven; }\n"
                        "int returned() { return make().n; } }\n",
    # what a file takes from another namespace hides another thing from those that follow
    "src/taken.cpp": '#include "rows.hpp"\nnamespace poolfit::sums { using other::Sum;\nint taken() { return Sum{}.n; } }\n',
    "src/own.cpp": '#include "rows.hpp"\nnamespace poolfit::sums { int own() { return Sum{}.n; } }\n',
    # inside is a namespace of another file, and both open the one that it is in
    "src/space.cpp": '#include "rows.hpp"\nnamespace poolfit::inside {\nint n = 1;\n}\nusing namespace poolfit;\n'
                     "int poolfit::seventh_too() { return inside::n; }\n",
    "src/spaced.cpp": '#include "rows.hpp"\nusing namespace poolfit;\nnamespace { int inside() { return 6; } }\n'
                      "int poolfit::spaced() { return inside(); }\n",
    # tests: what is local to each, also what it opens, has one name in both, and neither gets another
    "src/tested.cpp": '#include "rows.hpp"\n#include "tests.hpp"\nusing namespace poolfit;\nusing namespace poolfit::other;\n'
                      "namespace { const int check = 13; Named named; }\nTEST_CASE(tested) { return check + int(sizeof named); }\n",
    "src/tested_too.cpp": '#include "tests.hpp"\n#include "rows.hpp"\nusing namespace poolfit;\n'
                          "static int check() { return Row{}.check; }\nTEST_CASE(tested_too) { return check(); }\n",
    # another Named, in a namespace that the first of them opens: not beside it
    "src/named.cpp": '#include "named.hpp"\n#include "tests.hpp"\nTEST_CASE(third_test) { return poolfit::Named{}.n; }\n',
    "src/main.cpp": '#include <cstdio>\n#include "rows.hpp"\n#include "tests.hpp"\nint main() { using namespace poolfit;\n'
                    'std::printf("%d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d", first(), second(), third(), fourth(), fifth(), seventh(), eighth(), ninth(), tenth(),\n'
                    'base(), cell(), cell_too(), spaced(), ran, low(), lower(), pair(), returned(), kept(), sums::taken(), sums::own(), within(), floored(), floored_too(),\n'
                    'made(), nested(), std_base(), sums::listed(), sums::listed_too(), plus(), plus_too()); }\n',
}
TESTS = """#pragma once
#define TEST_CASE(name) static int case_##name(); const static int ran_##name = ran += case_##name(); static int case_##name()
inline int ran = 0;
"""
NAMED = "#pragma once\nnamespace poolfit { struct Named { int n = 100; }; }\n"
ALONE = {"src/sixth.cpp", "src/plus.cpp"}
WANTED = "11 22 4 4 5 7 8 9 10 7 4 5 6 115 11 12 13 14 7 2 1 16 101 1 2 3 4 4 31 102 2"
failed = []
passed = 0


def expect(what, seen, wanted):
    global passed
    if seen == wanted:
        passed += 1
    else:
        failed.append(f"{what}: {seen!r}, not {wanted!r}")


def run(*command, cwd):
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    except FileNotFoundError as missing:  # what was not compiled
        return f"failed: {missing}"
    return done.stdout if done.returncode == 0 else f"failed: {done.stderr}"


def main(root):
    script = root / "scripts/bundle.py"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "src").mkdir()
        for header, text in {"rows": HEADER, "tests": TESTS, "named": NAMED}.items():
            (folder / f"src/{header}.hpp").write_text(text)
        for path, text in FILES.items():
            (folder / path).write_text(text)
        sources = [str(folder / path) for path in FILES]
        count = int(run(sys.executable, script, "count", "16", name, *sources, cwd=folder))
        outputs = [f"bundle_{i}.cpp" for i in range(count)]

        def write():
            return run(sys.executable, script, "write", "16", name, "bundles.d", *outputs, "--", *sources, cwd=folder)

        def inside():
            return [re.findall(r'^#(?:include|line 1) "(src/\w+\.cpp)"', (folder / output).read_text(), re.M)
                    for output in outputs]

        expect("written", write(), "")
        expect("each file once", sorted(sum(inside(), [])), sorted(FILES))
        expect("fewer than the files", count - 1 < len(FILES), True)
        expect("alone", sorted(b for b in inside() if ALONE & set(b)), sorted([path] for path in ALONE))
        together = {path: i for i, bundle in enumerate(inside()) for path in bundle}
        expect("one name, two things", together["src/first.cpp"], together["src/second.cpp"])
        expect("a name that is a member's too", together["src/first.cpp"], together["src/third.cpp"])
        expect("one that has to come later", together["src/low.cpp"], together["src/lower.cpp"])
        expect("types that both use", together["src/seventh.cpp"], together["src/eighth.cpp"])
        expect("types like a header's, and one by two names", together["src/ninth.cpp"], together["src/tenth.cpp"])
        expect("two types of one name", together["src/cell.cpp"], together["src/cell_too.cpp"])
        expect("tests", together["src/tested.cpp"], together["src/tested_too.cpp"])
        expect("a test that would see two", together["src/tested.cpp"] == together["src/named.cpp"], False)
        expect("a spare one", inside()[-1], [])
        expect("compiled", run("g++", "-std=c++20", "-Wall", "-Werror", "-I.", *outputs, "-o", "program", cwd=folder), "")
        expect("run", run("./program", cwd=folder), WANTED)
        written = [(folder / output).stat().st_mtime_ns for output in outputs]
        write()
        expect("the same is not written again", [(folder / o).stat().st_mtime_ns for o in outputs], written)

        # listed the other way round, and all that can be together
        for most, listed in (("16", sources[::-1]), ("99", sources), ("99", sources[::-1])):
            count = int(run(sys.executable, script, "count", most, name, *listed, cwd=folder))
            others = [f"other_{i}.cpp" for i in range(count)]
            expect("written", run(sys.executable, script, "write", most, name, "others.d", *others, "--", *listed, cwd=folder), "")
            expect("compiled", run("g++", "-std=c++20", "-Wall", "-Werror", "-I.", *others, "-o", "other", cwd=folder), "")
            expect("run", run("./other", cwd=folder), WANTED)

        # a name that comes later and clashes
        later = FILES["src/fourth.cpp"].replace("namespace poolfit {", "namespace poolfit { namespace { const int most = 4; }", 1)
        (folder / "src/fourth.cpp").write_text(later.replace("return 4", "return most"))
        expect("written", write(), "")
        expect("compiled", run("g++", "-std=c++20", "-Wall", "-Werror", "-I.", *outputs, "-o", "program", cwd=folder), "")
        expect("run", run("./program", cwd=folder), WANTED)
    print("\n".join(failed), end="\n" if failed else "")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
