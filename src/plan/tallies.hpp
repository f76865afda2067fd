// What classes are in worlds, added up.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <poolfit/plan/worlds.hpp>

namespace poolfit::plan {

inline constexpr std::size_t dimensions = static_cast<std::size_t>(Dimension::failover_memory) + 1;
using Dimensions = std::uint32_t;  ///< a bit each
static_assert(dimensions <= 32);

constexpr Dimensions bit(Dimension dimension) { return Dimensions{1} << static_cast<unsigned>(dimension); }

/// What one class is in one world.
struct Judged {
    Dimensions judged = 0, over = 0, unknown = 0;
    std::optional<MicroUsdPerMonth> cost;
    bool surplus = false;  ///< credits of it, in `cost`
};

/// The same over some worlds.
struct Tally {
    std::int64_t outside = 0, unknown = 0, unpriced = 0;
    std::array<std::int64_t, dimensions> over_in{}, unknown_in{};
    double cost = 0;
    bool surplus = false;

    void add(const Judged& world) {
        surplus = surplus || world.surplus;
        outside += world.over != 0 ? 1 : 0;
        unknown += world.over == 0 && world.unknown != 0 ? 1 : 0;
        for (std::size_t d = 0; d < dimensions; ++d) {
            over_in[d] += (world.over >> d) & 1;
            unknown_in[d] += (world.unknown >> d) & 1;
        }
        if (world.cost)
            cost += static_cast<double>(world.cost->value);
        else
            ++unpriced;
    }
    void add(const Tally& other) {
        outside += other.outside;
        unknown += other.unknown;
        unpriced += other.unpriced;
        for (std::size_t d = 0; d < dimensions; ++d) {
            over_in[d] += other.over_in[d];
            unknown_in[d] += other.unknown_in[d];
        }
        cost += other.cost;
        surplus = surplus || other.surplus;
    }
};

/// Classes, as indices, that one is chosen from: regret is against the best of them, and so is the choice.
using Choices = std::vector<std::size_t>;

/// Of all classes at one moment; `best` is the sum of what the best choice of each world costs there.
struct Tallies {
    std::vector<Tally> classes;
    double best = 0;

    void add(const Tallies& other) {
        for (std::size_t k = 0; k < classes.size(); ++k) classes[k].add(other.classes[k]);
    }
};

}  // namespace poolfit::plan
