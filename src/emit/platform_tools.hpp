// What the files of several kinds ask of a platform's tools.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/emit/emit.hpp>
#include <poolfit/platform/tools.hpp>

namespace poolfit::emit {

/// The databases that are asked for, in the inventory's order.
std::vector<Index> databases_of(const Request& request);

const CommandLine* command_line_of(const Database& database);
const Terraform* terraform_of(const Database& database);
const CloudFormation* cloudformation_of(const Database& database);
const Metrics* metrics_of(const Database& database);

/// Does the request ask for a strategy that the plan does not recommend? Phases, limits and checks of the plan are not
/// its own then, and there are no files.
bool refuses_strategy(const Request& request, Emission& emission);

/// What the plan sets of a volume.
struct VolumeChange {
    std::string_view kind;  ///< as the provider's API writes it; empty: it stays
    std::optional<std::string> gib, iops, mibps;
    bool drops_iops = false, drops_mibps = false;  ///< what is provisioned today and would not be any more
};
/// Nothing where the plan leaves the volume as it is.
std::optional<VolumeChange> volume_change(const Request& request, Index database);

/// A whole number without a mark between thousands.
std::string digits(double value);
/// A number for a machine: no mark between thousands, no exponent, up to four decimals.
std::string number(double value);

/// A limit in the metric's own unit. `share` is of all vCPUs.
double cpu_in(const Metric& metric, double share);
/// A server of `total` memory that is to keep `free`: the limit in the metric's own unit.
double memory_in(const Metric& metric, Bytes free, Bytes total);
/// Is less of the metric worse?
bool falls(const Metric& metric);

/// What is to stay free on the recommended class, as its checks have it; nothing where none is judged.
std::optional<Bytes> free_memory(const DatabasePlan& plan);

}  // namespace poolfit::emit
