// Text made to hurt: sizes, depths, bytes. Each is one clear error, and soon.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/sanitized.hpp"
#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::string times(std::size_t n, std::string_view text) {
    std::string out;
    out.reserve(n * text.size());
    for (std::size_t i = 0; i < n; ++i) out += text;
    return out;
}

constexpr std::size_t deep = 100'000;
constexpr std::string_view start =
    "schema = \"poolfit-inventory/1\"\nregion = \"eu-central-1\"\n[[database]]\nname = \"p\"\nengine = \"postgresql\"\n"
    "class = \"db.m5.large\"\n";

}  // namespace

TEST_CASE("load: a place ends where its text does") {
    // Found by the fuzz body of TOML inventories.
    const auto loaded = load_text("schema = \"poolfit-inventory/1\" # poolfit:");
    REQUIRE(loaded.diagnostics.error_count() > 0);
    for (const auto& made : loaded.diagnostics.all())
        if (made.place) CHECK(made.place.span.end <= made.place.source->text().size());
}

TEST_CASE("load: a message is one line, whatever the text has") {
    // Found by the fuzz body of JSON inventories.
    const auto loaded = load_text(R"({"schema": "poolfit-inventory/1", "region": "us-east-1",
        "database": [{"name": "db", "engine": "postgresql", "class": "db.m5.large"}],
        "service": [{"name": "s", "deploy": "rolling", "max_surge": "\n25%", "pool": []}]})",
                                  {}, "own.json");
    REQUIRE(loaded.diagnostics.error_count() > 0);
    for (const auto& made : loaded.diagnostics.all()) CHECK(made.message.find('\n') == made.message.npos);
}

TEST_CASE("load: an empty file says what an inventory looks like") {
    for (const auto* text : {"", " ", "\n\n\t\r\n", "\xEF\xBB\xBF", "\xEF\xBB\xBF\n"}) {
        const auto toml = load_text(text);
        CHECK(toml.list() == "1:1 no databases: poolfit.toml is empty\n");
        // What it shows is an inventory.
        CHECK(load_text(toml.diagnostics.all()[0].fix).list() == "");
        const auto json = load_text(text, {}, "p.json");
        CHECK(json.list() == "1:1 no databases: p.json is empty\n");
        CHECK(load_text(json.diagnostics.all()[0].fix, {}, "p.json").list() == "");
    }
    const auto comment = load_text("# nothing yet\n");
    CHECK(comment.list() == "1:1 no databases: poolfit.toml is empty\n");
    CHECK(load_text("schema = \"poolfit-inventory/1\"\n").list() == "1:1 no databases: poolfit.toml declares none\n");
    CHECK(load_text("schema = \"poolfit-inventory/1\"\ndatabase = []\n").list() ==
          "2:12 no databases: poolfit.toml declares none\n");
    CHECK(load_text("{}", {}, "p.json").list() == "1:1 no databases: p.json is empty\n");
}

