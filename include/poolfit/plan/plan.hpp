// Advice: pool sizes, and the cheapest class that passes every limit, with what was rejected and why.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <poolfit/assess/budget.hpp>
#include <poolfit/assess/figure.hpp>
#include <poolfit/assess/projection.hpp>
#include <poolfit/catalog/catalog.hpp>
#include <poolfit/model/fleet.hpp>
#include <poolfit/plan/workload.hpp>

namespace poolfit {

/// What a recommended pool size stands on.
enum class Basis : std::uint8_t {
    workload,        ///< P(wait > policy.wait) <= policy.wait_probability
    observed,        ///< max(⌈buffer × typical use⌉, peak use + 1)
    formula,         ///< the inventory's own formula
    declared,        ///< the inventory's number: nothing known says otherwise
    driver_default,  ///< neither set nor measured
    unlimited,       ///< no limit, and nothing known to set one by
};

struct PoolAdvice {
    PoolSize size;  ///< recommended, per process; nothing for Basis::unlimited
    Basis basis = Basis::declared;
    std::string reason;
};

enum class Verdict : std::uint8_t { resize, repool, upsize, keep, unknown };
enum class Risk : std::uint8_t { low, medium, high };

/// Why a class may not be taken.
struct Reason {
    Dimension dimension{};
    std::optional<Interval<double>> value;
    std::optional<double> limit;
    Measure measure = Measure::count;
    std::string text;
    bool blocking = true;  ///< false: a caveat of a class that fits
};

struct Candidate {
    const InstanceClass* cls = nullptr;
    bool fits = false;
    bool fits_but_for_policy = false;           ///< only `allow_arm`, `allow_burstable`, allow or deny stand against it
    std::optional<MicroUsdPerMonth> cost;       ///< price
    std::optional<MicroUsdPerMonth> ranked_by;  ///< price + surplus credits at the pessimistic mean
    std::vector<Reason> reasons;
    std::optional<Projection> projection;  ///< where engine and region have the class
};

struct Recommendation {
    Verdict verdict = Verdict::unknown;
    const InstanceClass* cls = nullptr;                      ///< the class to be on; today's for keep and repool
    std::optional<Figure<MicroUsdPerMonth>> cost;            ///< of that class
    std::optional<Figure<MicroUsdPerMonth>> saves;           ///< a month; negative when it costs more
    std::optional<Figure<MicroUsdPerMonth>> saves_per_year;  ///< micro-USD a year
    Risk risk = Risk::low;
    std::vector<std::string> risk_reasons;
    std::optional<Dimension> binding;  ///< nearest to its limit on that class, after the plan
    std::optional<Dimension> next_binding;
    std::vector<std::string> missing;  ///< inputs that the verdict `unknown` lacks
    std::string summary;               ///< one line: why this verdict
    std::size_t candidate = 0;         ///< index of `cls` in candidates
};

struct DatabasePlan {
    Budget budget;                      ///< today
    DatabaseDemand after;               ///< with the recommended pools
    Projection now;                     ///< today's class with today's pools
    std::vector<Candidate> candidates;  ///< every class of the catalog; priced first, by price, then by name
    Recommendation recommendation;
};

struct Totals {
    std::optional<Figure<MicroUsdPerMonth>> now, after, saves, saves_per_year;  ///< nothing where a price is missing
};

struct Plan {
    PriceTerm term = PriceTerm::list;
    std::vector<PoolSize> sizes;  ///< today, as Fleet::pools
    std::vector<PoolAdvice> pools;
    std::vector<std::optional<PoolLoad>> loads;  ///< as Fleet::pools
    std::vector<std::optional<DatabaseLoad>> database_loads;
    std::vector<PoolSize> sizes_by_vcpus;
    std::vector<PoolUse> use;
    Demand now, after;
    std::vector<DatabasePlan> databases;  ///< as Fleet::databases
    Totals totals;
    Ledger ledger;
};

namespace plan {

/// A size for every pool: by its workload, from observed use, from its formula, from its driver's default.
std::vector<PoolAdvice> size_pools(const Fleet& fleet, const std::vector<PoolSize>& declared,
                                   const std::vector<std::optional<PoolLoad>>& loads, Ledger& ledger);

/// The whole answer. Total: any checked fleet has one. Every database is planned, since a replica depends on
/// its primary; the totals count those in `counted` (indices, ascending).
Plan make(const Fleet& fleet, const Catalog& catalog, PriceTerm term, const std::vector<Index>& counted);

std::string_view name(Verdict verdict);
std::string_view name(Risk risk);
std::string_view name(Basis basis);

}  // namespace plan
}  // namespace poolfit
