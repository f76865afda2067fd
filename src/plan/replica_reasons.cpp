#include "replica_reasons.hpp"

#include <poolfit/platform/platform.hpp>

#include "load_reasons.hpp"

namespace poolfit::plan {
namespace {

Reason of_connections(Reason::Kind kind, const Interval<Connections>& then, const Interval<Connections>& today,
                      Connections limit) {
    Reason reason = condition(kind, Dimension::replica);
    reason.check.measure = Measure::connections;
    reason.check.value = Interval<double>{static_cast<double>(then.low.value), static_cast<double>(then.high.value)};
    reason.check.limit = static_cast<double>(limit.value);
    reason.need = today;
    return reason;
}

/// Another instance of its replica chain has the default of today's class.
std::optional<Reason> relied_on(const ClassQuestion& q, const Offer& offer) {
    const Chained* chained = q.market.chained(q.database);
    if (chained == nullptr || !chained->relied_by || !offer.max_expected) return std::nullopt;
    const InstanceClass& type = *q.fleet.databases[q.database].type;
    const Interval<Connections>& today = *q.market.offer(q.database, type).max_expected;
    const Interval<Connections>& then = *offer.max_expected;
    if (then.low >= today.low) return std::nullopt;
    Reason reason = of_connections(Reason::Kind::chain, then, today, today.low);
    reason.from = *chained->relied_by;
    return reason;
}

/// The class would be the largest of its replica chain, and its primary has the default: more than a replica has that
/// was set by hand.
std::optional<Reason> raises_default(const ClassQuestion& q, const Offer& offer) {
    const Chained* chained = q.market.chained(q.database);
    if (chained == nullptr || !chained->lowest_set || !offer.max_expected) return std::nullopt;
    const Connections set = **q.fleet.databases[*chained->lowest_set].max_connections;
    if (offer.max_expected->high <= chained->most || offer.max_expected->high <= set) return std::nullopt;
    Reason reason = of_connections(Reason::Kind::standby, *offer.max_expected, Interval<Connections>(set), set);
    reason.from = *chained->lowest_set;
    return reason;
}

/// A replica of a server that the inventory does not have: today's limit is enough for that one.
std::optional<Reason> unlisted_primary(const ClassQuestion& q, const Limits& own) {
    const Database& database = q.fleet.databases[q.database];
    const auto& lag = database.observed.replica_lag;
    if (database.replica_of || !lag || lag->value.high.value <= 0 || !database.platform->standby_needs_limit ||
        takes_primarys(database) || !own.known)
        return std::nullopt;
    const Limits today = assess::limits(q.fleet, q.market, q.database, q.market.offer(q.database, *database.type), {});
    if (!today.known) return std::nullopt;
    const Interval<Connections> then = assess::max_connections(database, own);
    const Interval<Connections> need = assess::max_connections(database, today);
    if (then.low >= need.high) return std::nullopt;
    return of_connections(Reason::Kind::replica, then, need, need.high);
}

}  // namespace

bool takes_primarys(const Database& replica) { return replica.platform->limit.of_chain && !replica.max_connections; }

std::optional<Reason> other_replicas(const ClassQuestion& question, const Offer& offer, const Limits& own) {
    if (const auto reason = relied_on(question, offer)) return reason;
    if (const auto reason = raises_default(question, offer)) return reason;
    return unlisted_primary(question, own);
}

}  // namespace poolfit::plan