TEST_CASE("load: nesting of any depth is an error, not a crash") {
    const auto list = [](std::string text, std::string name = "poolfit.toml") {
        return load_text(std::move(text), {}, std::move(name)).list();
    };
    CHECK(list("a = " + times(deep, "[")) == "1:69 brackets nested more than 64 deep\n");
    CHECK(list("a = " + times(deep, "[") + times(deep, "]")) == "1:69 brackets nested more than 64 deep\n");
    CHECK(list("a = " + times(deep, "{a=")) == "1:197 brackets nested more than 64 deep\n");
    CHECK(list("a = " + times(deep, "[{a=")) == "1:133 brackets nested more than 64 deep\n");
    CHECK(list("a" + times(deep, ".a") + " = 1") == "1:1 a key of more than 64 parts\n");
    CHECK(list("[a" + times(deep, ".a") + "]") == "1:1 a key of more than 64 parts\n");
    CHECK(list("[[a" + times(deep, " . 'a'") + "]]") == "1:1 a key of more than 64 parts\n");
    CHECK(list("a = {b" + times(deep, ".b") + " = 1}") == "1:6 a key of more than 64 parts\n");
    CHECK(list(times(deep, "["), "a.json") == "1:65 brackets nested more than 64 deep\n");
    CHECK(list(times(deep, "{\"a\":"), "a.json") == "1:321 brackets nested more than 64 deep\n");
    // Depths that add up past the limit.
    const auto both = list("[a" + times(60, ".a") + "]\nb = " + times(10, "[") + "1" + times(10, "]"));
    CHECK(both.find("nested more than 64 deep") != both.npos);
    // Brackets in strings and comments are no nesting.
    CHECK(list(std::string(start) + "version = \"16\" # " + times(deep, "[") + "\n") == "");
    CHECK(list(std::string(start) + "[[ignore]]\nrule = \"PF101\"\nreason = '''\n\"" + times(deep, "[{a.") +
               "'''\nowner = \"" + times(deep, "[\\\"") + "\"\n") == "");
}

TEST_CASE("load: a formula of 20,000 parentheses") {
    const auto loaded = load_text(
        std::string(start) + "[[service]]\nname = \"s\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"p\"\nmax = \"" +
        times(20'000, "(") + "1" + times(20'000, ")") + "\"\n");
    REQUIRE(loaded.diagnostics.all().size() == 1);
    CHECK(loaded.list().starts_with("12:"));
    CHECK(loaded.diagnostics.all()[0].fix != "");
}

TEST_CASE("load: bytes that are no text") {
    const auto one = [](std::string text, std::string_view expected) {
        CAPTURE(text);
        const auto loaded = load_text(text);
        CHECK(loaded.list() == expected);
        CHECK(loaded.diagnostics.all()[0].fix == "save the file as UTF-8 text");
    };
    one(std::string("a = 1\nb\0", 8), "2:2 a NUL byte: this is not a text file, or it is UTF-16\n");
    one(std::string("a\0=\0", 4), "1:2 a NUL byte: this is not a text file, or it is UTF-16\n");
    one("a = \"\xff\"", "1:6 byte 0xff is not valid UTF-8\n");
    one("a = \"\xc3\"", "1:6 byte 0xc3 is not valid UTF-8\n");
    one("é = \"\xed\xa0\x80\"", "1:6 byte 0xed is not valid UTF-8\n");
    one("a = \"\xc0\xaf\"", "1:6 byte 0xc0 is not valid UTF-8\n");
    one("a = \"\xf5\x80\x80\x80\"", "1:6 byte 0xf5 is not valid UTF-8\n");
    one("a = \"\xe2\x82", "1:6 byte 0xe2 is not valid UTF-8\n");
}

TEST_CASE("load: text that toml++ 3.3 takes for impossible") {
    CHECK(load_text("[\x01= 1").list() == "1:2 this header is not well-formed\n");
    CHECK(load_text("[é]").list() == "1:2 this header is not well-formed\n");
    CHECK(load_text("a é").list() == "1:3 expected = after the key\n");
    CHECK(load_text(std::string(start) + "[[ignore]]\nrule = \"PF101\"\nreason = \"\"\"x\\\n  é\"\"\"\n").list() == "");
}

TEST_CASE("load: a byte order mark and line ends of Windows") {
    std::string text(start);
    for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos; at += 2) text.replace(at, 1, "\r\n");
    CHECK(load_text("\xEF\xBB\xBF" + text).list() == "");
    const auto wrong = load_text("\xEF\xBB\xBF" + text + "bad = 1\r\n");
    CHECK(wrong.list() == "7:1 unknown key 'bad' in [[database]]\n");
    CHECK(wrong.diagnostics.all()[0].place.span.end - wrong.diagnostics.all()[0].place.span.begin == 3);
}

