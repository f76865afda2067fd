// Inventories for tests: a text or a shipped example, loaded and planned.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/lint/rule.hpp>
#include <poolfit/model/fleet.hpp>
#include <poolfit/plan/plan.hpp>

namespace poolfit::test {

/// A fleet keeps pointing into its sources and catalog, so they travel together.
struct Planned {
    std::unique_ptr<Sources> sources;
    Fleet fleet;
    Plan plan;
};

/// The one catalog of all tests.
const Catalog& catalog();

/// Fails the running test, with the diagnostics, where the text does not load.
Planned plan_text(std::string_view toml, const std::vector<std::string>& settings = {},
                  PriceTerm term = PriceTerm::list);
/// `name` under data/examples.
Planned plan_file(std::string_view name, const std::vector<std::string>& settings = {},
                  PriceTerm term = PriceTerm::list);

/// What the rules find. The findings point into `planned`.
std::vector<Finding> lint(const Planned& planned, std::optional<Date> today = {}, const lint::Options& options = {});
/// "PF001 error auth-db 37:13 message", one a line; suppressed ones begin with "(".
std::string list(const std::vector<Finding>& findings);

}  // namespace poolfit::test
