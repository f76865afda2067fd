#!/usr/bin/env python3
"""What mutants.py changes and what it leaves alone."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import mutants  # noqa: E402

# code, and all that may become of it
CHANGES = [
    ("if (a < b) f();", ["if (a <= b) f();"]),
    ("x = a == b;", ["x = a != b;"]),
    ("x = a + b * c;", ["x = a - b * c;", "x = a + b / c;"]),
    ("x += a;", ["x -= a;"]),
    ("x = a && b || c;", ["x = a || b || c;", "x = a && b && c;"]),
    ("x = !done;", ["x = done;"]),
    ("x = std::min(a, b);", ["x = std::max(a, b);"]),
    ("x = std::max<double>(a, b);", ["x = std::min<double>(a, b);"]),
    ("x = std::ceil(a);", ["x = std::floor(a);"]),
    ("x = range.low;", ["x = range.high;"]),
    ("x = list.front();", ["x = list.back();"]),
    ("return true;", ["return false;"]),
    ("x = 0;", ["x = 1;"]),
    ("x = 1;", ["x = 0;"]),
    ("x = 41u;", ["x = 42u;"]),
    ("x = 1'000;", ["x = 1001;"]),
    ("x = 0x1F;", ["x = 0x20;"]),
    ("x = 0.5;", ["x = 1.5;"]),
    ("x = 1.0;", ["x = 0.0;"]),
    ("x = 2e6;", ["x = 4000000.0;"]),
    ("a[1] = b;", ["a[0] = b;"]),
]
LEFT_ALONE = [
    "// a < b and 1",
    "/* a < b\n 1 */",
    'x = "a < b, 1";',
    "x = ' ';",
    'x = R"(a < b 1)";',
    "#include <a/1.hpp>",
    "#define ONE 1 + \\\n  1",
    "static_assert(sizeof(x) == 8 && true);",
    "std::vector<int> list;",
    "template <typename T> struct Box;",
    "template <std::size_t N = 8> struct Row;",
    "std::array<std::array<int, 3>, 4> grid;",
    "const T* p = &x;",
    "T&& x = *p;",
    "bool operator<(const T& other) const;",
    "bool operator!() const;",
    "auto x = a <=> b;",
    "x->low();",
    "x = -y;",
    "limit = std::numeric_limits<double>::max();",
]


def main():
    passed, failed = 0, []
    cases = [*CHANGES, *((code, []) for code in LEFT_ALONE)]
    for code, wanted in cases:
        text = f"first\n  {code}\n"
        found = mutants.mutants_of("a.cpp", text)
        made = [mutant.applied(text).split("  ", 1)[1][:-1] for mutant in found]
        if made == wanted and all(text.splitlines()[m.line - 1][m.column - 1:].startswith(m.old) for m in found):
            passed += 1
        else:
            failed.append(f"{code}\n  wanted {wanted}\n  made   {made}")
    some = mutants.mutants_of("a.cpp", "x = a + b;\ny = c + 2;\nz = d < e;\nx = a + b;\n")
    moved = mutants.mutants_of("a.cpp", "\n\nx = a + b;\ny = c + 2;\nz = d < e;\nx = a + b;\n")
    order = [[(m.excerpt, m.old) for m in mutants.in_seeded_order(these, 1)] for these in (some, moved)]
    for words, so in [
        ("the same seed, the same order, wherever the lines are", order[0] == order[1]),
        ("another seed, another order", any([m.id for m in mutants.in_seeded_order(some, 1)] !=
                                            [m.id for m in mutants.in_seeded_order(some, seed)] for seed in (2, 3, 4))),
        ("all are in the order", sorted(m.id for m in mutants.in_seeded_order(some, 1)) == sorted(m.id for m in some)),
    ]:
        passed += so
        if not so:
            failed.append(words)
    for words in failed:
        print("FAILED", words)
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
