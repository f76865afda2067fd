// One class of the catalog in full, as `catalog show` has it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit {

/// Points into the catalog that it was made of.
struct ShownClass {
    struct Priced {
        bool multi_az = false;
        PriceTerm term = PriceTerm::list;
        std::optional<Price> price;
    };
    const Platform* platform = nullptr;
    const InstanceClass* cls = nullptr;
    std::string region;
    EngineMemory memory;
    std::optional<Catalog::LimitFormula> limit;  ///< nothing where the platform has no formula
    std::optional<ListedLimit> listed;           ///< where no formula gives it
    Connections max_nominal;
    Interval<Connections> max_expected;
    std::optional<Catalog::CreditPrice> credit_price;
    std::vector<Priced> prices;  ///< of each deployment and term, one server's first
    struct PlanRate {
        bool multi_az = false;
        std::optional<Price> price;
    };
    std::vector<PlanRate> plan_rates;  ///< under a savings plan; none where the platform has no such plans
    std::string_view versions;         ///< that run on it, in words; empty where nothing lists them
    Provenance versions_row;
};

namespace report {

ShownClass shown_class(const Catalog& catalog, const Platform& platform, const InstanceClass& cls,
                       std::string_view region);

}  // namespace report
}  // namespace poolfit
