// Suppressions, severities and selection: what is told, and what is told of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "../../support/fleet.hpp"

using namespace poolfit;

namespace {

constexpr Date today{2026, 11, 24};

/// `more` at the end, `comment` behind the pool's max on line 14.
std::string inventory(std::string_view comment, std::string_view more = "", std::string_view policy = "") {
    return fmt::format(R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "main"
engine = "postgresql"
class = "db.m5.large"
max_connections = 105
[[service]]
name = "api"
deploy = "recreate"
[[service.pool]]
name = "main"
database = "main"
max = 30 {}
in_use = "2-3"
monitored = true
{}
{})",
                       comment, policy, more);
}

std::string told(std::string_view text, std::optional<Date> on = today, const lint::Options& options = {}) {
    const auto planned = test::plan_text(text);
    std::string out;
    for (const Finding& finding : test::lint(planned, on, options))
        if (finding.rule->id == "PF102" || finding.rule->id.starts_with("PF9")) out += test::list({finding});
    return out;
}

constexpr std::string_view oversized = "PF102 warning api.main 14:7 30 per process, but its use needs 5";

std::string plain() { return fmt::format("{}\n", oversized); }
std::string hidden() { return fmt::format("({})\n", oversized); }

}  // namespace

TEST_CASE("suppress: a comment on the line or above it, by id, name or beginning") {
    for (const std::string_view rule : {"PF102", "pool-over-provisioned", "PF1", "PF10"}) {
        CAPTURE(rule);
        CHECK(told(inventory(fmt::format("# poolfit: ignore[{}] reason=\"known\"", rule))) == hidden());
    }
    auto above = inventory("");
    above.insert(above.find("max = 30"), "# poolfit: ignore[PF102] reason=\"known\"\n");
    CHECK(told(above) == "(PF102 warning api.main 15:7 30 per process, but its use needs 5)\n");
}

TEST_CASE("suppress: a record, with a glob on the target") {
    const auto record = [](std::string_view target) {
        return inventory("", fmt::format("[[ignore]]\nrule = \"PF102\"\nreason = \"known\"\n{}", target));
    };
    CHECK(told(record("")) == hidden());
    CHECK(told(record("target = \"api.main\"")) == hidden());
    CHECK(told(record("target = \"api.*\"")) == hidden());
    CHECK(told(record("target = \"api\"")) ==
          plain() + "PF901 warning PF102 18:1 no finding PF102 for api to suppress\n");
}

TEST_CASE("suppress: until is the last day; then the finding is back, and the suppression is reported") {
    const auto text = inventory("# poolfit: ignore[PF102] until=2026-11-24 owner=dana reason=\"known\"");
    CHECK(told(text, Date{2026, 11, 24}) == hidden());
    CHECK(told(text, Date{2026, 11, 25}) ==
          plain() + "PF902 warning PF102 14:41 the suppression of PF102 ended on 2026-11-24\n");
    CHECK(told(text, std::nullopt) == hidden());  // no date, no judgement
}

TEST_CASE("suppress: one that hides nothing, and one without a reason") {
    CHECK(told(inventory("# poolfit: ignore[PF003] reason=\"x\"")) ==
          plain() + "PF901 warning PF003 14:10 no finding PF003 on line 14 to suppress\n");
    CHECK(told(inventory("# poolfit: ignore[PF102]")) ==
          hidden() + "PF903 warning PF102 14:10 the suppression of PF102 has no reason\n");
    // On another line it hides nothing.
    auto other = inventory("");
    other.insert(other.find("in_use"), "# poolfit: ignore[PF102] reason=\"x\"\n");
    CHECK(told(other) == plain() + "PF901 warning PF102 15:1 no finding PF102 on line 16 to suppress\n");
}

TEST_CASE("suppress: findings about suppressions can be suppressed, but not by themselves") {
    const std::string_view unexplained = "[[ignore]]\nrule = \"PF102\"\n";
    CHECK(told(inventory("", fmt::format("{}[[ignore]]\nrule = \"PF903\"\nreason = \"old\"\n", unexplained))) ==
          hidden() + "(PF903 warning PF102 18:1 the suppression of PF102 has no reason)\n");
    CHECK(told(inventory("", "[[ignore]]\nrule = \"PF903\"\n")) ==
          plain() +
              "PF901 warning PF903 18:1 no finding PF903 to suppress\n"
              "PF903 warning PF903 18:1 the suppression of PF903 has no reason\n");
    CHECK(told(inventory(
              "", "[[ignore]]\nrule = \"PF004\"\nreason = \"x\"\n[[ignore]]\nrule = \"PF901\"\nreason = \"x\"")) ==
          plain() + "(PF901 warning PF004 18:1 no finding PF004 to suppress)\n");
}

