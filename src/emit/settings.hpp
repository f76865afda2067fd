// What the plan, or the strategy that was asked for, says to set: every kind takes it from here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/emit/emit.hpp>

namespace poolfit::emit {

/// The strategy that was asked for, else the one that the plan recommends; null where it recommends none.
const Strategy* strategy_of(const Request& request);

struct Setting {
    Index pool = 0;
    std::vector<Index> merged;  ///< pools that it takes the place of
    PoolSize size;              ///< of a process; nothing: no limit is set or known
};
/// Of the pools whose service and database are asked for, in the inventory's order. A pool that is merged into another
/// has none of its own.
std::vector<Setting> settings(const Request& request);

/// What a pool opens with that size, in all its processes, and in a deploy.
const PoolDemand& demand_of(const Request& request, Index pool);

/// The class that the database is to be on: today's where that stays.
const InstanceClass& class_of(const Request& request, Index database);

/// A PgBouncer's or a proxy's setting: default_pool_size, or the whole percent of max_connections; today's where it
/// stays.
std::int64_t size_of(const Request& request, Index pooler);

/// What its clients speak, whichever provider runs it.
enum class Protocol : std::uint8_t { postgresql, mysql, mariadb };
std::optional<Protocol> protocol_of(const Platform& platform);

/// "api.primary".
std::string name_of(const Fleet& fleet, const Pool& pool);

/// The pool as part of a name in code, different from those of its service's other pools: "ReadOnly".
std::string code_name(const Fleet& fleet, Index pool);

/// Does its service have no other pool of its driver, but those that it takes the place of? Then it may have the name
/// that everyone gives the only one.
bool is_alone(const Fleet& fleet, const Setting& setting);

/// Why the driver cannot have that size: it has no setting, and opens fewer. Nothing where it can.
std::optional<Gap> beyond_driver(const Request& request, const Setting& setting);

/// Before the name of the variable that has its URL: "REPLICA_" where its service connects to several servers.
std::string url_prefix(const Fleet& fleet, Index pool);

/// The lines that every file begins with: what made it, from what, and how its figures are derived.
/// `about` names what the figures are of, for `explain`; empty: nothing.
std::string header(const Request& request, Language language, std::string_view what,
                   const std::vector<std::string>& about);

/// A name that no earlier file of the emission has: "api.ini", then "api-2.ini".
std::string new_path(const Emission& emission, std::string_view stem, std::string_view ending);

/// A comment of one line, whatever the text holds.
std::string note(Language language, std::string_view indent, std::string_view text);

/// Notes the gap, and gives the comment that stands for it.
std::string missing(Emission& emission, Language language, std::string what, std::string fix);

}  // namespace poolfit::emit
