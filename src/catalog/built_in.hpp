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
/// A class of any size, by its name; null where the platform has none such, or the name is not right. One that was
/// asked for stays.
const InstanceClass* custom_class(const Platform& platform, std::string_view name);
/// max_connections that is listed: by memory; of the class at a place in the platform's table.
std::optional<ListedLimit> by_memory(const tables::PlatformRows& rows, Bytes memory);
std::optional<ListedLimit> by_class(const tables::PlatformRows& rows, std::size_t at);
const std::vector<HostType>& built_in_hosts();
const std::vector<DriverDefault>& built_in_drivers();

}  // namespace poolfit::catalog