TEST_CASE("load: numbers that are none") {
    for (const auto* bad : {"nan", "inf", "-inf", "+nan"}) {
        CAPTURE(bad);
        const auto loaded = load_text(
            inventory_with("policy", fmt::format("wait = {0}\nobserved_buffer = {0}\nmin_savings = {0}", bad)));
        CHECK(loaded.diagnostics.error_count() == 3);
        const auto pool = load_text(inventory_with("pool", fmt::format("max = {0}\nin_use = {0}", bad)));
        CHECK(pool.diagnostics.error_count() == 2);
        const auto count = load_text(inventory_with("service", fmt::format("instances = {0}\nprocesses = {0}", bad)));
        CHECK(count.diagnostics.error_count() == 2);
    }
}

TEST_CASE("load: more than is read") {
    CHECK(load_text(std::string(load::max_file_size + 1, '#')).list() ==
          "1:1 the file is 97 MiB long; at most 96 MiB are read\n");
    if (test::sanitized) {
        MESSAGE("the texts that are parsed are left to the build without sanitizers");
        return;
    }
    const auto values = times(4'000'001, "1,");
    CHECK(load_text("a = [" + values + "]").list() == "1:8000005 more than 4000000 values in one file\n");
    CHECK(load_text("{\"a\":[" + values + "1]}", {}, "a.json").list() ==
          "1:8000007 more than 4000000 values in one file\n");
    CHECK(load_text(times(1'000'001, "[[a]]\n")).list() == "1000001:1 too many tables and dotted keys in one file\n");
    CHECK(load_text(times(200'001, "[[host]]\n")).list().ends_with("\n200001:1 more than 200000 records [[host]]\n"));
}

TEST_CASE("load: tables that only longer headers imply are counted where headers are many") {
    std::string implied, again;
    for (int i = 0; i < 20'001; ++i) implied += fmt::format("[a{}.b]\n", i);
    const auto many = times(60'000, "[[host]]\n");
    CHECK(load_text(implied).list().find("too many tables") == std::string::npos);
    if (test::sanitized) {
        MESSAGE("the longer texts are left to the build without sanitizers");
        return;
    }
    CHECK(load_text(implied + many).list() == "20001:1 too many tables and dotted keys in one file\n");
    // In each element of a list anew.
    for (int i = 0; i < 40'000; ++i) again += "[[a]]\n[a.b.c]\n";
    CHECK(load_text("[[a]]\n[a.b]\n" + again).list() == "40004:1 too many tables and dotted keys in one file\n");
    // Those that are declared are not.
    std::string declared;
    for (int i = 0; i < 40'000; ++i) declared += "[[a]]\n[a.b]\n[a.b.c]\n";
    CHECK(load_text(declared).list().find("too many tables") == std::string::npos);
}

TEST_CASE("load: ten thousand errors are counted, a hundred kept") {
    std::string text(start);
    for (int i = 0; i < 9'000; ++i)
        text += fmt::format("[[database]]\nname = \"{}{}\"\nreplica_of = \"{}x{}\"\n", times(40, "n"), i,
                            times(38, "n"), i);
    const auto loaded = load_text(text);
    CHECK(loaded.diagnostics.all().size() == Diagnostics::limit);
    CHECK(loaded.diagnostics.error_count() >= 1000);
    CHECK(loaded.list().starts_with("9:14 replica_of: no database named "));
}

TEST_CASE("load: long words are cut in messages") {
    const auto loaded = load_text(std::string(start) + times(5'000, "k") + " = 1\n");
    REQUIRE(loaded.diagnostics.all().size() == 1);
    CHECK(loaded.diagnostics.all()[0].message == "unknown key '" + times(40, "k") + "…' in [[database]]");
    const auto control = load_text(std::string(start) + "\"a\\u001b[31m\" = 1\n");
    CHECK(control.list() == "7:1 unknown key 'a\\x1b[31m' in [[database]]\n");
}
