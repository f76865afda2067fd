#include <poolfit/assess/pinned.hpp>

#include <algorithm>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/session_needs.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit::assess {
namespace {

Pinned by_need(const Pool& pool, const SessionNeed& need, bool prepared_pins) {
    const bool free = pool.driver_default != nullptr && pool.driver_default->pins == DriverDefault::Known::no;
    switch (need.kind) {
        case SessionNeed::Kind::listen:
        case SessionNeed::Kind::session:
            return Pinned::yes;
        case SessionNeed::Kind::prepared:
            // In the protocol, as drivers prepare, or by SQL's PREPARE, which pins on every engine.
            return prepared_pins ? Pinned::yes : free ? Pinned::no : Pinned::may;
        case SessionNeed::Kind::driver:
            break;
    }
    return free && !prepared_pins ? Pinned::no : Pinned::may;
}

}  // namespace

Pinned pinned(const Fleet& fleet, const Pool& pool) {
    if (!pool.pooler || fleet.poolers[*pool.pooler].kind != Pooler::Kind::proxy) return Pinned::no;
    const bool prepared_pins = fleet.databases[fleet.poolers[*pool.pooler].database].platform->prepared_pins;
    Pinned most = Pinned::no;
    for (const SessionNeed& need : model::session_needs(pool))
        most = std::max(most, by_need(pool, need, prepared_pins));
    return most;
}

}  // namespace poolfit::assess
