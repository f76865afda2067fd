// What the rules about a database's volume share.
#pragma once

#include <string>
#include <vector>

#include <poolfit/lint/rule.hpp>

namespace poolfit::lint {

/// Of a database that the plan keeps, and whose volume is given; null for another.
const StorageUse* kept_storage(const Plan& plan, Index database);

/// What `find(index, database, use, advice)` makes of each database that the plan keeps, with advice of the kind on
/// its volume.
template <class Find>
std::vector<Finding> of_advice(const LintInput& input, StorageAdvice::Kind kind, const Find& find) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const StorageUse* use = kept_storage(input.plan, i);
        if (use != nullptr && use->advice && use->advice->kind == kind)
            findings.push_back(find(i, input.fleet.databases[i], *use, *use->advice));
    }
    return findings;
}

/// Of the key that is there: iops, type, or the table.
Place storage_place(const Storage& storage, bool iops_first);
/// "3,000", whole.
std::string iops_text(double iops);
std::string money_text(const Interval<MicroUsdPerMonth>& money);  ///< "$57.50/mo", "$40.00–$57.50/mo"
std::string requests_text(const Interval<double>& requests);      ///< "850 million"
/// Of another kind, where the throughput was not observed: up to which it holds, and what to measure.
std::string not_seen_text(const StorageAdvice& advice);
/// `type = "gp3"`, and the IOPS to provision or to remove.
std::string storage_fix(const StorageUse& use);

}  // namespace poolfit::lint
