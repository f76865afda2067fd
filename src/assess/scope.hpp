// One database looked at on one class: what the projections share.
#pragma once

#include <string>

#include <fmt/format.h>

#include <poolfit/assess/projection.hpp>

#include "names.hpp"

namespace poolfit::assess {

struct Scope {
    const Fleet& fleet;
    const Catalog& catalog;
    const Database& database;
    const InstanceClass& now;  ///< today's class
    const InstanceClass& cls;  ///< the class looked at
    Ledger& ledger;

    bool same() const { return &now == &cls; }
    /// "database.primary" for today's class, "database.primary.on.db.t3.large" for another.
    std::string name(std::string_view figure) const {
        const std::string base = database_name(database);
        return same() ? fmt::format("{}.{}", base, figure) : fmt::format("{}.on.{}.{}", base, cls.name, figure);
    }
    std::string today(std::string_view figure) const { return fmt::format("{}.{}", database_name(database), figure); }
    /// The standing of a class whose load is not known.
    static Standing unknown(bool at_least_today) { return at_least_today ? Standing::no_worse : Standing::unknown; }
};

/// A hair above a limit is rounding, not load.
inline bool over(double value, double limit) { return value > limit * (1 + 1e-9) + 1e-12; }

void project_cpu(const Scope& scope, Projection& projection);
void project_memory(const Scope& scope, const DatabaseDemand& now, const DatabaseDemand& after, Projection& projection);
void project_throughput(const Scope& scope, Projection& projection);

}  // namespace poolfit::assess
