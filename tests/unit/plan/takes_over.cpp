// When another strategy than right-sizing is recommended: both sides of each border, and how far away it is.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/plan/strategy.hpp>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using test::inventory;
using test::plan_text;
using test::Planned;
using test::pool;

namespace {

struct Ways {
    Planned planned;
    std::vector<Strategy> all;
    explicit Ways(const std::string& text) : planned(plan_text(text)) {
        all = plan::strategies(planned.fleet, planned.plan, Recorder(planned.figures.get()));
    }
    const Strategy& operator[](std::string_view name) const {
        return *std::find_if(all.begin(), all.end(), [&](const Strategy& s) { return s.name == name; });
    }
    const Strategy& recommended() const {
        return *std::find_if(all.begin(), all.end(), [](const Strategy& s) { return s.recommended; });
    }
    const Threshold& threshold(std::string_view name, Threshold::Quantity quantity) const {
        const auto& thresholds = (*this)[name].thresholds;
        return *std::find_if(thresholds.begin(), thresholds.end(),
                             [&](const Threshold& t) { return t.quantity == quantity; });
    }
};

/// 26 instances that need 3 connections each, 78; a pooler needs 65, of 100 that are usable.
Ways beside(int other, std::string_view policy) {
    return Ways(inventory(
        "db.m5.large", fmt::format("max_connections = 105\nreserved_connections = 5\nother_connections = {}", other),
        pool("a", "max = 3\nin_use = \"1-2\"", "instances = 26") + "[policy]\n" + std::string(policy) + "\n"));
}

}  // namespace

TEST_CASE("a pooler takes over where right-sized pools are one connection over a limit, and not at it") {
    for (const char* policy : {"connections_steady_max = \"80%\"\nconnections_deploy_max = \"100%\"",
                               "connections_steady_max = \"100%\"\nconnections_deploy_max = \"80%\""}) {
        CAPTURE(policy);
        const Ways at = beside(2, policy);
        CHECK(at["conservative"].after->value == Connections(80));
        CHECK(at.recommended().name == "conservative");
        const Ways over = beside(3, policy);
        CHECK(over["pooler"].after->value == Connections(68));
        CHECK(over.recommended().name == "pooler");
        CHECK(over.recommended().why.kind == Why::Kind::fits);
    }
}

TEST_CASE("new services are that many months away, by the inventory's growth") {
    const auto months = [](std::string_view growth) {
        const Ways made(inventory("db.m5.large", "", pool("a", "max = 3") + std::string(growth)));
        return made.threshold("pooler", Threshold::Quantity::new_services).months;
    };
    CHECK(months("[growth]\nservices_per_year = 4\n") == 15);  // five more
    CHECK(months("[growth]\nservices_per_year = 60\n") == 1);
    CHECK(months("[growth]\nservices_per_year = 50\n") == 2);  // 1.2
    CHECK_FALSE(months("[growth]\nservices_per_year = 0\n").has_value());
    CHECK_FALSE(months("[growth]\nload = \"1% / month\"\n").has_value());
    CHECK_FALSE(months("").has_value());
}
