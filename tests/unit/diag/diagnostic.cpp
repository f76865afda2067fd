#include <poolfit/diag/diagnostic.hpp>

#include <doctest/doctest.h>

#include <poolfit/diag/text.hpp>

using namespace poolfit;
using diag::Style;

namespace {

// The place of `needle` in the source.
Place at(const SourceText& source, std::string_view needle) {
    const std::size_t begin = source.text().find(needle);
    REQUIRE(begin != std::string_view::npos);
    return {&source, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + needle.size())}};
}

}  // namespace

TEST_CASE("diagnostic: the whole text") {
    const SourceText source("infra/poolfit.toml", std::string(40, '\n') + "instanes = 4\n");
    Diagnostic d;
    d.message = "unknown key 'instanes' in [[service]]";
    d.place = at(source, "instanes");
    d.label = "did you mean 'instances'?";
    d.fix = "instances = 4";
    d.notes = {{"allowed", "recreate, rolling, blue-green"}};
    CHECK(diag::print(d, {}) ==
          "error: unknown key 'instanes' in [[service]]\n"
          "  --> infra/poolfit.toml:41:1\n"
          "   |\n"
          "41 | instanes = 4\n"
          "   | ^^^^^^^^ did you mean 'instances'?\n"
          "   |\n"
          "   = fix     instances = 4\n"
          "   = allowed recreate, rolling, blue-green\n");
    d.severity = Severity::warning;
    CHECK(diag::print(d, {.colour = true}) ==
          "\x1b[1;33mwarning\x1b[0m: unknown key 'instanes' in [[service]]\n"
          "  --> infra/poolfit.toml:41:1\n"
          "   |\n"
          "41 | instanes = 4\n"
          "   | \x1b[1;33m^^^^^^^^\x1b[0m did you mean 'instances'?\n"
          "   |\n"
          "   = fix     instances = 4\n"
          "   = allowed recreate, rolling, blue-green\n");
}

TEST_CASE("diagnostic: without a place, with and without notes") {
    Diagnostic d{Severity::info, "no prices", {}, "a label without a place", {}, ""};
    CHECK(diag::print(d, {}) == "info: no prices\n");
    d.fix = "add [[price]]";
    CHECK(diag::print(d, {.colour = true}) == "\x1b[1;34minfo\x1b[0m: no prices\n   = fix     add [[price]]\n");
    CHECK(diag::excerpt({}, "label", {}) == "");
    CHECK(diag::print_notes({}, {}, {}) == "");
}

TEST_CASE("diagnostic: the gutter follows the line number") {
    const SourceText source("a", "x = 1\n" + std::string(1200, '\n') + "yy = 2");
    CHECK(diag::excerpt(at(source, "x"), "", {}) == " --> a:1:1\n  |\n1 | x = 1\n  | ^\n");
    CHECK(diag::excerpt(at(source, "yy"), "", {}) == "    --> a:1202:1\n     |\n1202 | yy = 2\n     | ^^\n");
    CHECK(diag::print_notes(at(source, "yy"), {{"fix", "yy = 3"}}, {}) == "     |\n     = fix     yy = 3\n");
}

TEST_CASE("diagnostic: empty places, places past the end, places over several lines") {
    const SourceText source("a", "one = [\n  1,\n]\n");
    CHECK(diag::excerpt({&source, {4, 4}}, "here", {}) == " --> a:1:5\n  |\n1 | one = [\n  |     ^ here\n");
    CHECK(diag::excerpt({&source, {6, 14}}, "", {}) == " --> a:1:7\n  |\n1 | one = [\n  |       ^\n");
    CHECK(diag::excerpt({&source, {0, 14}}, "", {}) == " --> a:1:1\n  |\n1 | one = [\n  | ^^^^^^^\n");
    CHECK(diag::excerpt({&source, {7, 9}}, "", {}) == " --> a:1:8\n  |\n1 | one = [\n  |        ^\n");
    CHECK(diag::excerpt({&source, {99, 200}}, "the end", {}) == " --> a:4:1\n  |\n4 |\n  | ^ the end\n");
    CHECK(diag::excerpt({&source, {5, 2}}, "", {}) == " --> a:1:6\n  |\n1 | one = [\n  |      ^\n");
    const SourceText empty("e", "");
    CHECK(diag::excerpt({&empty, {0, 0}}, "", {}) == " --> e:1:1\n  |\n1 |\n  | ^\n");
}

TEST_CASE("diagnostic: carets stay under tabs, wide characters and marks") {
    const SourceText tabs("a", "\tkey\t= 1");
    CHECK(diag::excerpt(at(tabs, "= 1"), "", {}) == " --> a:1:6\n  |\n1 |     key    = 1\n  |            ^^^\n");
    const SourceText wide("a", "名前 = é x");
    CHECK(diag::excerpt(at(wide, "前"), "", {}) == " --> a:1:2\n  |\n1 | 名前 = é x\n  |   ^^\n");
    const SourceText marks("a", "e\u0301 = x");
    CHECK(diag::excerpt(at(marks, "x"), "", {}) == " --> a:1:6\n  |\n1 | e\u0301 = x\n  |     ^\n");
}

