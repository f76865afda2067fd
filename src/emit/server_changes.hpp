// What the plan changes of each server, for the kinds that describe infrastructure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform_tools.hpp"

namespace poolfit::emit {

struct ServerChange {
    Index database = 0;
    const InstanceClass* cls = nullptr;  ///< null: it stays
    std::optional<VolumeChange> volume;
    std::optional<Connections> max_connections;
    std::vector<std::pair<Index, std::int64_t>> shares;  ///< of managed poolers, in percent

    bool any() const { return cls != nullptr || volume || max_connections || !shares.empty(); }
};

/// Of the databases that are asked for and change.
std::vector<ServerChange> server_changes(const Request& request);

/// What the plan does besides, which no argument of a resource does: a line for each.
std::vector<std::string> left_out(const Request& request);

/// The plan's order, where it has several steps: a line for each. One apply, or one update of a stack, does not keep
/// it.
std::vector<std::string> order(const Request& request, std::string_view what_the_tool_does);

/// "today db.r5.2xlarge", or what stands for a server of no class.
std::string today_text(const Database& database);

}  // namespace poolfit::emit
