// What both kinds of snapshots are made of.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <poolfit/diff/snapshot.hpp>

namespace poolfit::diff {

/// What decides the price of a server.
struct Server {
    std::string_view provider, engine, version, cls, region;
    bool multi_az = false;
};
std::string what_of_instance(const Server& server);
/// Its size in GiB, provisioned IOPS, IOPS and MiB/s; 0: not given.
std::string what_of_storage(std::string_view type, const std::array<double, 4>& numbers);

/// A server in front of which a pooler is charged for.
struct Target {
    std::optional<std::int64_t> vcpus;               ///< of its class
    std::optional<std::pair<double, double>> units;  ///< of its capacity, where that follows the load
    std::string cls_after, verdict;
};
/// A pooler more: what it costs, and what that follows from.
void add_pooler(Bill& bill, std::string_view name, const Server& server, const std::vector<Target>& targets,
                const Cost& now, const Cost& after);

/// A sum with one more: what is not known makes the sum so.
void add(Cost& sum, const Cost& part);

}  // namespace poolfit::diff
