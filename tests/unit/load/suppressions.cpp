// Suppressions as comments: where they count, what they hold, and every way to get one wrong.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr std::string_view head = R"(schema = "poolfit-inventory/1"
region = "eu-central-1"
)";

std::string with(std::string_view comment) {
    return fmt::format("{}{}\n[[database]]\nname = \"primary\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n",
                       head, comment);
}

const Ignore& only(const Loaded& loaded) {
    REQUIRE_MESSAGE(loaded.fleet, loaded.text());
    REQUIRE(loaded.fleet->ignores.size() == 1);
    return loaded.fleet->ignores[0];
}

}  // namespace

TEST_CASE("suppressions: a comment behind a key covers its line, with all that it says") {
    const auto loaded = load_text(std::string(head) + R"([[database]]
name = "primary"
engine = "postgresql"
class = "db.m5.large" # poolfit: ignore[PF101] until=2026-11-30 owner=dana reason="after the freeze, maybe" target=prim*
)");
    const Ignore& ignore = only(loaded);
    CHECK(*ignore.rule == "PF101");
    CHECK(diag::print(ignore.rule.place) == "poolfit.toml:6:41");
    CHECK(diag::print(ignore.place) == "poolfit.toml:6:23");
    CHECK(ignore.line == 6);
    CHECK(**ignore.until == Date{2026, 11, 30});
    CHECK(**ignore.owner == "dana");
    CHECK(**ignore.reason == "after the freeze, maybe");
    CHECK(**ignore.target == "prim*");
}

TEST_CASE("suppressions: on a line of its own a comment covers the next line that has more than a comment") {
    const auto loaded = load_text(with("# poolfit: ignore[PF301]\n\n# some other remark\n   # and one more"));
    CHECK(only(loaded).line == 7);
    CHECK(loaded.fleet->ignores[0].place.source->line(7) == "[[database]]");
}

