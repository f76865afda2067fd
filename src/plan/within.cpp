#include "within.hpp"

#include <poolfit/assess/holding.hpp>
#include <poolfit/model/holding.hpp>

namespace poolfit::plan {

Within within_process(const Fleet& fleet, Index index, const PoolSize& today, const assess::Term& size, Recorder r) {
    const std::optional<Connections> now = today ? std::optional(today->value) : std::nullopt;
    const model::Holding holding = model::holding(fleet, fleet.pools[index], now);
    if (holding.ceiling && size.value.high > static_cast<double>(holding.ceiling->value)) {
        const bool as_today = holding.ceiling != model::most_by_runtime(fleet, fleet.pools[index]);
        return {assess::least(size, as_today ? r(*today) : r(assess::can_hold(fleet, index, r))), Held::at_most};
    }
    if (size.value.high < static_cast<double>(holding.floor.value))
        return {assess::most(size, r(assess::has_to_hold(fleet, index, today, r))), Held::at_least};
    return {size, Held::no};
}

std::optional<Connections> one_for_each(const Fleet& fleet, const Pool& pool, Connections size) {
    const auto most = model::most_by_runtime(fleet, pool);
    if (!most || size < *most || model::holding(fleet, pool, size).ceiling != most) return std::nullopt;
    return most;
}

Remark remark_of(Held held) {
    switch (held) {
        case Held::at_most:
            return {Note::capped_by_runtime};
        case Held::at_least:
            return {Note::raised_by_runtime};
        case Held::no:
            break;
    }
    return {};
}

}  // namespace poolfit::plan
