// One world: a value for everything about a database that is known only as a range. What computes figures asks it where
// a range comes in, so a world is judged by the same code as the ranges are.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <poolfit/model/fleet.hpp>
#include <poolfit/unit/interval.hpp>

namespace poolfit {

/// What is not known of a server. Of each, one value holds on all classes: what a world says of one class and of
/// another differs by the classes alone.
enum class Doubt : std::uint8_t {
    // What was measured: keys of its `observed`.
    cpu,  ///< of mean, p95, p99 and peak alike: a busier week is busier in all of them
    freeable_memory,
    swap,
    ebs_throughput,
    iops,
    network,
    // What a model leaves open.
    cpu_band,           ///< how far the law of CPU on another class is off
    server_memory,      ///< what the guest OS and the engine see of a class
    buffers,            ///< how much the engine allots itself
    buffers_filled,     ///< how much of that holds data
    at_rest,            ///< memory of the system, the agents and the engine
    connection_memory,  ///< between nothing and what connections take at the most
};
inline constexpr std::size_t doubts = 12;
inline constexpr Doubt last_measured = Doubt::network;

struct World {
    struct Server {
        Index database = 0;
        double load = 1;                  ///< what it has to do, today's being 1
        std::array<double, doubts> at{};  ///< from 0, the low end of a range, to 1, the high one
    };
    /// A workload with one value in each range.
    struct Load {
        Index pool = 0;
        Workload workload;
    };
    std::vector<Server> servers;  ///< the one that is judged, and those whose load may come to it
    std::vector<Load> loads;      ///< none where none has a range

    /// Of the server that is judged.
    double at(Doubt doubt) const { return servers.front().at[static_cast<std::size_t>(doubt)]; }
    const Server& of(Index database) const {
        for (const Server& server : servers)
            if (server.database == database) return server;
        return servers.front();
    }
};

namespace assess {

/// A value at this position of a range: whole, where the quantity is.
inline double value_at(double low, double high, double position) { return low + (high - low) * position; }
template <class Tag, class Rep>
Quantity<Tag, Rep> value_at(Quantity<Tag, Rep> low, Quantity<Tag, Rep> high, double position) {
    if (low == high) return low;
    const double value = value_at(static_cast<double>(low.value), static_cast<double>(high.value), position);
    if constexpr (std::is_integral_v<Rep>)
        return Quantity<Tag, Rep>(static_cast<Rep>(std::llround(value)));
    else
        return Quantity<Tag, Rep>(value);
}

/// More load is more of it.
constexpr bool grows(Doubt doubt) {
    return doubt == Doubt::cpu || doubt == Doubt::ebs_throughput || doubt == Doubt::iops || doubt == Doubt::network;
}
inline double grown(double value, double factor) { return value * factor; }
template <class Tag, class Rep>
Quantity<Tag, Rep> grown(Quantity<Tag, Rep> value, double factor) {
    return Quantity<Tag, Rep>(static_cast<Rep>(static_cast<double>(value.value) * factor));
}

}  // namespace assess
}  // namespace poolfit
