// An instance of Cloud SQL, by the names that gcloud or Terraform gives its values.
#pragma once

#include <functional>
#include <string_view>

#include <poolfit/import/estate.hpp>

#include "../tree/node.hpp"

namespace poolfit::imports::cloudsql {

/// A value and its name in the file; no node where the file has no such value.
struct Value {
    const Node* node = nullptr;
    std::string_view name{};
};

struct Instance {
    Value name, project, connection, version, installed, region, tier, availability, primary, replicas, flags, pooling;
    Value disk_type, disk_size, disk_most, iops, throughput, addresses;
    std::function<Place(const Node&)> at;
    Place place{};
    Truth truth = Truth::running;
};

/// The server, and what there is to tell of it.
Server server_of(const Instance& instance, Estate& estate);
/// A replica names its primary without its project: which server that is, once all are read.
void find_primaries(Estate& estate);

}  // namespace poolfit::imports::cloudsql
