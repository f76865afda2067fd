// What servers of one's own share, whatever engine they run: in a cluster, on a virtual machine, at a host.
#pragma once

#include <poolfit/platform/platform.hpp>

namespace poolfit::platform::self_managed {

inline constexpr Deployment deployments[] = {{"one-server", "one server"}};

/// All of it: how much the system keeps is not known, and nothing depends on it.
Interval<Bytes> memory(const InstanceClass& cls);

/// `untouched` is the engine's own default of max_connections.
constexpr Platform::Limit limit(std::int64_t least, std::int64_t most, std::int64_t untouched) {
    return {least,
            most,
            untouched,
            memory,
            "the memory that the inventory gives",
            "the memory that the inventory gives",
            "the inventory"};
}

/// The metrics of a Linux host, and the words of an engine.
constexpr Platform::Words words(std::string_view limit_command, std::string_view settings, std::string_view connections,
                                std::string_view activity, std::string_view by_client) {
    return {limit_command,
            settings,
            activity,
            by_client,
            "your monitoring",
            connections,
            "CPU use of the server",
            "available memory (MemAvailable)",
            "swap in use",
            "reads completed per second",
            "writes completed per second",
            {},
            {}};
}

}  // namespace poolfit::platform::self_managed
