// Text that is no TOML or no JSON: one line in our own words, at the marked bytes, with a fix.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

struct Row {
    std::string_view text;  ///< the place between « and »
    std::string_view message, fix;
};

constexpr Row toml[] = {
    {"wait = «5 ms»", "5 ms is not a TOML value", "wait = \"5 ms\""},
    {"wait = «80%»  # of all", "80% is not a TOML value", "wait = \"80%\""},
    {"driver = «postgres.js»", "postgres.js is not a TOML value", "driver = \"postgres.js\""},
    {"max = «max(5, 2 * X)»", "max(5, 2 * X) is not a TOML value", "max = \"max(5, 2 * X)\""},
    {"a = «x\"y»", "x\"y is not a TOML value", "a = 'x\"y'"},
    {"in_use = «4-5»", "4-5 is not a TOML value", "in_use = \"4-5\""},
    {"a = «16.8.1»", "16.8.1 is not a TOML value", "a = \"16.8.1\""},
    {"a = «True»", "True is not a TOML value", "a = true"},
    {"a = «no»", "no is not a TOML value", "a = false"},
    {"a = «01»", "01 has a leading zero", "a = 1"},
    {"a = «1e999»", "1e999 is too large for a number", "write a smaller number"},
    {"a = «99999999999999999999»", "99999999999999999999 is too large for a number", "write a smaller number"},
    {"until = «2026-02-30»", "2026-02-30 is not a calendar date", "write until = 2026-12-31, for example"},
    {"wait «=»", "wait has no value", "write wait = …, or remove the line"},
    {"«wait»", "wait has no value", "write wait = …"},
    {"wait«:» 5", "expected = after the key", "wait = 5"},
    {"a = 1«,»", "a \",\" after the value", "a = 1"},
    {"a = 1«;»", "a \";\" after the value", "a = 1"},
    {"a = 1 «b» = 2", "nothing may follow the value on its line", "one key = value per line"},
    {"a = \"x\" «y»", "nothing may follow the value on its line", "one key = value per line; comments start with #"},
    {"a = «\"abc»\nb = 1", "a string that doesn't end on its line", "close it with \""},
    {"a = «'abc»", "a string that doesn't end on its line", "close it with '"},
    {"a = \"x«\\q»\"", "a backslash starts an escape that TOML doesn't have",
     "write \\\\ for a backslash, or put the text in single quotes"},
    {"a = \"x«\x01»\"", "a control character inside a string", "remove it, or write it as an escape such as \\u001b"},
    {"a = [1, «2»", "the file ends inside a list", "close it with ]"},
    {"a = [1 «2»]", "expected a comma or ] in the list", "separate the items with commas, close the list with ]"},
    {"a = [1,«,»2]", "a comma with nothing before it", "remove the comma"},
    {"a = {x=«1»", "the file ends inside a table", "close it with }"},
    {"a = {x=1 «y»=2}", "expected a comma or } in the table", "separate the pairs with commas, close the table with }"},
    {"a = {x=1,«}»", "a comma before }", "remove the comma"},
    {"«[database»", "a header that doesn't end", "close it with ]"},
    {"«[[database]»", "a header that doesn't end", "close it with ]]"},
    {"[database]«]»", "this header is not well-formed", "[[database]] on a line of its own"},
    {"[a] «b» = 1", "this header is not well-formed", "[a] on a line of its own"},
    {"[«]»", "this header is not well-formed", "write a name between the brackets"},
    {"«{»\"a\": 1}", "expected a key or a header; this looks like JSON", "name the file with .json at its end"},
    {"«/»/ c", "expected a key or a header", "comments start with #"},
    {"«é» = 1", "expected a key or a header", "key = value, [table] or [[list]]"},
    {"a = 1\n«a» = 2", "a is given twice", "remove one of the two"},
    {"a = {x=1, «x»=2}", "x is given twice", "remove one of the two"},
    {"[policy]\n«[policy]»", "[policy] is given twice",
     "merge the two, or write [[policy]] for each of several records"},
    {"[[a]]\nx=1\n[[a]]\nx=2\n«x»=3", "x is given twice", "remove one of the two"},
};

