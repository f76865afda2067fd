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
    Plan plan;  ///< with every class that is offered among the candidates
    std::unique_ptr<Figures> figures;

    /// The node that the figure of this name has; fails the running test where there is none.
    const Node& node(std::string_view name) const;
    /// The database on this class, with the recommended pools.
    Projection on(Index database, std::string_view cls) const;
};

/// The one catalog of all tests.
const Catalog& catalog();

/// TOML, or JSON where it begins with "{". Fails the running test, with the diagnostics, where it does not load.
Planned plan_text(std::string_view toml, const std::vector<std::string>& settings = {},
                  PriceTerm term = PriceTerm::list);
/// With a catalog of one's own, which has to outlive it.
Planned plan_with(const Catalog& known, std::string_view toml);
/// `name` under data/examples.
Planned plan_file(std::string_view name, const std::vector<std::string>& settings = {},
                  PriceTerm term = PriceTerm::list);

/// What the rules find. The findings point into `planned`.
std::vector<Finding> lint(const Planned& planned, std::optional<Date> today = {}, const lint::Options& options = {},
                          const std::vector<Drift>* drifts = nullptr);
/// "PF001 error auth-db 37:13 message", one a line; suppressed ones begin with "(".
std::string list(const std::vector<Finding>& findings);

}  // namespace poolfit::test
