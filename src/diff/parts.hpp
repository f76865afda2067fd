// What both kinds of snapshots are made of.
#pragma once

#include <array>
#include <string>
#include <string_view>

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

/// A sum with one more: what is not known makes the sum so.
void add(Cost& sum, const Cost& part);

}  // namespace poolfit::diff