TEST_CASE("diagnostic: nothing raw reaches the terminal") {
    using namespace std::string_view_literals;
    const SourceText source("a\x1b[2J.toml", std::string("\x1b[31m\0\xff\u202e\u009b = x"sv));
    CHECK(diag::excerpt(at(source, "x"), "a\nlabel\x07", {}) ==
          " --> a\\x1b[2J.toml:1:13\n"
          "  |\n"
          "1 | \\x1b[31m\\x00?\\u202e\\x9b = x\n"
          "  |                           ^ a\\x0alabel\\x07\n");
    Diagnostic d{Severity::error, "m\x1b]0;t\x07", {}, "", {{"n\r", "v\x1b"}}, ""};
    CHECK(diag::print(d, {}) == "error: m\\x1b]0;t\\x07\n   = n\\x0d   v\\x1b\n");
}

TEST_CASE("diagnostic: ASCII only where the terminal has no Unicode") {
    const SourceText source("a", "café = 1");
    const Style ascii{.unicode = false};
    CHECK(diag::excerpt(at(source, "= 1"), "4–5 × 2 → 10", ascii) ==
          " --> a:1:6\n  |\n1 | caf\\u00e9 = 1\n  |           ^^^ 4-5 x 2 -> 10\n");
    CHECK(diag::visible("😀\xf0", false) == "\\U0001f600?");
}

TEST_CASE("diagnostic: long lines are cut around the caret") {
    const SourceText source("a", std::string(50000, 'a') + "KEY" + std::string(50000, 'b'));
    CHECK(diag::excerpt(at(source, "KEY"), "here", {.width = 44}) ==
          " --> a:1:50001\n"
          "  |\n"
          "1 | …aaaaaaaaaaaaKEYbbbbbbbbbbbbbbbbbbbbbbb…\n"
          "  |              ^^^ here\n");
    CHECK(diag::excerpt({&source, {100003, 100003}}, "", {.unicode = false, .width = 44}) ==
          " --> a:1:100004\n"
          "  |\n"
          "1 | ...bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"
          "  |                                      ^\n");
    CHECK(diag::excerpt({&source, {0, 100003}}, "", {.width = 44}) ==
          " --> a:1:1\n"
          "  |\n"
          "1 | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\n"
          "  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n");
}

TEST_CASE("diagnostic: long labels and notes wrap") {
    const SourceText source("a", "pool_size = 5\nthe_key_with_a_long_name_for_a_setting = true\n");
    const Style narrow{.width = 60};
    CHECK(diag::excerpt(at(source, "5"), "10 pods × 4 procs × 5 = 200 while old and new pods overlap", narrow) ==
          " --> a:1:13\n"
          "  |\n"
          "1 | pool_size = 5\n"
          "  |             ^ 10 pods × 4 procs × 5 = 200 while old and\n"
          "  |               new pods overlap\n");
    CHECK(diag::excerpt(at(source, "true"), "this service has no such setting in this version", narrow) ==
          " --> a:2:42\n"
          "  |\n"
          "2 | the_key_with_a_long_name_for_a_setting = true\n"
          "  |                                          ^^^^\n"
          "  | this service has no such setting in this version\n");
    CHECK(diag::print_notes(at(source, "5"),
                            {{"limit", "181 max_connections (observed) − 5 reserved = 176 of them usable"},
                             {"fix", "[[price]]\nclass = \"x\"\n"}},
                            narrow) ==
          "  |\n"
          "  = limit   181 max_connections (observed) − 5\n"
          "            reserved = 176 of them usable\n"
          "  = fix     [[price]]\n"
          "            class = \"x\"\n");
}

TEST_CASE("diagnostics: past the limit they are counted and still usable") {
    Diagnostics diagnostics;
    Diagnostic& first = diagnostics.error({}, "first");
    for (int i = 0; i < 200; ++i) diagnostics.error({}, "more").label = "label";
    first.label = "still here";
    diagnostics.warning({}, "late").notes.emplace_back("a", "b");
    CHECK(diagnostics.has_errors());
    CHECK(diagnostics.error_count() == 201);
    CHECK(diagnostics.all().size() == Diagnostics::limit);
    CHECK(diagnostics.dropped() == 102);
    CHECK(diagnostics.all().front().label == "still here");
}

TEST_CASE("diagnostics: sorted by file, then position; stable") {
    const SourceText a("a", "xyz"), b("b", "xyz");
    Diagnostics diagnostics;
    diagnostics.warning({&b, {0, 1}}, "1");
    diagnostics.error({&a, {2, 3}}, "2");
    diagnostics.error({&a, {0, 1}}, "3");
    diagnostics.error({}, "4");
    diagnostics.error({&a, {2, 3}}, "5", "a fix");
    diagnostics.sort();
    std::string order;
    for (const Diagnostic& d : diagnostics.all()) order += d.message;
    CHECK(order == "43251");
    CHECK(diagnostics.error_count() == 4);
    CHECK(diagnostics.all()[3].fix == "a fix");
}