constexpr Row json[] = {
    {"«{»", "the file ends inside an object", "close it with }"},
    {"{\"a\": [«1»", "the file ends inside a list", "close it with ]"},
    {"{\"a\": 1«,»}", "a comma before }", "remove the comma"},
    {"{\"a\": [1«,»]}", "a comma before ]", "remove the comma"},
    {"{\"a\": 1 «\"»b\": 2}", "expected a comma", "put a comma between the two"},
    {"{\"a\": [1 «2»]}", "expected a comma", "put a comma between the two"},
    {"{\"a\" «1»}", "expected : after the key", "write \"key\": value"},
    {"{\"a\": «}»", "expected a value after the key", "write the value, or remove the key"},
    {"{«a»: 1}", "a is not a key in double quotes", "write one \"key\": value after another, with commas between"},
    {"{\"a\": «True»}", "True is not a JSON value", "write true"},
    {"{\"a\": «NaN»}", "NaN is not a number of JSON", "write a finite number"},
    {"{\"a\": «-Infinity»}", "-Infinity is not a number of JSON", "write a finite number"},
    {"{\"a\": «1e999»}", "1e999 is too large for a number", "write a smaller number"},
    {"{\"a\": «01»}", "01 has a leading zero", "write it without"},
    {"{\"a\": «80%»}", "80% is not a JSON value", "write \"80%\""},
    {"{\"a\": «5 ms», \"b\": 1}", "5 ms is not a JSON value", "write \"5 ms\""},
    {"{\"a\": «'»x'}", "JSON strings use double quotes", "write \" instead of '"},
    {"{\"a\": «\"x}»\n}", "a string that doesn't end on its line", "close it with \""},
    {"{\"a\": \"x«\\q»\"}", "a backslash starts an escape that JSON doesn't have", "write \\\\ for a backslash"},
    {"{\"a\": \"«\\ud800»\"}", "half of a pair of \\u escapes", "write the character itself"},
    {"{\"a\": \"x«\t»y\"}", "a control character inside a string", "write it as an escape such as \\t"},
    {"{\"a\": 1} «//» c", "JSON has no comments", "remove it, or write the inventory in TOML"},
    {"{\"a\": 1}«}»", "something follows the end of the object", "remove it"},
    {"«[1]»", "expected an object, found a list", "start with { \"schema\": \"poolfit-inventory/1\", … }"},
    {"«nonsense»", "nonsense is not JSON", "start with { \"schema\": \"poolfit-inventory/1\", … }"},
    {"{\"é\": {\"a\": 1, «\"a\"»: 2}}", "'a' is given twice", "remove one of the two"},
};

void check(std::span<const Row> rows, std::string_view name) {
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto marked = unmark(row.text);
        const auto loaded = load_text(marked.text, {}, std::string(name));
        CHECK(loaded.list() == fmt::format("{} {}\n", marked.position, row.message));
        REQUIRE(!loaded.diagnostics.all().empty());
        const auto& made = loaded.diagnostics.all()[0];
        CHECK(made.place.span.begin == marked.begin);
        // An array's place is its first bracket in JSON.
        if (row.text != "«[1]»") CHECK(made.place.span.end == marked.end);
        CHECK(made.fix == row.fix);
    }
}

}  // namespace

TEST_CASE("load: TOML syntax errors") { check(toml, "a.toml"); }
TEST_CASE("load: JSON syntax errors") { check(json, "a.json"); }

TEST_CASE("load: where a key stood first") {
    const auto first = [](std::string text, std::string name = "a.toml") {
        const auto loaded = load_text(std::move(text), {}, std::move(name));
        REQUIRE(loaded.diagnostics.all().size() == 1);
        REQUIRE(loaded.diagnostics.all()[0].notes.size() == 1);
        CHECK(loaded.diagnostics.all()[0].label == "again");
        CHECK(loaded.diagnostics.all()[0].notes[0].first == "first");
        return loaded.diagnostics.all()[0].notes[0].second;
    };
    CHECK(first("a = 1\nb = 2\na = 3\n") == "a.toml:1:1");
    CHECK(first("[x]\na = 1\n[y]\na = 1\n\"a\" = 2\n") == "a.toml:4:1");
    CHECK(first("[[x]]\na = 1\n[[x]]\n  a = 1\na = 2\n") == "a.toml:4:3");
    CHECK(first("[[x]]\n[[x.y]]\na = 1\n[[x]]\n[[x.y]]\nb = [{a = 1}, {a = 2}]\na = 1\na = 2\n") == "a.toml:7:1");
    CHECK(first("a = { b = 1, c = 2, b = 3 }\n") == "a.toml:1:7");
    CHECK(first("[x.y]\n[z]\n[x.y]\n") == "a.toml:1:1");
    CHECK(first("a = 1\n[a.b]\n") == "a.toml:1:1");
    CHECK(first("a = \"# [b]\"\n[b]\na = '''\n[b]\n'''\n[b]\n") == "a.toml:2:1");
    CHECK(first("{\"a\": 1,\n \"b\": {\"a\": 2, \"a\": 3}}", "a.json") == "a.json:2:8");
}

TEST_CASE("load: TOML or JSON by the name, else by the first character") {
    CHECK(load_text("{", {}, "x").list() == "1:1 the file ends inside an object\n");
    CHECK(load_text("\xEF\xBB\xBF {", {}, "x").list() == "1:3 the file ends inside an object\n");
    CHECK(load_text("[", {}, "x").list() == "1:1 a header that doesn't end\n");
    CHECK(load_text("a: 1", {}, "x.json").list() == "1:1 a is not JSON\n");
    CHECK(load_text("{", {}, "x.toml").list() == "1:1 expected a key or a header; this looks like JSON\n");
}
