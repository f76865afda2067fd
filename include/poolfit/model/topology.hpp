// What connects to what: the references of a Fleet, the other way around.
#pragma once

#include <vector>

#include <poolfit/model/fleet.hpp>

namespace poolfit {

struct Topology {
    std::vector<std::vector<Index>> pools;     ///< by database: pools whose connections end there, in order
    std::vector<std::vector<Index>> poolers;   ///< by database
    std::vector<std::vector<Index>> clients;   ///< by pooler: pools that connect to it
    std::vector<std::vector<Index>> replicas;  ///< by database
};

namespace model {

Topology topology(const Fleet& fleet);

/// Does the inventory list anything that connects to the server? Where it does not, the sum of what it lists is 0, and
/// says nothing about the server.
bool lists_connections(const Fleet& fleet, const Topology& topology, Index database);

}  // namespace model
}  // namespace poolfit
