// What every function of the room returns: the answer, or which input makes it impossible. Nothing throws and
// nothing asserts, whatever the input: NaN, infinities, negative numbers, absurd sizes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <poolfit/unit/quantity.hpp>

namespace poolfit::queue {

/// The limits of every function of the room, unless its comment names tighter ones. Inside them the stated
/// errors hold; outside them the answer is `BadInput`.
inline constexpr std::int64_t most_servers = 1'000'000;
inline constexpr std::int64_t most_users = 1'000'000;
inline constexpr double least_load = 1e-12;    ///< erlangs
inline constexpr double most_load = 1e7;       ///< erlangs; systems without an end to their queue need load < servers
inline constexpr double shortest_time = 1e-9;  ///< ms: holds, and think times and timeouts that are not 0
inline constexpr double longest_time = 1e13;   ///< ms, 317 years

enum class Flaw { not_a_number, too_small, too_large, out_of_order, nothing_given, unreachable };

/// Inputs that a caller tells apart.
inline constexpr std::string_view load_input = "load", scv_input = "squared coefficient of variation";

/// `input` names the argument in words ("mean hold time"); `limit` is the bound that `value` breaks.
struct BadInput {
    std::string_view input;
    Flaw flaw = Flaw::not_a_number;
    double value = 0.0;
    double limit = 0.0;
};

/// More work arrives than the servers can do: the queue grows without bound.
struct Unstable {
    Connections smallest_stable;  ///< servers that are enough: the smallest whole number above the load
    Fraction utilization;         ///< load / servers, 100 % or more
};

template <class T>
using Answer = std::variant<T, BadInput, Unstable>;

/// A probability and its natural logarithm: the logarithm still says how rare when `value` is below 1e-308.
struct Probability {
    double value = 0.0;
    double ln = 0.0;
};

std::string describe(const BadInput& bad);       ///< "mean hold time is -5: it must be at least 0.000000001"
std::string describe(const Unstable& unstable);  ///< "the load keeps 110 % of the connections busy: …"

}  // namespace poolfit::queue
