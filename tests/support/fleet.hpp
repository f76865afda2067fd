// Inventories for tests: a text or a shipped example, loaded and planned.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
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

}  // namespace poolfit::test
