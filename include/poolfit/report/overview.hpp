// The databases of a report in the order to read them, and what their verdicts add up to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <poolfit/plan/plan.hpp>

namespace poolfit {

/// From so many databases on, a text opens with a line for each.
inline constexpr std::size_t fleet_from = 6;

/// What databases are sorted by; equals stay in the order of the inventory.
enum class Order : std::uint8_t {
    action,       ///< what needs action first (over, upsize, resize and repool, unknown, keep), then the largest saving
    saving,       ///< the largest first; what costs more, then what has no price, last
    risk,         ///< high first
    connections,  ///< the largest share of what is usable today first
    name,
};

struct Overview {
    bool asked = false;            ///< an order or a number of databases was asked for
    std::vector<Index> databases;  ///< sorted; as many as were asked for
    std::size_t left_out = 0;      ///< others, which `databases` would go on with
    struct OfVerdict {
        Verdict verdict{};
        std::size_t databases = 0;
        /// A month, of those whose cost is known today and after; `priced` of them.
        std::size_t priced = 0;
        std::size_t own = 0;  ///< with a price that is a range: serverless
        MicroUsdPerMonth now{}, after{};
    };
    std::vector<OfVerdict>
        verdicts;                   ///< those that occur, of all databases that are shown, as Order::action sorts them
    std::vector<Index> by_maximum;  ///< of all that are shown: a single maximum of the CPU decides for a dearer class
};

struct Report;

namespace report {

/// What pools can open today, and what was seen beside that; nothing where a pool has no limit, or nothing is listed or
/// seen.
std::optional<Connections> connections_today(const Report& report, Index database);

Overview overview(const Report& report, Order order, std::optional<std::size_t> top = {});

}  // namespace report
}  // namespace poolfit