TEST_CASE("severities: by id, beginning and name; the nearest wins; off is off") {
    const auto with = [](std::string_view lines) { return inventory("", fmt::format("[policy.severity]\n{}", lines)); };
    CHECK(told(with("PF102 = \"error\"")).starts_with("PF102 error"));
    CHECK(told(with("PF1 = \"info\"")).starts_with("PF102 info"));
    CHECK(told(with("PF102 = \"error\"\nPF1 = \"info\"")).starts_with("PF102 error"));
    CHECK(told(with("PF1 = \"info\"\nPF10 = \"error\"")).starts_with("PF102 error"));
    CHECK(told(with("pool-over-provisioned = \"off\"\nPF1 = \"error\"")) == "");
    // Of a rule that is off no suppression is called unused.
    CHECK(told(inventory("# poolfit: ignore[PF102] reason=\"x\"", "[policy.severity]\nPF102 = \"off\"")) == "");
}

TEST_CASE("selection: by rules, without rules, by database; suppressions stay used") {
    const auto text = inventory("# poolfit: ignore[PF102] reason=\"x\"");
    const auto planned = test::plan_text(text);
    const auto ids = [&](const lint::Options& options) {
        std::string out;
        for (const Finding& finding : test::lint(planned, today, options)) out += fmt::format("{} ", finding.rule->id);
        return out;
    };
    CHECK(ids({{"PF102"}, {}, {}}) == "PF102 ");
    CHECK(ids({{"PF3"}, {}, {}}) == "PF302 PF303 PF306 ");
    CHECK(ids({{"PF3", "pool-over-provisioned"}, {"stale-price"}, {}}) == "PF102 PF302 PF306 ");
    CHECK(ids({{"PF9"}, {}, {}}) == "");
    CHECK(ids({{}, {"PF"}, {}}) == ids({}));  // no beginning of an id
    CHECK(ids({{}, {"PF1", "PF3"}, {}}) == "");

    const auto agora = test::plan_file("agora/poolfit.toml");
    for (const Finding& finding : test::lint(agora, today, {{}, {}, {1}})) {
        CAPTURE(finding.target);
        CHECK(std::ranges::find(finding.databases, Index{1}) != finding.databases.end());
    }
}

TEST_CASE("count: by severity, the suppressed apart") {
    const auto planned = test::plan_text(inventory("# poolfit: ignore[PF102] reason=\"x\""));
    const auto findings = test::lint(planned, today);
    const auto count = lint::count(findings);
    CHECK(count.errors == 0);
    CHECK(count.warnings == 0);
    CHECK(count.suppressed == 1);
    CHECK(count.errors + count.warnings + count.infos + count.suppressed == findings.size());
}

TEST_CASE("references: a rule that does not exist is an error where it is named, with the nearest") {
    const auto planned = test::plan_text(inventory("# poolfit: ignore[PF120, pool-over-provisoned] reason=\"x\"",
                                                   "[[ignore]]\nrule = \"pf101\"\nreason = \"x\"",
                                                   "[policy.severity]\nPF3 = \"info\"\nzebra = \"off\""));
    Diagnostics diagnostics;
    lint::check_references(planned.fleet, diagnostics);
    diagnostics.sort();
    std::string text;
    for (const Diagnostic& each : diagnostics.all())
        text += fmt::format("{} {} | {} | {}\n", diag::print(each.place), each.message, each.label, each.fix);
    CHECK(text ==
          "test.toml:14:28 no rule 'PF120' | did you mean PF020? | write PF020\n"
          "test.toml:14:35 no rule 'pool-over-provisoned' | did you mean pool-over-provisioned? | write "
          "pool-over-provisioned\n"
          "test.toml:19:1 no rule 'zebra' |  | use a rule id, such as PF101\n"
          "test.toml:21:8 no rule 'pf101' | did you mean PF101? | write PF101\n");
    CHECK(lint::select("PF30").size() == 8);
    CHECK(lint::select("PF").empty());
    CHECK(lint::select("deploy-over-usable").size() == 1);
    CHECK(lint::find_rule("PF") == nullptr);
}
