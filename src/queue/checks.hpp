// The checks of input that every function of the room starts with.
#pragma once

#include <poolfit/queue/range.hpp>

namespace poolfit::queue {

inline Checked check_load(Erlangs load) { return check_range(load_input, load.value, least_load, most_load); }

inline Checked check_hold(Millis hold) {
    return check_range("mean hold time", hold.value, shortest_time, longest_time);
}

inline Checked check_servers(Connections servers, std::int64_t least = 1, std::int64_t most = most_servers) {
    return check_range("number of connections", static_cast<double>(servers.value), static_cast<double>(least),
                       static_cast<double>(most));
}

inline Checked check_users(std::int64_t users) {
    return check_range("number of users", static_cast<double>(users), 1.0, static_cast<double>(most_users));
}

/// Think times, timeouts, waits: 0 or a time within the limits.
inline Checked check_time(std::string_view input, Millis time) {
    if (time.value == 0.0) return std::nullopt;
    const double least = time.value < 0.0 ? 0.0 : shortest_time;
    return check_range(input, time.value, least, longest_time);
}

inline bool is_probability(double p) { return p >= 0.0 && p < 1.0; }

inline double number(Connections servers) { return static_cast<double>(servers.value); }

inline Unstable unstable(Erlangs load, Connections servers) {
    return {Connections(static_cast<std::int64_t>(std::floor(load.value)) + 1), Fraction(load.value / number(servers))};
}

}  // namespace poolfit::queue
