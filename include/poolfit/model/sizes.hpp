// Pool sizes as numbers: the variables a size formula sees, and its value.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit::model {

/// vCPUs of the service's host: as given, else its type's. Nothing without a host.
std::optional<std::int64_t> host_vcpus(const Fleet& fleet, const Service& service);

/// Threads that a core of the service's host runs: as given, else its type's. Nothing where neither says it.
std::optional<std::int64_t> host_threads_per_core(const Fleet& fleet, const Service& service);

/// What the driver does with the pool's `max`, depending on where it is set.
DriverDefault::Arrives max_arrives(const Pool& pool);

/// The database a pool's connections end at: its own, or its pooler's.
Index database_of(const Fleet& fleet, const Pool& pool);

/// TOTAL_VCPUS (with a host), TOTAL_CORES (where its threads per core are known), DB_VCPUS (of `database`), INSTANCES
/// (the most), PROCESSES and the service's vars. The names are borrowed from the service.
formula::Variables size_variables(const Fleet& fleet, const Service& service, Index database);
/// The same for a pool, with the database its connections end at.
formula::Variables size_variables(const Fleet& fleet, const Service& service, const Pool& pool);

/// A whole number of connections from 1 to max_pool, or why it isn't one.
std::variant<Connections, FormulaError> evaluate(const Size& size, const formula::Variables& variables);

/// Variables that every size formula may name; vars of a service can't have these names.
inline constexpr std::string_view built_in_variables[] = {"TOTAL_VCPUS", "TOTAL_CORES", "DB_VCPUS", "INSTANCES",
                                                          "PROCESSES"};

}  // namespace poolfit::model
