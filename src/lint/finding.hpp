// What rules share in saying what they found: targets, places, arithmetic, fixes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/lint/rule.hpp>

namespace poolfit::lint {

/// A finding of the rule, with the rule's severity.
Finding found(const Rule& rule, std::vector<Index> databases, std::string target, Place place, std::string message);

/// Adds a note as the second one, after the limit.
void note(Finding& finding, std::string name, std::string text);

std::string pool_target(const Fleet& fleet, const Pool& pool);  ///< "math-updater.drizzle"
Place size_place(const Pool& pool);                             ///< of max; of the driver where max is absent
/// Of the class; of replica_of where the class is the primary's.
Place class_place(const Fleet& fleet, const Database& database);

/// `key = value`, or `"key": value` where the place is in JSON; `value` is TOML text.
std::string assign(const Place& place, std::string_view key, std::string_view value);

std::string count(std::int64_t n, std::string_view one, std::string_view many);  ///< "1 pod", "10 pods"
std::string of(Connections a, Connections b);                                    ///< "160 of 176 (91 %)"
/// "10 pods × 4 procs × 5 = 200", "3 pods × 50 databases × 2 = 300": processes and databases are left out where there
/// is one.
std::string product(const Fleet& fleet, const Pool& pool, std::int64_t pods, Connections size, Connections total);
/// "per process", "per database and process".
std::string_view per_pool(const Pool& pool);
/// "181 max_connections (observed) − 5 reserved = 176".
std::string limit_text(const Limits& limits);
/// "a", "a and b", "a, b and 3 more".
std::string list(const std::vector<std::string>& words, std::size_t most = 3);
std::string pool_list(const Fleet& fleet, const std::vector<Index>& pools);  ///< the same of their targets

/// ", without observed.freeable_memory …": where the plan's class has no more than what was free on today's; else
/// empty.
std::string measured_before(const LintInput& input, Index database);
/// `class = "…"` where the plan moves the database to another class; else where to read on.
std::string class_fix(const LintInput& input, Index database);
/// What gives the server more connections: "a higher max_connections (the class allows 3,413)" where it is set by hand,
/// else "a larger class".
std::string more_connections(const LintInput& input, Index database);
/// "8 vCPUs on db.m5.2xlarge"; a self-managed server has no name but its size.
std::string on_class(std::string size, std::string_view on, const Database& database);

}  // namespace poolfit::lint
