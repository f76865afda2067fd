// A flexible server of Azure, by the names that its API or Terraform gives its values.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <poolfit/import/estate.hpp>

#include "../tree/node.hpp"

namespace poolfit::imports::azure {

struct Value {
    const Node* node = nullptr;
    std::string_view name{};
};

struct FlexibleServer {
    std::string engine;  ///< "postgresql"
    Value id, name, version, minor, location, sku, standby, primary, host;
    Value disk_type, disk_mib, disk_gib, iops, throughput;
    std::function<Place(const Node&)> at;
    Place place{};
    Truth truth = Truth::running;
};

/// The server; what of its values cannot be taken is listed.
Server server_of(const FlexibleServer& server, Estate& estate);
/// "azure:" and a resource's id in lower case; empty where it is none.
std::string id_of(const Node& node);
/// The same of the server that a configuration is of: what comes before "/configurations/".
std::string server_id_of(const Node& configuration);

}  // namespace poolfit::imports::azure