TEST_CASE("suppressions: behind a header, inside a list, at the end of the file") {
    const auto loaded = load_text(std::string(head) + R"([policy]
deny = [
  "db.t3.*", # poolfit:ignore[PF103]
]
[[database]] # poolfit: ignore[PF302]
name = "primary"
engine = "postgresql"
class = "db.m5.large"
# poolfit: ignore[arm-cheaper])");
    REQUIRE(loaded.fleet);
    REQUIRE(loaded.fleet->ignores.size() == 3);
    CHECK(loaded.fleet->ignores[0].line == 5);
    CHECK(loaded.fleet->ignores[1].line == 7);
    CHECK(loaded.fleet->ignores[2].line == 11);  // nothing follows: it covers nothing, and lint says so
}

TEST_CASE("suppressions: several rules in one comment, a prefix and a name among them") {
    const auto loaded = load_text(with("# poolfit: ignore[PF3, old-generation ,PF101] reason=\"known\""));
    REQUIRE(loaded.fleet);
    REQUIRE(loaded.fleet->ignores.size() == 3);
    CHECK(*loaded.fleet->ignores[0].rule == "PF3");
    CHECK(*loaded.fleet->ignores[1].rule == "old-generation");
    CHECK(*loaded.fleet->ignores[2].rule == "PF101");
    for (const Ignore& ignore : loaded.fleet->ignores) CHECK(**ignore.reason == "known");
}

TEST_CASE("suppressions: other comments and texts in quotes are none") {
    const auto loaded =
        load_text(with("# run poolfit: it says so\n# poolfit plan\nname = \"# poolfit: ignore[PF1]\"\n"
                       "# \"poolfit: ignore[PF1]\""));
    REQUIRE_MESSAGE(loaded.fleet, loaded.text());
    CHECK(loaded.fleet->ignores.empty());
}

TEST_CASE("suppressions: lines end with a carriage return too, and records come before comments") {
    auto text = with("# poolfit: ignore[PF301] owner=dana") + "[[ignore]]\nrule = \"PF101\"\n";
    std::string windows;
    for (const char c : text) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
    const auto loaded = load_text(windows);
    REQUIRE_MESSAGE(loaded.fleet, loaded.text());
    REQUIRE(loaded.fleet->ignores.size() == 2);
    CHECK_FALSE(loaded.fleet->ignores[0].line);
    CHECK(loaded.fleet->ignores[1].line == 4);
    CHECK(**loaded.fleet->ignores[1].owner == "dana");
}

TEST_CASE("suppressions: what is wrong is said where it stands") {
    constexpr struct {
        std::string_view comment;  ///< the bad bytes between « and »
        std::string_view message, fix;
    } cases[] = {
        {"# poolfit: «ignroe»[PF101]", "a comment that begins with poolfit: is for poolfit, but 'ignroe' is unknown",
         "write # poolfit: ignore["},
        {"# poolfit: «disable»", "a comment that begins with poolfit: is for poolfit, but 'disable' is unknown",
         "or remove the colon"},
        {"«# poolfit: ignore PF101»", "the suppression has no rule", "write # poolfit: ignore["},
        {"«# poolfit: ignore»", "the suppression has no rule", "write # poolfit: ignore["},
        {"# poolfit: ignore«[]»", "the suppression has no rule", "write # poolfit: ignore["},
        {"# poolfit: ignore«[PF101,]»", "the suppression has no rule", "write # poolfit: ignore["},
        {"# poolfit: ignore«[PF101 owner=dana»", "[ is never closed", "write # poolfit: ignore["},
        {"# poolfit: ignore[«PF_1»]", "'PF_1' is not the id or name of a rule", "write # poolfit: ignore["},
        {"# poolfit: ignore[PF1] «owner»", "'owner' has no value", "put the reason in quotes"},
        {"# poolfit: ignore[PF1] reason=not «now»", "'now' has no value", "put the reason in quotes"},
        {"# poolfit: ignore[PF1] reason=«\"not now»", "reason: the quote is never closed", "on the same line"},
        {"# poolfit: ignore[PF1] «reason=\"\"»", "reason is empty", "write # poolfit: ignore["},
        {"# poolfit: ignore[PF1] «owner=» ", "owner is empty", "write # poolfit: ignore["},
        {"# poolfit: ignore[PF1] until=«2026-02-30»", "until: '2026-02-30' is not a date", "write until=2026-12-31"},
        {"# poolfit: ignore[PF1] owner=a «owner»=b", "owner is given twice", "remove one of the two"},
        {"# poolfit: ignore[PF1] «untill»=2026-01-01", "unknown key 'untill' in a suppression", "write until"},
        {"# poolfit: ignore[PF1] «x»=1", "unknown key 'x' in a suppression", "write # poolfit: ignore["},
    };
    for (const auto& each : cases) {
        CAPTURE(each.comment);
        const auto marked = unmark(with(each.comment));
        const auto loaded = load_text(marked.text);
        REQUIRE(loaded.diagnostics.all().size() == 1);
        const auto& made = loaded.diagnostics.all()[0];
        CHECK(made.message == each.message);
        CHECK(made.fix.find(each.fix) != made.fix.npos);
        CHECK(made.place.span.begin == marked.begin);
        CHECK(made.place.span.end == marked.end);
    }
}

TEST_CASE("suppressions: more than any inventory has are an error, and a run of comments is walked once") {
    std::string many;
    for (int i = 0; i < 200'001; ++i) many += "# poolfit: ignore[PF101]\n";
    const auto loaded = load_text(with(many));
    REQUIRE(loaded.diagnostics.all().size() == 1);
    CHECK(loaded.diagnostics.all()[0].message == "more than 200000 suppressions in one inventory");
}

TEST_CASE("severities: of ids, beginnings and names, in the file and by --set") {
    const auto loaded =
        load_text(with("[policy.severity]\nPF301 = \"off\"\nPF1 = \"warning\"\narm-cheaper = \"error\""),
                  {"policy.severity.PF302=info"});
    REQUIRE_MESSAGE(loaded.fleet, loaded.text());
    const auto& severities = loaded.fleet->policy.severities;
    REQUIRE(severities.size() == 4);
    CHECK(*severities[0].rule == "PF301");
    CHECK_FALSE(severities[0].severity);
    CHECK(severities[1].severity == Severity::warning);
    CHECK(*severities[2].rule == "arm-cheaper");
    CHECK(severities[2].severity == Severity::error);
    CHECK(*severities[3].rule == "PF302");
    CHECK(severities[3].severity == Severity::info);
    CHECK(diag::print(severities[1].rule.place) == "poolfit.toml:5:1");
}
