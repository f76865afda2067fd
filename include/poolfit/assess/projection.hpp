// What a database's load would be on a class: connections, CPU, credits, memory, disk and network, each
// with its value, its limit and whether it is inside. Facts only; which class to take is `plan`'s.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <poolfit/assess/budget.hpp>
#include <poolfit/assess/figure.hpp>
#include <poolfit/catalog/catalog.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit {

enum class Dimension : std::uint8_t {
    connections_steady,
    connections_deploy,
    connections_failover,
    cpu_peak,
    cpu_mean,
    credits,
    memory,
    freeable_memory,
    ebs_throughput,
    iops,
    network,
    // Not load but conditions of a candidate:
    engine,
    region,
    price,
    policy,
    replica,
    cpu_demand,  ///< of the workloads
};

enum class Standing : std::uint8_t {
    inside,
    over,
    unknown,   ///< an input is missing, and the class is smaller than today's: can't be judged
    no_worse,  ///< an input is missing, but the class has at least what today's has
};

struct Check {
    Dimension dimension{};
    Standing standing = Standing::inside;
    std::optional<Interval<double>> value;  ///< in `measure`; the pessimistic end is judged
    std::optional<double> limit;
    Measure measure = Measure::count;
    double share = 0;     ///< pessimistic value ÷ limit (a floor: limit ÷ value): 1 is at the limit
    bool caveat = false;  ///< inside, but a reader has to know `text` (the mean is not given, say)
    std::string text;     ///< "memory 3.2 of 4 GiB": one line that stands alone
    std::string missing;  ///< key of the missing input, where unknown: "observed.cpu_peak"
    FigureId figure = 0;
};

/// A burstable class's credits at the mean load.
struct Credits {
    Figure<Fraction> baseline;
    Figure<double> earned_per_hour;
    Figure<Interval<double>> burned_per_hour;  ///< where the mean is not given: up to the peak
    bool mean_known = false;
    bool lives_on_credits = false;                    ///< pessimistic mean over the baseline
    std::optional<Figure<double>> hours_to_empty;     ///< from full, at the pessimistic mean
    std::optional<Figure<MicroUsdPerMonth>> surplus;  ///< a month at the pessimistic mean
};

/// One database on one class.
struct Projection {
    const InstanceClass* cls = nullptr;
    Limits limits;
    std::optional<Price> price;
    std::optional<Figure<MicroUsdPerMonth>> cost;  ///< price, by the term asked for
    std::optional<Figure<Interval<Fraction>>> cpu_mean;
    std::optional<Figure<Interval<Fraction>>> cpu_peak;
    std::optional<Figure<Interval<Bytes>>> memory_used;
    std::optional<Figure<Interval<Bytes>>> freeable;
    std::optional<Figure<Fraction>> utilization;  ///< connections, after the plan
    std::optional<Credits> credits;
    std::vector<Check> checks;  ///< in order of Dimension

    const Check* find(Dimension dimension) const;
};

namespace assess {

/// Memory of one open connection: private memory of a backend, fresh to after catalog-heavy queries,
/// measured on PostgreSQL 15 (docs/design.md, "Memory").
inline constexpr Interval<Bytes> memory_per_connection{Bytes(1306 * 1024), Bytes(3947 * 1024)};

/// The price of a class for a database: the inventory's own before the catalog's.
struct Cost {
    std::optional<Price> price;
    std::optional<Figure<MicroUsdPerMonth>> figure;
};
Cost cost(const Fleet& fleet, const Catalog& catalog, const Database& database, const InstanceClass& cls,
          PriceTerm term, Ledger& ledger);

/// `now` is today's demand (connections open today), `after` the demand to carry.
Projection project(const Fleet& fleet, const Catalog& catalog, Index database, const InstanceClass& cls, PriceTerm term,
                   const DatabaseDemand& now, const DatabaseDemand& after, Ledger& ledger);

std::string_view name(Dimension dimension);

}  // namespace assess
}  // namespace poolfit
