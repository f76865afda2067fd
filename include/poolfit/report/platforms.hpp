// What the catalog knows of each platform, as `catalog platforms` has it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit {

/// Of one row of the platforms. All of it is counted in the catalog's rows, with the user's on top.
struct KnownPlatform {
    const Platform* platform = nullptr;
    std::size_t classes = 0;

    /// Where a database's max_connections comes from if it gives none.
    enum class Limit : std::uint8_t {
        unknown,      ///< a database has to give it
        engine,       ///< the engine's own default, whatever the memory
        formula,      ///< of the class's memory
        by_class,     ///< listed
        by_memory,    ///< listed in bands of memory
        by_capacity,  ///< listed, by the range of capacity
    } limit = Limit::unknown;
    /// Slots kept from applications, from the least to the most that any version keeps.
    Interval<Connections> reserved;

    std::size_t regions = 0;  ///< with a price on demand
    std::string newest;       ///< date of the newest of them; empty where there is none

    /// What a load beyond the baseline does on burstable classes; nothing where there are none.
    std::optional<Overrun> burst;

    std::size_t series = 0;           ///< with dates of their life cycle
    std::size_t support_regions = 0;  ///< with a price of Extended Support; 0 where it is not charged, too
    bool charged = false;             ///< is Extended Support charged at all?

    std::size_t volume_kinds = 0;     ///< of storage that an inventory may name; 0 where poolfit judges none
    std::size_t storage_regions = 0;  ///< with a price of any of them
};

namespace report {

/// In the order in which platforms are listed.
std::vector<KnownPlatform> known_platforms(const Catalog& catalog);

}  // namespace report
}  // namespace poolfit
