// What a provider's commitments cover: normalized units of reserved instances, and the classes of savings plans.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include <poolfit/model/catalog.hpp>

namespace poolfit {

struct Platform;

struct CommitmentTerms {
    struct Size {
        std::string_view name;
        double units;  ///< an hour
    };
    std::span<const Size> sizes;  ///< of one instance; of "4xlarge", four times those of "xlarge"
    int standby_factor;           ///< units of an instance with a standby, in those of one without
    std::string_view units_source;
    std::string_view plan;           ///< "Database Savings Plan"
    int plan_generation;             ///< a savings plan covers classes from this one on, and serverless capacity
    std::string_view plan_source;    ///< of that
    std::string_view rates_command;  ///< what fetches its rates in "{region}"
};

namespace platform {

/// Normalized units an hour of one instance of the class, without a standby; nothing where it has none.
std::optional<double> normalized_units(const Platform& platform, const InstanceClass& cls);
/// Can a savings plan cover it?
bool plan_covers(const Platform& platform, const InstanceClass& cls);

}  // namespace platform
}  // namespace poolfit
