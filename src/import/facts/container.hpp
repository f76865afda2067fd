// A database server in a container: what its image, its command line and its limits say, in Compose and Kubernetes
// alike.
#pragma once

#include <string>
#include <string_view>

#include <poolfit/import/estate.hpp>

#include "../tree/node.hpp"
#include "program.hpp"

namespace poolfit::imports {

/// The engine of a server's image.
std::string engine_of_image(std::string_view image);

/// The release that the tag names, max_connections of the command line. `image` is where the image stands.
void read_server_program(const Program& program, Place image, Server& server);

/// A limit of CPU and one of memory; what is no whole number is left out. `binary`: "4G" has 1024³ bytes each, as
/// Docker means it; Kubernetes writes Gi for that.
struct Limit {
    const Sealed* value = nullptr;
    Place place{};
    std::string name{};
};
void read_limits(const Limit& cpus, const Limit& memory, bool binary, Server& server);

}  // namespace poolfit::imports
