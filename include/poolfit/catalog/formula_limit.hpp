// What a formula of max_connections comes to on a class.
#pragma once

#include <optional>
#include <string_view>

#include <poolfit/model/catalog.hpp>
#include <poolfit/platform/platform.hpp>
#include <poolfit/unit/interval.hpp>
#include <poolfit/unit/quantity.hpp>

namespace poolfit::catalog {

struct FormulaLimit {
    Interval<Connections> expected;  ///< by the memory that the engine sees
    Connections by_label;
};
/// Nothing of a text that is no formula of RDS's dialect.
std::optional<FormulaLimit> formula_limit(std::string_view formula, const Platform& platform, const InstanceClass& cls);

}  // namespace poolfit::catalog
