// The worlds of one database: what is drawn, and from which law.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <poolfit/plan/worlds.hpp>

namespace poolfit::plan {

class WorldDraws {
public:
    WorldDraws(const Fleet& fleet, const Plan& plan, Index database, std::uint64_t seed);

    /// Room for a world.
    World empty() const;
    /// The world with this number, whatever others were drawn before it: what is drawn for a name depends on seed,
    /// name and number alone, so neither threads nor the order of the inventory matter.
    void draw(std::uint64_t number, World& world) const;
    /// Is there growth? Then the same world, with the load that it has after it.
    bool grows() const { return growth_.has_value(); }
    void grow(std::uint64_t number, World& world) const;

    /// What there is to draw, for `moves`: kinds of moves to the classes that are judged.
    std::vector<Worlds::Draw> all(const std::vector<CpuMove>& moves) const;

private:
    void draw_load(std::uint64_t number, World::Load& load) const;
    void add_measured(Index database, std::vector<Worlds::Draw>& all) const;
    void add_workloads(std::vector<Worlds::Draw>& all) const;
    void add_memory(std::vector<Worlds::Draw>& all) const;

    const Fleet& fleet_;
    const Plan& plan_;
    Index database_;
    std::uint64_t seed_;
    std::vector<Index> servers_;    ///< the database, and those whose load may come to it
    std::vector<Index> pools_;      ///< that say how much CPU they take, if a range or growth is in what they say
    std::optional<double> growth_;  ///< a month
};

}  // namespace poolfit::plan
