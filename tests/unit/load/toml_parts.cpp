// A long text is parsed in parts: whatever it says, the answer is that of the whole text.
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "../../../src/load/parsers.hpp"
#include "../../support/sanitized.hpp"

namespace {

using namespace poolfit;

std::string at(const Place& place) { return fmt::format("@{}-{}", place.span.begin, place.span.end); }

struct Dump {
    std::string out;
    void operator()(const load::Null&) { out += "null"; }
    void operator()(bool v) { out += v ? "true" : "false"; }
    void operator()(std::int64_t v) { out += fmt::format("{}", v); }
    void operator()(double v) { out += fmt::format("{}", v); }
    void operator()(const std::string& v) { out += '"' + v + '"'; }
    void operator()(const load::DateText& v) { out += v.text; }
    void operator()(const load::Array& v) {
        out += v.of_headers ? "[[" : "[";
        for (const auto& item : v.items) value(item);
        out += ']';
    }
    void operator()(const load::Table& v) {
        out += fmt::format("{{form {} ", static_cast<int>(v.form));
        for (const auto& member : v.members) {
            out += member.key + at(member.key_place) + " = ";
            value(member.value);
        }
        out += '}';
    }
    void value(const load::Value& v) {
        std::visit(*this, v.data);
        out += at(v.place) + (v.text_begin ? fmt::format(" text {}; ", *v.text_begin) : "; ");
    }
};

/// All that came of a text: its values and their places, or what is wrong with it.
std::string outcome(const SourceText& source, std::size_t part) {
    Diagnostics diagnostics;
    const auto document = load::parse_toml(source, diagnostics, part);
    Dump dump;
    if (document) dump(document->root);
    for (const auto& one : diagnostics.all())
        dump.out += fmt::format("\n{} {} {}", at(one.place), one.message, one.fix);
    return dump.out;
}

/// Lines that go together, and many that do not.
std::string text_of(std::uint64_t seed) {
    static constexpr std::string_view lines[] = {"[[database]]",
                                                 "[[database]]",
                                                 "[[service]]",
                                                 "[[service]]",
                                                 "[[service.pool]]",
                                                 "[[\"service\"]]",
                                                 "[service.limits]",
                                                 "[policy]",
                                                 "[policy.more]",
                                                 "[[database.standby]]",
                                                 "  [[database]] # another",
                                                 "name = \"a\"",
                                                 "size = { min = 1, max = 2 }",
                                                 "limits.cpu = 0.5",
                                                 "note = '''\n[[service]]\n'''",
                                                 "list = [\n  1, # [[service]]\n  2,\n]",
                                                 "# [[service]]",
                                                 "",
                                                 "wide = \"é → ü\"",
                                                 "database = []",
                                                 "when = 2026-01-02",
                                                 "wrong = ",
                                                 "\"quoted key\" = true"};
    std::string text = seed % 5 == 0 ? "\xEF\xBB\xBF" : "";
    const std::uint64_t kinds = seed % 3 == 0 ? std::size(lines) : std::size(lines) - 4;
    std::uint64_t state = seed * 0x9E3779B97F4A7C15 + 1;
    for (int line = 0; line < 14; ++line) {
        state = state * 6364136223846793005 + 1442695040888963407;
        std::string_view written = lines[(state >> 33) % kinds];
        if (const auto equals = written.find('='); equals != written.npos && equals > 1 && written[0] != '"')
            text += fmt::format("{}{}{}", written.substr(0, equals - 1), line, written.substr(equals - 1));
        else
            text += written;
        text += seed % 4 == 0 ? "\r\n" : "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("load: what is parsed in parts, on several threads, is what the whole text says") {
    int good = 0;
    for (std::uint64_t seed = 0; seed < test::sampled(4000); ++seed) {
        CAPTURE(seed);
        Sources sources;
        const SourceText& source = sources.add("poolfit.toml", text_of(seed));
        CAPTURE(source.text());
        const auto whole = outcome(source, std::numeric_limits<std::size_t>::max());
        good += whole.find('\n') == whole.npos ? 1 : 0;
        for (const std::size_t part : {std::size_t{1}, std::size_t{60}}) CHECK(outcome(source, part) == whole);
    }
    CHECK(good > test::sampled(400));
}

TEST_CASE("load: a long text has its records in order, on any number of threads") {
    std::string text = "schema = \"poolfit-inventory/1\"\n";
    constexpr int records = 20'000;
    for (int i = 0; i < records; ++i)
        text += fmt::format("[[database]]\nname = \"d{}\"\n[[service]]\nname = \"s\"\n", i);
    Sources sources;
    const SourceText& source = sources.add("poolfit.toml", text);
    Diagnostics diagnostics;
    const auto document = load::parse_toml(source, diagnostics);
    REQUIRE(document);
    REQUIRE(document->root.members.size() == 3);
    const auto& databases = document->root.members[1].value.as<load::Array>()->items;
    REQUIRE(databases.size() == records);
    for (int i = 0; i < records; ++i) {
        const auto& member = databases[static_cast<std::size_t>(i)].as<load::Table>()->members.front();
        REQUIRE(*member.value.as<std::string>() == fmt::format("d{}", i));
        REQUIRE(source.text().substr(member.key_place.span.begin, 4) == "name");
    }
}

TEST_CASE("load: what is too much for one text is too much for its parts") {
    const auto refused = [](const std::string& text, std::string_view why) {
        Sources sources;
        const SourceText& source = sources.add("poolfit.toml", text);
        const std::string whole = outcome(source, std::numeric_limits<std::size_t>::max());
        CHECK(whole.find(why) != whole.npos);
        CHECK(outcome(source, 1000) == whole);
    };
    std::string deep;
    for (int i = 0; i < 1000; ++i) deep += "[[database]]\nname = \"a\"\n";
    refused(deep + "list = " + std::string(10'000, '['), "brackets nested more than");
    if (test::sanitized) {
        MESSAGE("the longer texts are left to the build without sanitizers: two minutes here");
        return;
    }
    std::string dotted, headers;
    for (int i = 0; i < 20'001; ++i) dotted += "[[database]]\nlimits.cpu = 1\n";
    refused(dotted, "too many tables and dotted keys");
    for (int i = 0; i < 35'000; ++i) headers += fmt::format("[[service]]\n[a{}.b]\n[c{}.d]\n", i, i);
    refused(headers, "too many tables and dotted keys");
}
