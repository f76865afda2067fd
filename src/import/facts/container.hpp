// A database server in a container: what its image, its command line and its limits say, in Compose and Kubernetes
// alike.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <poolfit/import/estate.hpp>

#include "../tree/node.hpp"
#include "program.hpp"

namespace poolfit::imports {

/// An image by its name and tag, without the digest.
std::string image_name(const Sealed& image);
/// What a container with the image of a server runs, by its command; without one, by the variables that set a server
/// up.
enum class Runs { server, client, unknown };
Runs what_runs(const Program& program);
/// The variables that a server's command has as max_connections, by its text as written: X of
/// "max_connections=${X:-9}".
std::vector<std::string> limit_variables(std::string_view command);
/// One note of many names, of which it shows twelve.
void tell_all(const std::string& subject, Note::Kind kind, std::string_view what, std::vector<std::string> names,
              const Place& place, Estate& estate);

/// A pooler of a kind whose configuration is not read.
inline constexpr std::string_view unread_pooler = "a pooler that poolfit does not read";
inline constexpr std::string_view by_hand = "add its [[pooler]] by hand";
/// Why an address that leads to a container with such an image, or with one of no server, leads to no database.
std::string through_stranger(std::string_view name, std::string_view role);

/// The engine of a server's image.
std::string engine_of_image(std::string_view image);

/// The release that the tag names, max_connections of the command line. `image` is where the image stands.
void read_server_program(const Program& program, Place image, Server& server, Estate& estate);

/// A limit of CPU and one of memory; a part of a CPU becomes no vCPU. `binary`: "4G" has 1024³ bytes each, as
/// Docker means it; Kubernetes writes Gi for that.
struct Limit {
    const Sealed* value = nullptr;
    Place place{};
    std::string name{};
};
void read_limits(const Limit& cpus, const Limit& memory, bool binary, Server& server);

}  // namespace poolfit::imports
