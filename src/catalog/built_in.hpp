// The compiled-in rows as the nouns of the model, made when first asked for.
#pragma once

#include <optional>
#include <vector>

#include <poolfit/formula/formula.hpp>
#include <poolfit/model/catalog.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/platform/platform.hpp>

#include "tables.hpp"

namespace poolfit::catalog {

/// What is compiled in of one platform.
struct BuiltIn {
    const tables::PlatformRows& rows;
    std::vector<InstanceClass> classes;          ///< sorted by name
    std::vector<const InstanceClass*> pointers;  ///< to the classes
    std::optional<Formula> limit;                ///< of max_connections
};
/// Made when first asked for. Any thread may ask.
const BuiltIn& built_in(const Platform& platform);
/// The rows alone, which cost nothing.
const tables::PlatformRows& rows_of(const Platform& platform);
const std::vector<HostType>& built_in_hosts();
const std::vector<DriverDefault>& built_in_drivers();

}  // namespace poolfit::catalog
