// The page's own pieces; tests/html reads whole pages as a browser does.
#include <set>
#include <string>

#include <doctest/doctest.h>

#include <poolfit/render/format.hpp>
#include <src/render/html_page.hpp>
#include <src/render/pictures.hpp>

#include "fixture.hpp"

using namespace poolfit;

TEST_CASE("HTML: cells, lists and heads of others are text") {
    render::Html page;
    const std::string hostile = "</script><b a=\"'&\u202e";
    page.heading(2, hostile);
    page.paragraph(hostile);
    page.list({hostile});
    page.facts({{hostile, hostile}});
    page.table(hostile, {{hostile}, {"n", true}},
               {{render::html_cell(hostile), {render::html_name(hostile), hostile}}});
    const std::string text = page.take();
    CHECK(text.find("<b") == text.find("<bdi>"));
    CHECK(text.find("</script>") == std::string::npos);
    CHECK(text.find("\u202e") == std::string::npos);
    CHECK(text.find("data-sort=\"&lt;/script&gt;&lt;b a=&quot;&#39;&amp;\\u202e\"") != std::string::npos);
}

TEST_CASE("HTML: a blank line in a text ends a paragraph") {
    render::Html page;
    page.paragraphs("one\n\ntwo < three");
    page.paragraphs("");
    CHECK(page.take() == "<p>one</p>\n<p>two &lt; three</p>\n");
}

TEST_CASE("HTML: lines of a derivation stay lines") {
    CHECK(render::html_text_lines("a < b\n\n  c\n") == "a &lt; b\n\n  c\n");
}

TEST_CASE("shares of a limit have a colour and a word") {
    CHECK(render::tone_of(0.85) == svg::Tone::fine);
    CHECK(render::tone_word(0.85).empty());
    CHECK(render::tone_of(0.86) == svg::Tone::near);
    CHECK(render::tone_word(1.0) == "near");
    CHECK(render::tone_of(1.01) == svg::Tone::over);
    CHECK(render::tone_word(1.01) == "over");
}

TEST_CASE("files of pictures: names that differ in case and signs alone are told apart") {
    const auto made = test::report_text(R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "Orders.eu"
engine = "postgresql"
class = "db.t3.large"
max_connections = 100
[[database]]
name = "orders-eu"
engine = "postgresql"
class = "db.t3.large"
max_connections = 100
)");
    std::set<std::string> names;
    for (const render::NamedText& file : render::picture_files(made.report)) {
        CHECK(names.insert(file.name).second);
        CHECK(file.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string::npos);
        CHECK(file.text.find("<style>") != std::string::npos);
    }
    CHECK(names.contains("orders-eu-limits.svg"));
    CHECK(names.contains("orders-eu-limits-2.svg"));
}
