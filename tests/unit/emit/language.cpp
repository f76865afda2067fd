// Comments and literals of each language: no name ends one, or is more than text in it.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <poolfit/emit/language.hpp>

namespace poolfit::emit {
namespace {

TEST_CASE("a literal is the text and nothing else") {
    struct Case {
        Language language;
        std::string_view text, literal;
    };
    constexpr Case cases[] = {
        {Language::javascript, "it's \\ ${x}", R"('it\'s \\ ${x}')"},
        {Language::javascript, "a\nb", R"('a\u000ab')"},
        {Language::python, "it's {x}", R"('it\'s {x}')"},
        {Language::python, "\U000e0041", R"('\U000e0041')"},
        {Language::ruby, "\"#{x}\"", R"("\"\#{x}\"")"},
        {Language::ruby, "a\nb", R"("a\u{a}b")"},
        {Language::elixir, "#{x}", R"("\#{x}")"},
        {Language::java, "a\nb", R"("a\012b")"},
        {Language::java, "\\u000a", R"("\\u000a")"},
        {Language::go, "say \"%s\"", R"("say \"%s\"")"},
        {Language::rust, "a\tb", R"("a\u{9}b")"},
        {Language::csharp, "\"{x}\"", R"("\"{x}\"")"},
        {Language::sql, "it's", "'it''s'"},
        {Language::sql, "a\\'b", R"(E'a\\''b')"},
        {Language::sql, "a\nb", R"(E'a\u000ab')"},
        {Language::ini, "it's", "'it''s'"},
        {Language::ini, "a\n[pgbouncer]", "'a?[pgbouncer]'"},
        {Language::shell, "$(x) 'y'", R"('$(x) '\''y'\''')"},
        {Language::terraform, "${x} %{y} 5% $z", R"("$${x} %%{y} 5% $z")"},
        {Language::yaml, "a: \"b\" # c", R"("a: \"b\" # c")"},
        {Language::json, "</script>", R"("\u003c/script>")"},
        {Language::json, "\xe2\x80\xae", R"("\u202e")"},
        {Language::properties, " a\\b\nc", R"(\ a\\b\u000ac)"},
        {Language::markdown, "a`b", "``a`b``"},
        {Language::markdown, "`", "`` ` ``"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.text);
        CHECK(quoted(each.language, each.text) == each.literal);
    }
}

TEST_CASE("bytes that are no UTF-8 become U+FFFD") {
    CHECK(quoted(Language::json, "a\xff") == "\"a\\ufffd\"");
    CHECK(quoted(Language::rust, "a\xff") == "\"a\\u{fffd}\"");
}

TEST_CASE("names in SQL are quoted") {
    CHECK(sql_name("api") == "\"api\"");
    CHECK(sql_name("a\"; drop") == "\"a\"\"; drop\"");
    CHECK(mysql_name("a`b") == "`a``b`");
}

TEST_CASE("a comment ends with its line") {
    CHECK(comment(Language::sql, "one\ntwo") == "-- one\n-- two\n");
    CHECK(comment(Language::python, "a\rb\x1b") == "# a\\x0db\\x1b\n");
    CHECK(comment(Language::java, "C:\\users") == "// C:\\ users\n");
    CHECK(comment(Language::markdown, "a --> b ---") == "<!-- a - -> b - - - -->\n");
    CHECK(comment(Language::ini, "") == ";\n");
}

TEST_CASE("a part of a path is one") {
    CHECK(path_part("api.main") == "api.main");
    CHECK(path_part("../x y") == "_._x_y");
    CHECK(path_part("") == "_");
}

}  // namespace
}  // namespace poolfit::emit
